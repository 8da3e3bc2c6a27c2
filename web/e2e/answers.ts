import type { Page, Route } from "@playwright/test";
import type { Call, JoinView, Me } from "../src/api/types";

/** Made-up answers of the API for the page tests. */

const HOUR_MS = 3_600_000;
export const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

export const LINK = "s3cret-link";

export const me: Me = {
  user_id: "user-1",
  name: "Mara Chen",
  email: "mara@example.com",
  role: "manager",
  title: "",
  time_zone: null,
  organization_id: "organization-1",
  organization_name: "Northwind Cooling",
  local_mode: true,
  device_id: "device-1",
  team_ids: [],
};

/** What an invitee has done: nothing yet. */
export const untouched = { opened_at: null, joined_at: null, prefers_text: false, calendar_answer: null };

export const call = (more: Partial<Call> = {}): Call => ({
  call_id: "call-1",
  title: "Discovery call with Brightside Foods",
  kind: "discovery",
  status: "scheduled",
  starts_at: inHours(0.1),
  time_zone: "Europe/Berlin",
  duration_minutes: 60,
  owner: { user_id: "user-2", name: "Ben Okafor" },
  lead: { lead_id: "lead-1", name: "Ana Lindqvist", company: "Brightside Foods" },
  question_set_id: null,
  started_at: null,
  ended_at: null,
  invitees: [
    {
      invitee_id: "invitee-1",
      name: "Ana Lindqvist",
      email: "ana@example.com",
      time_zone: null,
      join_link: `http://127.0.0.1:4310/join#${LINK}`,
      ...untouched,
    },
  ],
  switches: { recording: true, transcript: true, coaching: true, sentiment: true, mail: true },
  agent_dismissed: false,
  agent_missing_at: null,
  revision: 0,
  most_participants: 10,
  cancelled_at: null,
  cancel_reason: null,
  question_set_version: null,
  participants_present: 0,
  ...more,
});

export const calls: Call[] = [
  call({ status: "live", participants_present: 2 }),
  call({
    call_id: "call-2",
    title: "Follow-up on the Halden & Sons refrigeration tender, second round with the purchasing board",
    starts_at: inHours(26),
    duration_minutes: 45,
    invitees: ["Olga Petrenko", "Per Halden"].map((name, n) => ({
      invitee_id: `invitee-${n + 2}`,
      name,
      email: null,
      time_zone: null,
      join_link: `http://127.0.0.1:4310/join#other-${n}`,
      ...untouched,
    })),
  }),
  call({ call_id: "call-3", title: "Introduction", status: "ended", starts_at: inHours(-50), lead: null }),
];

export const join = (more: Partial<JoinView> = {}): JoinView => ({
  call_id: "call-1",
  title: "Discovery call with Brightside Foods",
  kind: "discovery",
  status: "scheduled",
  starts_at: inHours(0.1),
  time_zone: "Asia/Tokyo",
  duration_minutes: 60,
  organization_name: "Northwind Cooling",
  owner_name: "Ben Okafor",
  invitee_name: "Ana Lindqvist",
  agent_name: "Parley assistant",
  opens_at: inHours(-0.1),
  now: inHours(0),
  participants_present: 0,
  asks_transcription: true,
  asks_recording: true,
  agent_dismissed: false,
  may_join: true,
  why_not: null,
  consent: null,
  prefers_text: false,
  ...more,
});

export const early = () =>
  join({ may_join: false, why_not: "early", opens_at: inHours(1.3), starts_at: inHours(1.5) });

export const problem = (type: string, title: string, status: number, detail: string, more: object = {}) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: `/problems/${type}`, title, status, detail, ...more }),
});

export const json = (body: unknown, status = 200) => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(body),
});

export const signedOut = problem("not-signed-in", "You are signed out", 401, "Sign in to go on.");

type Answer = Parameters<Route["fulfill"]>[0] | "abort" | "hang";

/** Answers `METHOD /path` under the API; what is not named is 404. */
export async function answer(page: Page, answers: Record<string, Answer>): Promise<void> {
  await page.route("**/api/v1/**", async (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace("/api/v1", "");
    const found = answers[`${request.method()} ${path}`];
    if (found === "abort") return route.abort();
    if (found === "hang") return;
    return route.fulfill(
      found ?? problem("not-found", "This is not here", 404, "There is nothing at this address."),
    );
  });
}
