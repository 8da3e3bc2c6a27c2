import { asProblem, Problem } from "./problem";

/**
 * The complaints of a refused form by field: `/body/invitees/0/email` becomes `invitees.0.email`.
 * Those that belong to no field of the form are left to the problem's own words.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem) || !Array.isArray(error.more.errors)) return {};
  const found: Record<string, string> = {};
  for (const one of error.more.errors as unknown[]) {
    if (typeof one !== "object" || one === null || !("pointer" in one) || !("detail" in one)) continue;
    const { pointer, detail } = one;
    if (typeof pointer !== "string" || typeof detail !== "string" || !pointer.startsWith("/body/")) continue;
    found[pointer.slice("/body/".length).replaceAll("/", ".")] ??= detail;
  }
  return found;
}

/** A refused form in words for whoever filled it in; anything else as it is. */
export function formProblem(error: unknown): Problem {
  const problem = asProblem(error);
  const details = [...new Set(Object.values(fieldErrors(error)))];
  if (details.length === 0) return problem;
  const detail = `${details.join(" ")} What you entered is kept.`;
  return new Problem(
    problem.type,
    "Something here needs to be changed",
    problem.status,
    detail,
    problem.more,
  );
}
