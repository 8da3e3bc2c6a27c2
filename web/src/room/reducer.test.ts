import { describe, expect, it } from "vitest";
import type { CallEvent, CoverageItem, KeptNudge, Nudge, NudgeResponse, Segment } from "../api/types";
import { type Action, type Caption, currentNudge, type Live, NOTHING, reduce } from "./reducer";

const NOW = 1_000_000;
const run = (actions: Action[], from: Live = NOTHING) => actions.reduce(reduce, from);

const caption = (text: string, more: Partial<Caption> = {}): Action => ({
  type: "caption",
  caption: {
    segment_id: "s1",
    identity: "ana",
    name: "Ana",
    role: "prospect",
    text,
    final: false,
    revision: 1,
    ...more,
  },
});

const segment = (more: Partial<Segment> = {}): Segment => ({
  segment_id: "s1",
  identity: "ana",
  name: "Ana",
  role: "prospect",
  text: "Hello there.",
  start_ms: 1000,
  end_ms: 2000,
  confidence: 0.9,
  language: "en",
  source: "speech",
  ...more,
});

type Body = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, "event_id" | "call_id" | "seq" | "at_ms">
    : never
  : never;

const event = (event_id: string, body: Body, more: { seq?: number | null; at_ms?: number } = {}): Action => ({
  type: "event",
  now: NOW,
  event: { event_id, call_id: "c1", seq: null, at_ms: 0, ...more, ...body } as CallEvent,
});

const nudge = (more: Partial<Nudge> = {}): Nudge => ({
  nudge_id: "n1",
  kind: "question",
  title: "Ask",
  message: "Ask about it.",
  quote: "too expensive",
  trigger: "expensive",
  segment_id: "s1",
  confidence: 0.8,
  expires_after_ms: 15_000,
  reasons: [],
  latency_ms: 300,
  ...more,
});

const texts = (live: Live) => live.lines.map((line) => line.text);

describe("captions", () => {
  it("replace each other within a segment, newest last", () => {
    expect(texts(run([caption("Hel"), caption("Hello", { revision: 2 })]))).toEqual(["Hello"]);
  });

  it("are never taken back by an older one", () => {
    expect(texts(run([caption("Hello", { revision: 2 }), caption("Hel")]))).toEqual(["Hello"]);
  });

  it("become final, and an interim behind the final changes nothing", () => {
    const live = run([
      caption("Hel"),
      caption("Hello.", { revision: 2, final: true }),
      caption("Hello th", { revision: 3 }),
    ]);
    expect(live.lines).toMatchObject([{ text: "Hello.", final: true }]);
  });

  it("that end empty go away", () => {
    expect(run([caption("Hm"), caption(" ", { revision: 2, final: true })]).lines).toEqual([]);
  });

  it("whose speaker's scribe is gone do not stay as drafts", () => {
    const live = run([
      caption("Done.", { final: true }),
      caption("Hel", { segment_id: "s2" }),
      { type: "drop_drafts" },
    ]);
    expect(texts(live)).toEqual(["Done."]);
  });

  it("and the log's segment are one line, with the log's words and place", () => {
    const live = run([
      caption("Hello", { final: true }),
      event("e1", { kind: "segment_added", segment: segment() }),
      caption("Hello", { final: true, revision: 9 }),
    ]);
    expect(live.lines).toMatchObject([{ text: "Hello there.", start_ms: 1000, source: "speech" }]);
  });
});

describe("the order of lines", () => {
  const added = (id: string, start_ms: number) =>
    event(`e-${id}`, { kind: "segment_added", segment: segment({ segment_id: id, start_ms, text: id }) });

  it("is by start, whatever the order of arrival", () => {
    expect(texts(run([added("b", 2000), added("a", 1000), added("c", 3000)]))).toEqual(["a", "b", "c"]);
  });

  it("keeps what is being said now behind the backlog", () => {
    expect(texts(run([caption("now", { segment_id: "now" }), added("a", 1000)]))).toEqual(["a", "now"]);
  });
});

describe("events", () => {
  it("count once, whether they come by the room or by the log", () => {
    const shown: Body = { kind: "nudge_shown", nudge: nudge() };
    const live = run([event("e1", shown), event("e1", shown, { seq: 7 })]);
    expect(live.nudges).toHaveLength(1);
    expect(live.last_seq).toBe(7);
  });

  it("leave the state untouched when they are known", () => {
    const first = run([event("e1", { kind: "call_ended", reason: "over" }, { seq: 1 })]);
    expect(reduce(first, event("e1", { kind: "call_ended", reason: "over" }, { seq: 1 }))).toBe(first);
  });

  it("give people a place in the order of appearance, the agent none", () => {
    const live = run([
      event("e1", { kind: "participant_joined", identity: "ana", name: "Ana", role: "prospect" }),
      event("e2", { kind: "participant_joined", identity: "bot", name: "Agent", role: "agent" }),
      caption("Hi", { identity: "ben" }),
    ]);
    expect(live.speakers).toEqual(["ana", "ben"]);
  });
});

describe("coverage", () => {
  const asked = (n: number) =>
    event(`asked-${n}`, {
      kind: "question_asked",
      question_id: `q${n}`,
      position: n,
      text: `Question ${n}?`,
    });
  const answered = (n: number, text: string, more: { volunteered?: boolean; identity?: string } = {}) =>
    event(`answered-${n}-${text}`, {
      kind: "question_answered",
      question_id: `q${n}`,
      position: n,
      segment_id: `s-${text}`,
      text,
      identity: "ana",
      volunteered: false,
      ...more,
    });
  const item = (n: number, more: Partial<CoverageItem> = {}): CoverageItem => ({
    question_id: `q${n}`,
    position: n,
    text: `Question ${n}?`,
    status: "open",
    answer: null,
    answered_by: null,
    segment_id: null,
    start_ms: null,
    volunteered: false,
    ...more,
  });
  const coverage = (...items: CoverageItem[]): Action => ({ type: "coverage", items });
  const told = (live: Live) =>
    live.questions.map(({ position, text, status, answer }) => [position, text, status, answer]);

  it("goes from open over asked to answered, in the set's order", () => {
    const live = run([coverage(item(1), item(2), item(3)), asked(2), asked(1), answered(1, "42")]);
    expect(told(live)).toEqual([
      [1, "Question 1?", "answered", "42"],
      [2, "Question 2?", "asked", null],
      [3, "Question 3?", "open", null],
    ]);
  });

  it("keeps the last of several answers, and who gave it", () => {
    const live = run([asked(1), answered(1, "42"), answered(1, "no, 43", { identity: "ben" })]);
    expect(live.questions).toMatchObject([{ answer: "no, 43", identity: "ben", segment_id: "s-no, 43" }]);
  });

  it("knows what was said before it was asked, and what somebody would rather not say", () => {
    const refused = event("r", {
      kind: "question_refused",
      question_id: "q2",
      position: 2,
      segment_id: "s9",
      text: "I'd rather not say",
      identity: "ana",
    });
    const live = run([answered(1, "42", { volunteered: true }), asked(2), refused]);
    expect(live.questions).toMatchObject([
      { status: "answered", volunteered: true },
      { status: "refused", volunteered: false, answer: "I'd rather not say" },
    ]);
  });

  it("is not undone by a question that comes again", () => {
    expect(told(run([answered(1, "42"), asked(1)]))).toEqual([[1, "Question 1?", "answered", "42"]]);
  });

  it("from the server brings words and never takes an event back, whichever comes first", () => {
    const stale = coverage(item(1, { status: "asked" }), item(2));
    const before = run([stale, asked(1), answered(1, "42")]);
    const after = run([asked(1), answered(1, "42"), stale]);
    expect(told(before)).toEqual(told(after));
    expect(told(after)[0]).toEqual([1, "Question 1?", "answered", "42"]);
    const volunteered = run([answered(1, "42", { volunteered: true }), stale]);
    expect(volunteered.questions[0]?.text).toBe("Question 1?");
  });

  it("names people by the log", () => {
    const joined = event("j", { kind: "participant_joined", identity: "ana", name: "Ana", role: "prospect" });
    expect(run([joined]).names.get("ana")).toBe("Ana");
  });
});

describe("the agent", () => {
  const joined = (id: string) => event(id, { kind: "agent_joined", identity: "bot", epoch: 1 });
  const left = event("left", { kind: "agent_left", identity: "bot" }, { at_ms: 5000 });

  it("that was asked to leave is not wanted until it is back, and both are noted", () => {
    const gone = run([joined("a"), left]);
    expect([gone.agent_wanted, gone.notes.length]).toEqual([false, 1]);
    const wanted = reduce(gone, { type: "agent_wanted", wanted: true });
    expect(wanted.agent_wanted).toBe(true);
    const back = reduce(wanted, joined("b"));
    expect(back.notes.map((note) => note.words)).toContain("The agent is back.");
  });

  it("that takes over after a crash is not worth a note", () => {
    expect(run([joined("a"), joined("b")]).notes).toEqual([]);
  });
});

describe("a change of provider", () => {
  it("is a note at its time, in words", () => {
    const changed = (id: string, provider: string, at_ms: number) =>
      event(
        id,
        { kind: "provider_changed", part: "speech_to_text", provider, reason: "Deepgram does not answer." },
        { at_ms },
      );
    const live = run([changed("b", "deepgram", 90_000), changed("a", "local", 60_000)]);
    expect(live.notes.map(({ at_ms, words, reason }) => [at_ms, words, reason])).toEqual([
      [60_000, "Hearing goes on with the local model.", "Deepgram does not answer."],
      [90_000, "Hearing goes on with Deepgram.", "Deepgram does not answer."],
    ]);
  });
});

describe("nudges", () => {
  const arrive = event("e1", { kind: "nudge_shown", nudge: nudge() });
  const respond = (response: NudgeResponse, nudge_id = "n1", now = NOW): Action => ({
    type: "respond",
    nudge_id,
    response,
    now,
  });

  it("show until their time is over", () => {
    const live = run([arrive]);
    expect(currentNudge(live)?.nudge_id).toBe("n1");
    expect(currentNudge(reduce(live, { type: "tick", now: NOW + 14_999 }))).not.toBeNull();
    expect(currentNudge(reduce(live, { type: "tick", now: NOW + 15_000 }))).toBeNull();
  });

  it("give way to a newer one and to the reader", () => {
    const live = run([arrive, event("e2", { kind: "nudge_shown", nudge: nudge({ nudge_id: "n2" }) })]);
    expect(currentNudge(live)?.nudge_id).toBe("n2");
    expect(currentNudge(reduce(live, respond({ state: "dismissed", reaction: null }, "n2")))?.nudge_id).toBe(
      "n1",
    );
  });

  it("stand still while somebody reads them", () => {
    const held = run([
      arrive,
      { type: "hold", nudge_id: "n1", now: NOW + 10_000 },
      { type: "tick", now: NOW + 60_000 },
    ]);
    expect(currentNudge(held)).not.toBeNull();
    const released = reduce(held, { type: "release", nudge_id: "n1", now: NOW + 60_000 });
    expect(currentNudge(reduce(released, { type: "tick", now: NOW + 64_999 }))).not.toBeNull();
    expect(currentNudge(reduce(released, { type: "tick", now: NOW + 65_000 }))).toBeNull();
  });

  it("from the log show only for what is left of their time", () => {
    const started = event(
      "e0",
      { kind: "call_started", started_at: new Date(NOW - 60_000).toISOString() },
      { seq: 1 },
    );
    const old = event("e1", { kind: "nudge_shown", nudge: nudge() }, { seq: 2, at_ms: 10_000 });
    const fresh = event(
      "e2",
      { kind: "nudge_shown", nudge: nudge({ nudge_id: "n2" }) },
      { seq: 3, at_ms: 50_000 },
    );
    expect(currentNudge(run([started, old]))).toBeNull();
    expect(currentNudge(run([started, old, fresh]))?.expires_at).toBe(NOW + 5000);
  });

  it("that are liked stay, that are done go, and both are kept", () => {
    const liked = run([arrive, respond({ state: null, reaction: "like" })]);
    expect(currentNudge(liked)?.reaction).toBe("like");
    const done = reduce(liked, respond({ state: "acted", reaction: "like" }));
    expect(currentNudge(done)).toBeNull();
    expect(done.nudges).toMatchObject([{ state: "acted", reaction: "like" }]);
  });

  it("can still be answered when their time is over, and the answer taken back", () => {
    const over = run([arrive, { type: "tick", now: NOW + 20_000 }]);
    const done = reduce(over, respond({ state: "acted", reaction: null }, "n1", NOW + 21_000));
    expect(done.nudges[0]?.state).toBe("acted");
    const back = reduce(done, respond({ state: null, reaction: null }, "n1", NOW + 22_000));
    expect(back.nudges[0]?.state).toBe("expired");
  });

  it("remember what was said about them in an earlier visit, whichever comes first", () => {
    const kept = (state: KeptNudge["state"], reaction: KeptNudge["reaction"]): Action => ({
      type: "kept",
      items: [{ ...nudge(), shown_at_ms: 0, state, reaction }],
    });
    for (const order of [
      [kept("acted", "like"), arrive],
      [arrive, kept("acted", "like")],
    ]) {
      expect(run(order).nudges).toMatchObject([{ state: "acted", reaction: "like" }]);
    }
    expect(currentNudge(run([kept("expired", null), arrive]))).not.toBeNull();
    const newer = run([arrive, respond({ state: "dismissed", reaction: null }), kept("acted", "like")]);
    expect(newer.nudges).toMatchObject([{ state: "dismissed", reaction: null }]);
  });

  it("say when an answer could not be saved", () => {
    const live = run([arrive, { type: "unsaved", nudge_id: "n1", unsaved: true }]);
    expect(live.nudges[0]?.unsaved).toBe(true);
  });
});
