/** A refusal in words for people (RFC 9457). `type` is what the page acts on, `title` and `detail` are shown. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly type: string,
    readonly title: string,
    readonly status: number,
    readonly detail: string,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(title);
  }
}

export const UNREACHABLE = "/problems/unreachable";

const TITLES: Record<number, string> = {
  401: "You are signed out",
  403: "This is not yours to open",
  404: "This is not here",
  429: "That was too often",
};

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Reads what the server said; never throws, so that a broken answer still becomes words. */
export async function problemFrom(response: Response): Promise<Problem> {
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const { type, title, detail, status: _, ...more } = said;
  return new Problem(
    text(type) ?? "about:blank",
    text(title) ?? TITLES[response.status] ?? "The server could not do that",
    response.status,
    text(detail) ?? "Try again in a moment. Nothing you entered is lost.",
    more,
  );
}

export function unreachable(): Problem {
  return new Problem(
    UNREACHABLE,
    "The server cannot be reached",
    0,
    "Check your connection and try again. Nothing is lost.",
  );
}

/** Anything thrown, as something that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(
    "about:blank",
    "Something went wrong",
    0,
    "Try again. If it happens again, reload this page.",
  );
}

export function isProblem(error: unknown, type: string): error is Problem {
  return error instanceof Problem && error.type === type;
}
