import { Problem, problemFrom } from "./problem";
import { asUnreachable, fetchInSession } from "./session";

export const ROOT = "/api/v1";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

async function send(
  method: Method,
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<Response> {
  const request: RequestInit = { method, credentials: "same-origin" };
  request.headers = { accept: "application/json", ...more };
  if (body !== undefined) {
    request.headers = { ...request.headers, "content-type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const response = await fetchInSession(ROOT + path, request).catch((error: unknown) => {
    throw asUnreachable(error);
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

/** Throws a Problem. */
export async function ask<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  more?: Record<string, string>,
): Promise<Answer> {
  const response = await send(method, path, body, more);
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new Problem(
      "about:blank",
      "The server's answer could not be read",
      response.status,
      "Reload this page.",
    );
  }
}

/** Where no answer is awaited but that it was done. Throws a Problem. */
export async function tell(method: Method, path: string, body?: unknown): Promise<void> {
  await send(method, path, body);
}

/** "?a=1&b=2" of what is set; "" of nothing. */
type Parameter = string | number | null | undefined;

/** Of several values the name is said with each. */
export function query(parameters: Readonly<Record<string, Parameter | readonly string[]>>): string {
  const pairs = Object.entries(parameters).flatMap(([key, given]) =>
    [given].flat().flatMap((value) => (value == null || value === "" ? [] : [[key, String(value)]])),
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
