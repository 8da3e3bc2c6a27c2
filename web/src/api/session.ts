import { Problem, problemFrom, unreachable } from "./problem";

/**
 * The session of whoever is signed in. The access cookie lives for five minutes. It is renewed before that while somebody
 * looks, and when the server says that it is over: once, by one tab for all, and the request is sent again. Only a second
 * no means signed out.
 */

const RENEWAL = "/api/v1/sign-in/refreshes";
const DEADLINE_MS = 10_000;
const LOCK = "parley-session";
/** When a tab last renewed the cookies, ms; shared by all tabs. */
const RENEWED_AT = "parley.session_renewed_at";
const RENEW_AFTER_MS = 4 * 60_000;
/** Often enough that a renewal that failed is tried again before the cookie is over. */
const LOOK_EVERY_MS = 20_000;

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

/**
 * Keeps the cookie from running out while the page is looked at: what the browser fetches by itself, a mail's frame or an
 * attachment, is not asked for again after a 401. Returns what ends it.
 */
export function keepRenewed(): () => void {
  const look = async () => {
    // Nobody has asked for anything: that nobody is signed in is told to whoever asks next.
    if ((await renewInTime()) === "signed-out") stop();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
  void look();
  return stop;
}

/** null: not yet, or not now. */
async function renewInTime(): Promise<Outcome | null> {
  const since = Date.now() - RENEW_AFTER_MS;
  if (document.visibilityState === "hidden" || isRenewedSince(since)) return null;
  return renew(since).catch(() => null);
}

async function saysSignedOut(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  return (await problemFrom(response.clone())).type === "/problems/not-signed-in";
}

let renewing: Promise<Outcome> | null = null;

/** All requests of this tab wait for the same renewal. */
function renew(since: number): Promise<Outcome> {
  renewing ??= alone(() => renewUnlessSince(since)).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** One tab at a time. Pages over plain http have no locks; the server takes two renewals at once for one. */
function alone(work: () => Promise<Outcome>): Promise<Outcome> {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? locks.request(LOCK, work) : work();
}

/** By any tab. A time to come is of a clock that was put back, and says nothing. */
function isRenewedSince(since: number): boolean {
  const renewed_at = Number(localStorage.getItem(RENEWED_AT));
  return renewed_at >= since && renewed_at <= Date.now();
}

async function renewUnlessSince(since: number): Promise<Outcome> {
  if (isRenewedSince(since)) return "renewed"; // another tab was first
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
