import type { LeadMoment } from "../src/api/generated";
import type { ReviewView } from "../src/api/review";
import type { CallEmail } from "../src/api/settings";
import type {
  CoverageItem,
  KeptNudge,
  LeadDetail,
  Moment,
  QuestionSet,
  Recipient,
  Segment,
} from "../src/api/types";
import { call, inHours } from "./answers";

/** Made-up answers about a call that is over, and about leads and question sets. */

const LINES: [string, string, Segment["role"], string][] = [
  [
    "agent-1",
    "Nova",
    "agent",
    "Hello, I am Nova, an AI. I have a few questions about your freezers. May I start?",
  ],
  ["guest-1", "Ana Lindqvist", "prospect", "Yes, go ahead."],
  ["agent-1", "Nova", "agent", "How many stores do you run today?"],
  ["guest-1", "Ana Lindqvist", "prospect", "Forty-two, all in the north. Two more open in spring."],
  ["agent-1", "Nova", "agent", "What bothers you most about the units you have?"],
  [
    "guest-1",
    "Ana Lindqvist",
    "prospect",
    "The energy bill went up by a third, and every summer two or three of the old compressors break down.",
  ],
  ["agent-1", "Nova", "agent", "Is there a budget for new units?"],
  [
    "guest-1",
    "Ana Lindqvist",
    "prospect",
    "We have put aside between 400 and 500 thousand euros a year, if the board agrees in March.",
  ],
  ["rep-1", "Ben Okafor", "rep", "We can have them in the shops by February."],
  [
    "guest-1",
    "Ana Lindqvist",
    "prospect",
    "Your offer last year was simply too expensive compared with Frostline. Send me the new figures by Friday.",
  ],
  ["rep-1", "Ben Okafor", "rep", "I will send them on Thursday."],
];

export const segments: Segment[] = LINES.map(([identity, name, role, text], n) => ({
  segment_id: `segment-${n}`,
  identity,
  name,
  role,
  text,
  start_ms: n * 9_000,
  end_ms: n * 9_000 + 6_000,
  confidence: 0.9,
  language: "en",
  source: role === "agent" ? "agent" : "speech",
}));

function claim(n: number, text: string, quote: string) {
  const segment = segments[n];
  if (segment === undefined || !segment.text.includes(quote)) throw new Error(`not said: ${quote}`);
  return { text, quote, segment_id: segment.segment_id, start_ms: segment.start_ms, name: segment.name };
}

export const done: ReviewView = {
  status: "done",
  steps: (["transcript", "analysis", "lead", "mail"] as const).map((name) => ({ name, state: "done" })),
  problem: null,
  lead_score_before: 40,
  lead_score_after: 74,
  lead_status_before: "scheduled",
  lead_status_after: "qualified",
  review: {
    summary: [
      "A discovery call about replacing the freezers of 42 stores; the budget is set aside and the board decides in March.",
      "Energy and breakdowns are what hurts.",
      "Last year's offer was too expensive; a new one is wanted by Friday.",
    ],
    qualification: "qualified",
    qualification_reason: "There is a need, a budget and a date, and Ana prepares the decision.",
    lead_score: 74,
    score_reasons: [
      { points: 18, text: "A budget is set aside", segment_id: "segment-7" },
      { points: 14, text: "Breakdowns every summer", segment_id: "segment-5" },
      { points: -8, text: "Last year's price was too high", segment_id: "segment-9" },
      { points: 0, text: "Most questions were answered", segment_id: null },
    ],
    pain_points: [
      claim(5, "Energy costs rose by a third", "The energy bill went up by a third"),
      claim(5, "Old compressors break down in summer", "two or three of the old compressors break down"),
    ],
    buying_signals: [claim(9, "Asks for new figures by Friday", "Send me the new figures by Friday")],
    objections: [
      { ...claim(9, "Last year's offer was too expensive", "simply too expensive"), type: "price" },
    ],
    budget: {
      ...claim(7, "Set aside, if the board agrees", "between 400 and 500 thousand euros a year"),
      amount_min: 400_000,
      amount_max: 500_000,
      currency: "EUR",
      period: "year",
    },
    timeline: claim(7, "The board decides in March", "if the board agrees in March"),
    decision_makers: [claim(7, "The board", "the board")],
    competitors: [claim(9, "Frostline", "compared with Frostline")],
    next_steps: [
      {
        ...claim(9, "Send the new figures", "Send me the new figures by Friday"),
        owner: "Ben Okafor",
        due: "by Friday",
      },
    ],
    upsells: [],
    coaching_moments: [
      {
        ...claim(8, "Promised a date that is not agreed", "in the shops by February"),
        category: "objection_handling",
        better: "Let me check what delivery before March would take, and tell you on Thursday.",
      },
    ],
    sentiment: 0.22,
    engagement: "high",
    follow_up_priority: "urgent",
    made_by: "rules 1",
  },
};

export const running: ReviewView = {
  ...done,
  status: "running",
  review: null,
  steps: [
    { name: "transcript", state: "done" },
    { name: "analysis", state: "running" },
    { name: "lead", state: "waiting" },
    { name: "mail", state: "waiting" },
  ],
};

export const failed: ReviewView = {
  ...running,
  status: "failed",
  problem: "The analysis ran out of time after 60 s.",
  steps: running.steps.map((step) => (step.state === "running" ? { ...step, state: "failed" } : step)),
};

export const coverage: CoverageItem[] = [
  ["How many stores do you run today?", "answered", "Forty-two, all in the north", "segment-3", false],
  ["What bothers you most about the units you have?", "answered", "The energy bill", "segment-5", true],
  ["Who signs such a purchase?", "refused", null, null, false],
  ["How happy are you with your present supplier, from 1 to 10?", "open", null, null, false],
].map(([text, status, answer, segment_id, volunteered], n) => ({
  question_id: `question-${n}`,
  position: n,
  text: text as string,
  status: status as CoverageItem["status"],
  answer: answer as string | null,
  answered_by: answer ? "Ana Lindqvist" : null,
  segment_id: segment_id as string | null,
  start_ms: answer ? 27_000 : null,
  volunteered: volunteered as boolean,
}));

const nudge = { trigger: "", confidence: 0.8, expires_after_ms: 15_000, reasons: [], latency_ms: 180 };

export const nudges: KeptNudge[] = [
  {
    ...nudge,
    nudge_id: "nudge-1",
    kind: "warning",
    title: "You promised a date",
    message: "Delivery before March is not agreed. Say that you will check.",
    quote: "in the shops by February",
    segment_id: "segment-8",
    shown_at_ms: 76_000,
    state: "acted",
    reaction: "like",
  },
  {
    ...nudge,
    nudge_id: "nudge-2",
    kind: "objection_response",
    title: "Price came up",
    message: "Ask what they compare it with before you talk about discounts.",
    quote: "simply too expensive",
    segment_id: "segment-9",
    shown_at_ms: 85_000,
    state: "expired",
    reaction: null,
  },
];

const mail = {
  kind: "invite" as const,
  to_name: "Ana Lindqvist",
  to_email: "ana@example.com",
  user_id: null,
  attempts: 1,
  problem: null,
  subject: "Discovery call with Brightside Foods",
  created_at: inHours(-1),
  sent_at: inHours(-1),
};

export const emails: CallEmail[] = [
  { ...mail, email_id: "email-1", invitee_id: "invitee-1", status: "sent" },
  {
    ...mail,
    email_id: "email-2",
    invitee_id: "invitee-2",
    to_name: "Kenji Ito",
    to_email: "kenji@example.com",
    status: "bounced",
    attempts: 5,
    problem: "The server knows no such address.",
    sent_at: null,
  },
];

const to = (more: Partial<Recipient>): Recipient => ({
  notice: "invite",
  name: "Ana Lindqvist",
  email: "ana@example.com",
  why: "invitee",
  suppressed: false,
  ...more,
});

const ben: Partial<Recipient> = { name: "Ben Okafor", email: "ben@example.com", why: "owner" };

export const recipients: Recipient[] = [
  to({}),
  to({ notice: "reminder" }),
  to({ name: "Kenji Ito", email: "kenji@example.com", suppressed: true }),
  to({ ...ben, notice: "reminder" }),
  to({ ...ben, notice: "summary" }),
];

const moment = { detail: null, kind: null, server_host: null, reply: null };

export const moments: Moment[] = [
  {
    ...moment,
    at: inHours(-3),
    what: "mail_sent",
    kind: "invite",
    server_host: "mx.example",
    reply: "250 2.0.0 Ok",
  },
  { ...moment, at: inHours(-2), what: "link_opened" },
  { ...moment, at: inHours(-1), what: "calendar_answered", detail: "accepted" },
  { ...moment, at: inHours(2), what: "mail_waiting", kind: "reminder" },
];

export const over = call({
  status: "ended",
  started_at: inHours(-2),
  ended_at: inHours(-1.3),
  starts_at: inHours(-2),
});

export const lead: LeadDetail = {
  lead_id: "lead-1",
  name: "Ana Lindqvist",
  company: "Brightside Foods",
  industry: "Grocery",
  notes: "Met at the fair in Malmö. Prefers mornings.",
  email: "ana@example.com",
  status: "qualified",
  score: 74,
  calls: [call(), over],
  scores: [
    {
      call_id: "call-1",
      title: "Discovery call with Brightside Foods",
      at: inHours(-1),
      score_before: 40,
      score_after: 74,
      status_before: "scheduled",
      status_after: "qualified",
    },
    {
      call_id: "call-0",
      title: "First talk",
      at: inHours(-200),
      score_before: null,
      score_after: 40,
      status_before: "new",
      status_after: "needs_follow_up",
    },
  ],
};

const bare = {
  by_name: null,
  call_id: null,
  title: null,
  call_status: null,
  score_before: null,
  score_after: null,
  status_before: null,
  status_after: null,
} as const;
const followUp = { call_id: "call-0", title: "Follow-up", by_name: "Ben Okafor" } as const;

export const leadHistory: LeadMoment[] = [
  {
    ...bare,
    ...followUp,
    what: "score",
    at: inHours(-40),
    score_before: 40,
    score_after: 74,
    status_before: "met",
    status_after: "qualified",
  },
  { ...bare, ...followUp, what: "call", at: inHours(-41), call_status: "ended" },
  { ...bare, what: "imported", at: inHours(-90), by_name: "Mara Chen" },
];

export const leads = [
  lead,
  {
    ...lead,
    lead_id: "lead-2",
    name: "Per Halden",
    company: "Halden & Sons",
    status: "new" as const,
    score: null,
  },
  {
    ...lead,
    lead_id: "lead-3",
    name: "Maximiliane von Hohenstein-Bergmann",
    company: "Nordische Kältetechnik und Lagerhaus Gesellschaft",
    status: "needs_follow_up" as const,
    score: 51,
  },
].map(({ calls: _, scores: __, ...one }) => one);

export const askedAsUsual = {
  must_ask: false,
  is_active: true,
  depth: "medium",
  time_box_seconds: null,
  skip_if: null,
} as const;

export const questionSet: QuestionSet = {
  question_set_id: "set-1",
  title: "Refrigeration discovery",
  is_archived: false,
  is_default: false,
  version: 3,
  time_box_minutes: null,
  questions: [
    {
      question_id: "q-1",
      position: 0,
      text: "How many stores do you run today?",
      type: "open_ended",
      options: [],
      ...askedAsUsual,
    },
    {
      question_id: "q-2",
      position: 1,
      text: "Which of these bothers you most?",
      type: "multiple_choice",
      options: ["Energy", "Breakdowns", "Noise"],
      ...askedAsUsual,
    },
    {
      question_id: "q-3",
      position: 2,
      text: "How happy are you with your supplier?",
      type: "rating",
      options: [],
      ...askedAsUsual,
    },
  ],
};
