/** The audit log, by the names these pages use. */

import type * as made from "../../api/generated";

export type { Verification } from "../../api/generated";

export type AuditEntry = made.EntryView;
export type Actor = made.ActorView;
export type Subject = made.SubjectView;

/** All optional; the interval is half-open. */
export type AuditFilter = Omit<NonNullable<made.ListEntriesData["query"]>, "cursor">;
