import { Problem, problemFrom, unreachable } from "./problem";

/**
 * The session of whoever is signed in. The access cookie lives for minutes; when the server says that it is over, it is
 * renewed once, by one tab for all, and the request is sent again. Only a second no means signed out.
 */

const RENEWAL = "/api/v1/sign-in/refreshes";
const DEADLINE_MS = 10_000;
const LOCK = "parley-session";
/** When a tab last renewed the cookies, ms; shared by all tabs. */
const RENEWED_AT = "parley.session_renewed_at";

type Outcome = "renewed" | "signed-out";

const listeners = new Set<() => void>();

/** Calls `listener` whenever the server has said for good that nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** `fetch` for the API. Throws a Problem where the session could be neither renewed nor given up, else what fetch throws. */
export async function fetchInSession(address: string, request: RequestInit): Promise<Response> {
  const sent_at = Date.now();
  const first = await fetch(address, request);
  if (!(await saysSignedOut(first))) return first;
  const isRenewed = (await renew(sent_at)) === "renewed";
  const response = isRenewed ? await fetch(address, request) : first;
  if (!isRenewed || (await saysSignedOut(response))) {
    for (const listener of listeners) listener();
  }
  return response;
}

async function saysSignedOut(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  return (await problemFrom(response.clone())).type === "/problems/not-signed-in";
}

let renewing: Promise<Outcome> | null = null;

/** All requests of this tab wait for the same renewal. */
function renew(sent_at: number): Promise<Outcome> {
  renewing ??= alone(() => renewUnless(sent_at)).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** One tab at a time. Pages over plain http have no locks; the server takes two renewals at once for one. */
function alone(work: () => Promise<Outcome>): Promise<Outcome> {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? locks.request(LOCK, work) : work();
}

async function renewUnless(sent_at: number): Promise<Outcome> {
  const renewed_at = Number(localStorage.getItem(RENEWED_AT));
  // Another tab was first. A time to come is of a clock that was put back, and says nothing.
  if (renewed_at >= sent_at && renewed_at <= Date.now()) return "renewed";
  const response = await fetch(RENEWAL, {
    method: "POST",
    credentials: "same-origin",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: "{}",
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => {
    throw unreachable();
  });
  if (response.ok) {
    localStorage.setItem(RENEWED_AT, String(Date.now()));
    return "renewed";
  }
  if (mayPass(response.status)) throw await problemFrom(response);
  return "signed-out";
}

/** Whether the same may be asked again later: too often, or the server is in trouble. */
export const mayPass = (status: number) => status === 429 || status >= 500;

/** Anything thrown on the way to the server, as a problem. */
export const asUnreachable = (error: unknown) => (error instanceof Problem ? error : unreachable());
