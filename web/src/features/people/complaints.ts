import type { ReactNode } from "react";

/** What the server says against a list as a whole or one of its places: `team_ids`, `members.2.role`. */
export function complaintUnder(errors: Readonly<Record<string, ReactNode>>, field: string): ReactNode {
  const found = Object.keys(errors).find((name) => name === field || name.startsWith(`${field}.`));
  return found === undefined ? null : errors[found];
}
