import { Problem, problemFrom, unreachable } from "./problem";
import type { ReviewView } from "./review";
import type {
  CallEmail,
  MailboxMessage,
  MailboxMessageDetail,
  OrganizationSettings,
  ProviderBody,
  ProviderSettings,
  ProviderTestResult,
  SmtpBody,
  SmtpSettings,
  TestResult,
} from "./settings";
import type {
  Call,
  CallFilter,
  Colleague,
  Consent,
  CoverageItem,
  Demo,
  JoinView,
  KeptNudge,
  Lead,
  LeadChange,
  LeadDetail,
  LeadFilter,
  Me,
  NewCall,
  NewLead,
  NudgeResponse,
  Page,
  QuestionSet,
  QuestionSetBody,
  RoomAccess,
  Segment,
} from "./types";

const ROOT = "/api/v1";

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
  const response = await fetch(ROOT + path, request).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

async function ask<Answer>(
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

async function tell(method: Method, path: string, body?: unknown): Promise<void> {
  await send(method, path, body);
}

/** "?a=1&b=2" of what is set; "" of nothing. */
export function query(parameters: Readonly<Record<string, string | number | null | undefined>>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value != null && value !== "");
  return pairs.length === 0
    ? ""
    : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

const call = (callId: string) => `/calls/${encodeURIComponent(callId)}`;
const lead = (leadId: string) => `/leads/${encodeURIComponent(leadId)}`;
const questionSet = (setId: string) => `/question-sets/${encodeURIComponent(setId)}`;
const message = (messageId: string) => `/mailbox/${encodeURIComponent(messageId)}`;

interface Slot {
  owner_id: string;
  starts_at: string;
  duration_minutes: number;
}

export const api = {
  me: () => ask<Me>("GET", "/me"),
  signOut: () => tell("DELETE", "/sign-in"),
  demo: () => ask<Demo>("GET", "/demo"),
  demoSignIn: (as: "manager" | "rep") => ask<Me>("POST", "/demo/sign-ins", { as }),
  users: () => ask<Page<Colleague>>("GET", "/users"),

  calls: (filter: CallFilter = {}, cursor: string | null = null) =>
    ask<Page<Call>>("GET", `/calls${query({ ...filter, cursor })}`),
  call: (callId: string) => ask<Call>("GET", call(callId)),
  conflicts: (slot: Slot) => ask<{ items: Call[] }>("GET", `/calls/conflicts${query({ ...slot })}`),
  // The same key is the same booking, however often it is sent.
  book: (booking: NewCall, key: string) => ask<Call>("POST", "/calls", booking, { "idempotency-key": key }),
  enterAsUser: (callId: string) => ask<RoomAccess>("POST", `${call(callId)}/room-tokens`, {}),
  endCall: (callId: string) => tell("PUT", `${call(callId)}/ending`, {}),
  setAgent: (callId: string, present: boolean) => tell("PUT", `${call(callId)}/agent`, { present }),
  eventsUrl: (callId: string, after: number) => `${ROOT}${call(callId)}/events?after=${after}`,
  transcript: (callId: string) => ask<{ items: Segment[] }>("GET", `${call(callId)}/transcript`),
  coverage: (callId: string) => ask<{ items: CoverageItem[] }>("GET", `${call(callId)}/coverage`),
  nudges: (callId: string) => ask<{ items: KeptNudge[] }>("GET", `${call(callId)}/nudges`),
  respond: (callId: string, nudgeId: string, response: NudgeResponse) =>
    tell("PUT", `${call(callId)}/nudges/${encodeURIComponent(nudgeId)}/response`, response),
  review: (callId: string) => ask<ReviewView>("GET", `${call(callId)}/review`),
  reviewAgain: (callId: string) => tell("POST", `${call(callId)}/review/runs`, {}),
  emails: (callId: string) => ask<{ items: CallEmail[] }>("GET", `${call(callId)}/emails`),

  leads: (filter: LeadFilter = {}, cursor: string | null = null) =>
    ask<Page<Lead>>("GET", `/leads${query({ ...filter, cursor })}`),
  lead: (leadId: string) => ask<LeadDetail>("GET", lead(leadId)),
  createLead: (body: NewLead) => ask<Lead>("POST", "/leads", body),
  changeLead: (leadId: string, body: LeadChange) => ask<Lead>("PATCH", lead(leadId), body),

  questionSets: (cursor: string | null = null) =>
    ask<Page<QuestionSet>>("GET", `/question-sets${query({ cursor })}`),
  questionSet: (setId: string) => ask<QuestionSet>("GET", questionSet(setId)),
  createQuestionSet: ({ title, questions }: QuestionSetBody) =>
    ask<QuestionSet>("POST", "/question-sets", {
      title,
      questions: questions.map(({ text, type, options }) => ({ text, type, options })),
    }),
  replaceQuestionSet: (setId: string, body: QuestionSetBody) =>
    ask<QuestionSet>("PUT", questionSet(setId), body),
  archiveQuestionSet: (setId: string) => tell("DELETE", questionSet(setId)),

  organization: () => ask<OrganizationSettings>("GET", "/settings/organization"),
  setOrganization: (body: OrganizationSettings) =>
    ask<OrganizationSettings>("PUT", "/settings/organization", body),
  smtp: () => ask<SmtpSettings>("GET", "/settings/smtp"),
  /** `{}` goes back to the installation's server. */
  setSmtp: (body: SmtpBody | Record<string, never>) => ask<SmtpSettings>("PUT", "/settings/smtp", body),
  testSmtp: () => ask<TestResult>("POST", "/settings/smtp/tests", {}),
  providers: () => ask<ProviderSettings>("GET", "/settings/providers"),
  setProviders: (body: ProviderBody) => ask<ProviderSettings>("PUT", "/settings/providers", body),
  testProvider: (part: "speech_to_text" | "language_model") =>
    ask<ProviderTestResult>("POST", "/settings/providers/tests", { part }),

  mailbox: (search = "", cursor: string | null = null) =>
    ask<Page<MailboxMessage>>("GET", `/mailbox${query({ search, cursor })}`),
  message: (messageId: string) => ask<MailboxMessageDetail>("GET", message(messageId)),
  attachmentUrl: (messageId: string, number: number) => `${ROOT}${message(messageId)}/attachments/${number}`,

  // A guest's link travels in the body only: addresses end up in logs.
  join: (link: string) => ask<JoinView>("POST", "/joins", { link }),
  enterAsGuest: (link: string, name: string, consent: Consent) =>
    ask<RoomAccess>("POST", "/joins/room-tokens", { link, name, ...consent }),
  changeConsent: (link: string, consent: Consent) => tell("PUT", "/joins/consent", { link, ...consent }),
  write: (link: string, text: string) => tell("POST", "/joins/messages", { link, text }),
};
