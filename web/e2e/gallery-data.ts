import type { CallEvent, NudgeKind, Role } from "../src/api/types";
import type { RoomView } from "../src/room/call-room";
import type { Person } from "../src/room/people";
import type { Action } from "../src/room/reducer";

type At = (now: number) => Action;

function person(identity: string, name: string, more: Partial<Person>): Person {
  return {
    identity,
    name,
    role: "prospect",
    is_agent: false,
    is_me: false,
    speaking: false,
    microphone_on: true,
    transcription: true,
    agent_state: null,
    ...more,
  };
}

const agent = person("agent-1", "Parley assistant", {
  role: "agent",
  is_agent: true,
  agent_state: "listening",
});
const ana = person("guest-1", "Ana Lindqvist", { is_me: true, speaking: true });
const ben = person("rep-1", "Ben Okafor", { role: "rep", microphone_on: false });

const talking: RoomView = {
  phase: "connected",
  gone: null,
  people: [agent, ana, ben],
  microphone: "on",
  sound_blocked: false,
  agent_away: false,
  agent_missing: false,
};

export const rooms: Record<string, RoomView> = {
  talking,
  alone: { ...talking, people: [{ ...ana, speaking: false }] },
  reconnecting: { ...talking, phase: "reconnecting" },
  "agent-away": { ...talking, people: [ana, ben], agent_away: true },
  "agent-missing": { ...talking, people: [ana, ben], agent_missing: true },
  "agent-gone": { ...talking, people: [ana, ben] },
  silent: { ...talking, sound_blocked: true, microphone: "off" },
  crowd: {
    ...talking,
    people: [
      { ...agent, agent_state: "speaking" },
      { ...ana, speaking: false },
      ben,
      ...["Maximiliane von Hohenstein-Bergmann", "Chi", "Dev Raman", "Eva", "Farid", "Gus Smith"].map(
        (name, n) => person(`guest-${n + 2}`, name, { speaking: n === 1, transcription: n !== 2 }),
      ),
    ],
  },
};

/** The same room as the rep sees it. */
export function asBen(view: RoomView): RoomView {
  const people = view.people.map((one) => ({ ...one, is_me: one.identity === ben.identity }));
  return { ...view, people, microphone: "off" };
}

let seq = 0;

type Body = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, "event_id" | "call_id" | "seq" | "at_ms">
    : never
  : never;

function event(at_ms: number, body: Body): At {
  seq += 1;
  const full = { event_id: `event-${seq}`, call_id: "call-1", seq, at_ms, ...body } as CallEvent;
  return (now) => ({ type: "event", event: full, now });
}

function said(start_ms: number, identity: string, name: string, role: Role, text: string): At {
  const source = role === "agent" ? "agent" : "speech";
  const segment = {
    segment_id: `segment-${start_ms}`,
    identity,
    name,
    role,
    text,
    start_ms,
    end_ms: start_ms + 3000,
  };
  return event(start_ms, {
    kind: "segment_added",
    segment: { ...segment, confidence: 0.9, language: "en", source },
  });
}

const talk: At[] = [
  (now) => ({
    type: "event",
    event: {
      event_id: "started",
      call_id: "call-1",
      seq: 1,
      at_ms: 0,
      kind: "call_started",
      started_at: new Date(now - 95_000).toISOString(),
    },
    now,
  }),
  said(
    1000,
    "agent-1",
    "Parley assistant",
    "agent",
    "Hello, I am the Parley assistant, an AI. I have five short questions about your freezers. May I start?",
  ),
  said(9000, "guest-1", "Ana Lindqvist", "prospect", "Yes, go ahead."),
  event(10_000, {
    kind: "question_asked",
    question_id: "q1",
    position: 1,
    text: "How many stores do you run today?",
  }),
  said(11_000, "agent-1", "Parley assistant", "agent", "How many stores do you run today?"),
  said(
    15_000,
    "guest-1",
    "Ana Lindqvist",
    "prospect",
    "Forty-two, all in the north. Two more open in spring.",
  ),
  event(19_000, {
    kind: "question_answered",
    question_id: "q1",
    position: 1,
    segment_id: "segment-15000",
    text: "Forty-two, all in the north.",
    identity: "guest-1",
    volunteered: false,
  }),
  event(20_000, {
    kind: "question_asked",
    question_id: "q2",
    position: 2,
    text: "What do you pay for energy in a year?",
  }),
  said(
    21_000,
    "agent-1",
    "Parley assistant",
    "agent",
    "Thank you. What do you pay for energy in a year, roughly?",
  ),
  said(
    27_000,
    "guest-1",
    "Ana Lindqvist",
    "prospect",
    "About 1.9 million. It went up by a third, which is why we are looking at all.",
  ),
  said(34_000, "rep-1", "Ben Okafor", "rep", "That matches what we see with other chains."),
  (_now) => ({
    type: "caption",
    caption: {
      segment_id: "now",
      identity: "guest-1",
      name: "Ana Lindqvist",
      role: "prospect",
      text: "But honestly, your offer last year was simply too",
      final: false,
      revision: 1,
    },
  }),
];

function nudge(kind: NudgeKind, title: string, message: string, quote: string): At {
  const more = { segment_id: "segment-27000", confidence: 0.8, expires_after_ms: 15_000, reasons: ["price"] };
  const shown = {
    nudge_id: `nudge-${kind}`,
    kind,
    title,
    message,
    quote,
    trigger: quote,
    latency_ms: 300,
    ...more,
  };
  return (now) => ({
    type: "event",
    now,
    event: {
      event_id: `nudge-${kind}`,
      call_id: "call-1",
      seq: null,
      at_ms: 34_000,
      kind: "nudge_shown",
      nudge: shown,
    },
  });
}

const nudges: Record<string, At[]> = {
  objection: [
    nudge(
      "objection_response",
      "Price came up",
      "Ask what they compare it with before you talk about discounts. Their bill rose by a third.",
      "your offer last year was simply too expensive",
    ),
  ],
  warning: [
    nudge(
      "warning",
      "You promised a date",
      "Delivery before March is not agreed. Say that you will check.",
      "we can have it in February",
    ),
  ],
  compliance: [
    nudge(
      "compliance",
      "Say that it is an estimate",
      "Savings may only be named as an estimate.",
      "you will save 30 percent",
    ),
  ],
};

/** What the call's question set holds, as the server tells it. */
const wholeSet: At = () => ({
  type: "coverage",
  items: [
    "How many stores do you run today?",
    "What do you pay for energy in a year?",
    "When do you want to decide?",
    "Who else decides?",
    "What did you try before?",
  ].map((text, n) => ({
    question_id: `q${n + 1}`,
    position: n + 1,
    text,
    status: "open",
    answer: null,
    answered_by: null,
    segment_id: null,
    start_ms: null,
    volunteered: false,
  })),
});

const covered: At[] = [
  ...talk,
  wholeSet,
  event(30_000, {
    kind: "question_answered",
    question_id: "q2",
    position: 2,
    segment_id: "segment-27000",
    text: "About 1.9 million. It went up by a third",
    identity: "guest-1",
    volunteered: false,
  }),
  event(31_000, {
    kind: "question_answered",
    question_id: "q5",
    position: 5,
    segment_id: "segment-34000",
    text: "That matches what we see with other chains",
    identity: "rep-1",
    volunteered: true,
  }),
  event(32_000, {
    kind: "question_refused",
    question_id: "q4",
    position: 4,
    segment_id: "segment-27000",
    text: "I would rather not name anybody",
    identity: "guest-1",
  }),
];

const changed: At[] = [
  ...covered,
  event(30_000, {
    kind: "provider_changed",
    part: "speech_to_text",
    provider: "local",
    reason: "Deepgram did not answer in time.",
  }),
];

const agentLeft: At[] = [
  event(500, { kind: "agent_joined", identity: "agent-1", epoch: 1 }),
  ...covered,
  event(33_000, { kind: "agent_left", identity: "agent-1" }),
];

const over = (kind: NudgeKind): At => {
  return () => ({
    type: "respond",
    nudge_id: `nudge-${kind}`,
    response: {
      state: kind === "warning" ? "acted" : "dismissed",
      reaction: kind === "warning" ? "like" : null,
    },
    now: 0,
  });
};

const several: At[] = [
  ...covered,
  ...(nudges.warning ?? []),
  over("warning"),
  ...(nudges.compliance ?? []),
  over("compliance"),
  ...(nudges.objection ?? []),
];

export const actions: Record<string, At[]> = {
  empty: [],
  talk,
  covered,
  several,
  "provider-changed": changed,
  "agent-left": agentLeft,
  ...Object.fromEntries(Object.entries(nudges).map(([name, list]) => [name, [...talk, ...list]])),
  long: [
    ...talk.slice(0, 1),
    ...Array.from({ length: 60 }, (_, n) =>
      said(
        n * 4000,
        n % 3 === 0 ? "agent-1" : n % 3 === 1 ? "guest-1" : "rep-1",
        n % 3 === 0 ? "Parley assistant" : n % 3 === 1 ? "Ana Lindqvist" : "Ben Okafor",
        n % 3 === 0 ? "agent" : n % 3 === 1 ? "prospect" : "rep",
        `This is line ${n + 1} of a long conversation about freezers and what they cost.`,
      ),
    ),
  ],
};
