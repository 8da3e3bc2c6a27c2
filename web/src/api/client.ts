import type { DemoPerson, LinkUse, LinkView, MeChange, User, WaysIn } from "./identity";
import { ask, query, ROOT, tell } from "./request";
import type { ReviewView } from "./review";
import type {
  CallEmail,
  MailboxMessage,
  MailboxMessageDetail,
  OrganizationSettings,
  ProviderBody,
  ProviderSettings,
  ProviderTestResult,
} from "./settings";
import type {
  Call,
  CallFilter,
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
  Waiting,
} from "./types";

const call = (callId: string) => `/calls/${encodeURIComponent(callId)}`;
const lead = (leadId: string) => `/leads/${encodeURIComponent(leadId)}`;
const questionSet = (setId: string) => `/question-sets/${encodeURIComponent(setId)}`;
const message = (messageId: string) => `/mailbox/${encodeURIComponent(messageId)}`;

export { ask, query, tell };

export interface Slot {
  owner_id: string;
  starts_at: string;
  duration_minutes: number;
  /** Addresses of guests. */
  email: readonly string[];
  /** A call to leave out: it is moved itself. */
  moved: string | null;
}

export const api = {
  waysIn: () => ask<WaysIn>("GET", "/sign-in"),
  sendSignInLink: (email: string, next: string) => tell("POST", "/sign-in/links", { email, next }),
  // A link travels in the body only: addresses end up in logs.
  viewSignInLink: (link: string) => ask<LinkView>("POST", "/sign-in/link-views", { link }),
  signInByLink: (use: LinkUse) => ask<Me>("POST", "/sign-in/link-uses", use),
  googleUrl: (next: string) => `${ROOT}/sign-in/google${query({ next })}`,
  demo: () => ask<Demo>("GET", "/demo"),
  demoSignIn: (as: DemoPerson) => ask<Me>("POST", "/demo/sign-ins", { as }),
  signOut: () => tell("DELETE", "/sign-in"),

  me: () => ask<Me>("GET", "/me"),
  changeMe: (change: MeChange) => ask<Me>("PATCH", "/me", change),

  users: () => ask<Page<User>>("GET", "/users"),
  owners: () => ask<Page<User>>("GET", "/users?as_owner=true"),

  calls: (filter: CallFilter = {}, cursor: string | null = null) =>
    ask<Page<Call>>("GET", `/calls${query({ ...filter, cursor })}`),
  call: (callId: string) => ask<Call>("GET", call(callId)),
  conflicts: (slot: Slot) => ask<{ items: Call[] }>("GET", `/calls/conflicts${query({ ...slot })}`),
  // The same key is the same booking, however often it is sent.
  book: (booking: NewCall, key: string) => ask<Call>("POST", "/calls", booking, { "idempotency-key": key }),
  enterAsUser: (callId: string) => ask<RoomAccess | Waiting>("POST", `${call(callId)}/room-tokens`, {}),
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
  createQuestionSet: ({ questions, ...set }: QuestionSetBody) =>
    ask<QuestionSet>("POST", "/question-sets", {
      ...set,
      questions: questions.map(({ question_id: _, ...question }) => question),
    }),
  /** `version`: the one that was seen; a newer one is not written over. */
  replaceQuestionSet: (setId: string, body: QuestionSetBody & { version: number }) =>
    ask<QuestionSet>("PUT", questionSet(setId), body),
  archiveQuestionSet: (setId: string) => tell("DELETE", questionSet(setId)),

  organization: () => ask<OrganizationSettings>("GET", "/settings/organization"),
  setOrganization: (body: OrganizationSettings) =>
    ask<OrganizationSettings>("PUT", "/settings/organization", body),
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
    ask<RoomAccess | Waiting>("POST", "/joins/room-tokens", { link, name, ...consent }),
  leaveLine: (link: string) => tell("POST", "/joins/places/departures", { link }),
  changeConsent: (link: string, consent: Consent) => tell("PUT", "/joins/consent", { link, ...consent }),
  write: (link: string, text: string) => tell("POST", "/joins/messages", { link, text }),
};
