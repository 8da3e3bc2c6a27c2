import type { LeadImport } from "./leads-api";

/** "2 added, 1 changed, 1 line with a problem" */
export function countWords({ added, changed, problems }: LeadImport): string {
  const lines = problems === 1 ? "1 line with a problem" : `${problems} lines with a problem`;
  const words = [`${added} added`, `${changed} changed`, problems > 0 ? lines : ""];
  return words.filter(Boolean).join(", ");
}
