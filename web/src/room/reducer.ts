import type { CallEvent, Nudge, Role, Segment } from "../api/types";
import { addLine, type Line } from "./lines";

/** What the room's caption topic says: `revision` grows with arrival, the newest of a segment replaces. */
export interface Caption {
  segment_id: string;
  identity: string;
  name: string;
  role: Role | null;
  text: string;
  final: boolean;
  revision: number;
}

export interface Question {
  question_id: string;
  position: number;
  text: string;
  answer: string | null;
}

export interface ShownNudge extends Nudge {
  state: "shown" | "dismissed" | "expired";
  expires_at: number;
  /** Milliseconds left while somebody points at the card; null while time runs. */
  held_ms: number | null;
}

/** Everything live about one call, as the page knows it. */
export interface Live {
  seen: ReadonlySet<string>;
  last_seq: number;
  started_at: number | null;
  ended: string | null;
  lines: readonly Line[];
  nudges: readonly ShownNudge[];
  questions: readonly Question[];
  /** People in order of appearance, the agent not among them: gives each a colour. */
  speakers: readonly string[];
}

/** `now` is the reader's clock in ms; it comes with the action so that the reducer stays a function. */
export type Action =
  | { type: "event"; event: CallEvent; now: number }
  | { type: "caption"; caption: Caption }
  | { type: "person"; identity: string }
  /** Whoever sent the drafts is gone or we were: their finals may never come. */
  | { type: "drop_drafts" }
  | { type: "tick"; now: number }
  | { type: "dismiss"; nudge_id: string }
  | { type: "hold"; nudge_id: string; now: number }
  | { type: "release"; nudge_id: string; now: number };

export const NOTHING: Live = {
  seen: new Set(),
  last_seq: 0,
  started_at: null,
  ended: null,
  lines: [],
  nudges: [],
  questions: [],
  speakers: [],
};

export function reduce(live: Live, action: Action): Live {
  switch (action.type) {
    case "event":
      return onEvent(live, action.event, action.now);
    case "caption":
      return onCaption(live, action.caption);
    case "person":
      return withSpeaker(live, action.identity);
    case "drop_drafts":
      return live.lines.every((line) => line.final)
        ? live
        : { ...live, lines: live.lines.filter((line) => line.final) };
    case "tick":
      return onTick(live, action.now);
    case "dismiss":
      return withNudge(live, action.nudge_id, (nudge) => ({ ...nudge, state: "dismissed" }));
    case "hold":
      return withNudge(live, action.nudge_id, (nudge) => ({
        ...nudge,
        held_ms: nudge.held_ms ?? Math.max(0, nudge.expires_at - action.now),
      }));
    case "release":
      return withNudge(live, action.nudge_id, (nudge) =>
        nudge.held_ms === null ? nudge : { ...nudge, expires_at: action.now + nudge.held_ms, held_ms: null },
      );
  }
}

/** The one nudge to show: the newest that still runs. */
export function currentNudge(live: Live): ShownNudge | null {
  return live.nudges.findLast((nudge) => nudge.state === "shown") ?? null;
}

function onEvent(live: Live, event: CallEvent, now: number): Live {
  const last_seq = Math.max(live.last_seq, event.seq ?? 0);
  if (live.seen.has(event.event_id)) return last_seq === live.last_seq ? live : { ...live, last_seq };
  return applied({ ...live, last_seq, seen: new Set(live.seen).add(event.event_id) }, event, now);
}

function applied(live: Live, event: CallEvent, now: number): Live {
  switch (event.kind) {
    case "call_started":
      return { ...live, started_at: Date.parse(event.started_at) };
    case "participant_joined":
      return event.role === "agent" ? live : withSpeaker(live, event.identity);
    case "segment_added":
      return withLine(live, lineOf(event.segment), event.segment.role);
    case "question_asked":
      return withQuestion(live, { ...event, answer: null });
    case "question_answered":
      return withQuestion(live, { ...event, answer: event.text });
    case "nudge_shown":
      return { ...live, nudges: [...live.nudges, arrived(live, event.nudge, event.at_ms, event.seq, now)] };
    case "call_ended":
      return { ...live, ended: event.reason };
    default:
      return live;
  }
}

/** From the log a nudge may be old: it shows only for what is left of its time. From the room it is new. */
function arrived(live: Live, nudge: Nudge, at_ms: number, seq: number | null, now: number): ShownNudge {
  const fromLog = seq !== null && live.started_at !== null;
  const shown_at = fromLog ? Math.min(now, (live.started_at ?? now) + at_ms) : now;
  const expires_at = shown_at + nudge.expires_after_ms;
  return { ...nudge, state: expires_at <= now ? "expired" : "shown", expires_at, held_ms: null };
}

function onTick(live: Live, now: number): Live {
  const over = (nudge: ShownNudge) =>
    nudge.state === "shown" && nudge.held_ms === null && nudge.expires_at <= now;
  if (!live.nudges.some(over)) return live;
  return { ...live, nudges: live.nudges.map((n) => (over(n) ? { ...n, state: "expired" } : n)) };
}

function onCaption(live: Live, { segment_id, ...caption }: Caption): Live {
  return withLine(live, { id: segment_id, ...caption, start_ms: null, source: null }, caption.role);
}

function lineOf(segment: Segment): Line {
  const { segment_id: id, identity, name, role, text, start_ms, source } = segment;
  return {
    id,
    identity,
    name,
    role,
    text,
    final: true,
    start_ms,
    source,
    revision: Number.POSITIVE_INFINITY,
  };
}

function withLine(live: Live, line: Line, role: Role | null): Live {
  const lines = addLine(live.lines, line);
  const next = lines === live.lines ? live : { ...live, lines };
  return role === "agent" ? next : withSpeaker(next, line.identity);
}

function withSpeaker(live: Live, identity: string): Live {
  return live.speakers.includes(identity) ? live : { ...live, speakers: [...live.speakers, identity] };
}

function withNudge(live: Live, nudge_id: string, change: (nudge: ShownNudge) => ShownNudge): Live {
  const nudges = live.nudges.map((n) => (n.nudge_id === nudge_id && n.state === "shown" ? change(n) : n));
  return { ...live, nudges };
}

/** An answer's event carries the answer in `text`; the question's own words stay as they were asked. */
function withQuestion(live: Live, told: Question): Live {
  const known = live.questions.find((q) => q.question_id === told.question_id);
  const { question_id, position } = told;
  const question: Question = {
    question_id,
    position,
    text: told.answer === null ? told.text : (known?.text ?? ""),
    answer: told.answer ?? known?.answer ?? null,
  };
  const others = live.questions.filter((q) => q.question_id !== question_id);
  return { ...live, questions: [...others, question].sort((a, b) => a.position - b.position) };
}
