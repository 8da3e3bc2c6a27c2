import { asProblem, Problem } from "./problem";

interface Complaint {
  /** Where in the request: `/body/invitees/0/email`, `/path/call_id`. */
  pointer: string;
  detail: string;
}

function complaints(error: unknown): Complaint[] {
  if (!(error instanceof Problem) || !Array.isArray(error.more.errors)) return [];
  return (error.more.errors as unknown[]).filter(
    (one): one is Complaint =>
      typeof one === "object" &&
      one !== null &&
      "pointer" in one &&
      "detail" in one &&
      typeof one.pointer === "string" &&
      typeof one.detail === "string",
  );
}

/**
 * The complaints of a refused form by field: `/body/invitees/0/email` becomes `invitees.0.email`.
 * Those that belong to no field of the form are left to the problem's own words.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { pointer, detail } of complaints(error)) {
    if (pointer.startsWith("/body/")) found[pointer.slice("/body/".length).replaceAll("/", ".")] ??= detail;
  }
  return found;
}

/** A refusal in words for whoever asked: of a form what is wrong with it; anything else as it is. */
export function formProblem(error: unknown): Problem {
  const problem = asProblem(error);
  const found = complaints(error);
  const details = [...new Set(found.map(({ detail }) => detail))].join(" ");
  if (details === "") return problem;
  const { type, status, more } = problem;
  const isForm = found.some(({ pointer }) => pointer.startsWith("/body/"));
  return isForm
    ? new Problem(
        type,
        "Something here needs to be changed",
        status,
        `${details} What you entered is kept.`,
        more,
      )
    : new Problem(type, "This cannot be done now", status, details, more);
}
