/** The audit log, as docs/wire.md says. */

export interface Actor {
  kind: "user" | "guest" | "system";
  id: string | null;
  /** null: the system, or somebody who was erased. */
  name: string | null;
}

export interface Subject {
  kind: string;
  /** A UUID, or a word where there is only one in the organization. */
  id: string;
  name: string | null;
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: Actor;
  action: string;
  subject: Subject;
  /** Ids, roles, counts, yes or no. */
  facts: Record<string, unknown>;
}

/** Instants; the interval is half-open. */
export interface AuditFilter {
  actor_id?: string;
  action?: string;
  from?: string;
  before?: string;
}

export interface Verification {
  ok: boolean;
  entries: number;
  /** null: no head was signed. */
  signed_up_to: number | null;
  /** In words for people. */
  problem: string | null;
  /** Where in the log; null: beside it. */
  at_seq: number | null;
}
