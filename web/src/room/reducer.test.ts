import { describe, expect, it } from "vitest";
import type { CallEvent, Nudge, Segment } from "../api/types";
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
  segment_id: null,
  confidence: 0.8,
  expires_after_ms: 15_000,
  reasons: [],
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

  it("tick off questions and keep their words", () => {
    const live = run([
      event("e2", { kind: "question_asked", question_id: "q2", position: 2, text: "Budget?" }),
      event("e1", { kind: "question_asked", question_id: "q1", position: 1, text: "Stores?" }),
      event("e3", {
        kind: "question_answered",
        question_id: "q1",
        position: 1,
        segment_id: "s1",
        text: "42",
      }),
    ]);
    expect(live.questions.map(({ text, answer }) => [text, answer])).toEqual([
      ["Stores?", "42"],
      ["Budget?", null],
    ]);
  });
});

describe("nudges", () => {
  const arrive = event("e1", { kind: "nudge_shown", nudge: nudge() });

  it("show until their time is over", () => {
    const live = run([arrive]);
    expect(currentNudge(live)?.nudge_id).toBe("n1");
    expect(currentNudge(reduce(live, { type: "tick", now: NOW + 14_999 }))).not.toBeNull();
    expect(currentNudge(reduce(live, { type: "tick", now: NOW + 15_000 }))).toBeNull();
  });

  it("give way to a newer one and to the reader", () => {
    const live = run([arrive, event("e2", { kind: "nudge_shown", nudge: nudge({ nudge_id: "n2" }) })]);
    expect(currentNudge(live)?.nudge_id).toBe("n2");
    expect(currentNudge(reduce(live, { type: "dismiss", nudge_id: "n2" }))?.nudge_id).toBe("n1");
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
});
