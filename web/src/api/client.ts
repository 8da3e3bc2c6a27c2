import { Problem, problemFrom, unreachable } from "./problem";
import type { Call, Consent, Demo, JoinView, Me, Page, RoomAccess } from "./types";

const ROOT = "/api/v1";

type Method = "GET" | "POST" | "PUT" | "DELETE";

async function send(method: Method, path: string, body?: unknown): Promise<Response> {
  const request: RequestInit = {
    method,
    credentials: "same-origin",
    headers: { accept: "application/json" },
  };
  if (body !== undefined) {
    request.headers = { ...request.headers, "content-type": "application/json" };
    request.body = JSON.stringify(body);
  }
  const response = await fetch(ROOT + path, request).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

async function ask<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  const response = await send(method, path, body);
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

async function tell(method: Method, path: string, body?: unknown): Promise<void> {
  await send(method, path, body);
}

const call = (callId: string) => `/calls/${encodeURIComponent(callId)}`;

export const api = {
  me: () => ask<Me>("GET", "/me"),
  signOut: () => tell("DELETE", "/sign-in"),
  demo: () => ask<Demo>("GET", "/demo"),
  demoSignIn: (as: "manager" | "rep") => ask<Me>("POST", "/demo/sign-ins", { as }),
  calls: () => ask<Page<Call>>("GET", "/calls"),
  call: (callId: string) => ask<Call>("GET", call(callId)),
  enterAsUser: (callId: string) => ask<RoomAccess>("POST", `${call(callId)}/room-tokens`, {}),
  endCall: (callId: string) => tell("PUT", `${call(callId)}/ending`, {}),
  eventsUrl: (callId: string, after: number) => `${ROOT}${call(callId)}/events?after=${after}`,

  // A guest's link travels in the body only: addresses end up in logs.
  join: (link: string) => ask<JoinView>("POST", "/joins", { link }),
  enterAsGuest: (link: string, name: string, consent: Consent) =>
    ask<RoomAccess>("POST", "/joins/room-tokens", { link, name, ...consent }),
  changeConsent: (link: string, consent: Consent) => tell("PUT", "/joins/consent", { link, ...consent }),
  write: (link: string, text: string) => tell("POST", "/joins/messages", { link, text }),
};
