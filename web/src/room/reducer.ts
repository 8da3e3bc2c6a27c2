import type { CallEvent, CoverageItem, KeptNudge, Nudge, NudgeResponse, Role, Segment } from "../api/types";
import { type Question, withAsked, withClosed, withKnown } from "./coverage";
import { addLine, type Line } from "./lines";
import { type Note, noteOf, withNote } from "./notes";
import {
  arrived,
  atTime,
  held,
  keptOf,
  type Nudges,
  newestShown,
  released,
  responded,
  type ShownNudge,
} from "./nudges";

export type { Question } from "./coverage";
export type { ShownNudge } from "./nudges";

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

/** Everything live about one call, as the page knows it. */
export interface Live {
  seen: ReadonlySet<string>;
  last_seq: number;
  started_at: number | null;
  ended: string | null;
  lines: readonly Line[];
  notes: readonly Note[];
  nudges: Nudges;
  /** What the reader said about nudges in an earlier visit; their events may come later. */
  kept: ReadonlyMap<string, NudgeResponse>;
  questions: readonly Question[];
  /** False: somebody asked the agent to leave. null: no event has said it either way. */
  agent_wanted: boolean | null;
  /** It was asked to leave, left, and has not come back. */
  agent_left: boolean;
  /** People in order of appearance, the agent not among them: gives each a colour. */
  speakers: readonly string[];
  names: ReadonlyMap<string, string>;
}

/** `now` is the reader's clock in ms; it comes with the action so that the reducer stays a function. */
export type Action =
  | { type: "event"; event: CallEvent; now: number }
  | { type: "caption"; caption: Caption }
  | { type: "person"; identity: string }
  /** Whoever sent the drafts is gone or we were: their finals may never come. */
  | { type: "drop_drafts" }
  | { type: "tick"; now: number }
  | { type: "coverage"; items: readonly CoverageItem[] }
  | { type: "kept"; items: readonly KeptNudge[] }
  | { type: "agent_wanted"; wanted: boolean }
  | { type: "respond"; nudge_id: string; response: NudgeResponse; now: number }
  | { type: "unsaved"; nudge_id: string; unsaved: boolean }
  | { type: "hold"; nudge_id: string; now: number }
  | { type: "release"; nudge_id: string; now: number };

export const NOTHING: Live = {
  seen: new Set(),
  last_seq: 0,
  started_at: null,
  ended: null,
  lines: [],
  notes: [],
  nudges: [],
  kept: new Map(),
  questions: [],
  agent_wanted: null,
  agent_left: false,
  speakers: [],
  names: new Map(),
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
      return withNudges(live, atTime(live.nudges, action.now));
    case "coverage":
      return { ...live, questions: withKnown(live.questions, action.items) };
    case "kept":
      return onKept(live, action.items);
    case "agent_wanted":
      return { ...live, agent_wanted: action.wanted };
    case "respond":
      return withNudge(live, action.nudge_id, (nudge) => responded(nudge, action.response, action.now));
    case "unsaved":
      return withNudge(live, action.nudge_id, (nudge) => ({ ...nudge, unsaved: action.unsaved }));
    case "hold":
      return withNudge(live, action.nudge_id, (nudge) => held(nudge, action.now));
    case "release":
      return withNudge(live, action.nudge_id, (nudge) => released(nudge, action.now));
  }
}

export const currentNudge = (live: Live): ShownNudge | null => newestShown(live.nudges);

function onEvent(live: Live, event: CallEvent, now: number): Live {
  const last_seq = Math.max(live.last_seq, event.seq ?? 0);
  if (live.seen.has(event.event_id)) return last_seq === live.last_seq ? live : { ...live, last_seq };
  const notes = withNote(live.notes, noteOf(event, live.agent_left));
  return applied({ ...live, last_seq, notes, seen: new Set(live.seen).add(event.event_id) }, event, now);
}

function applied(live: Live, event: CallEvent, now: number): Live {
  switch (event.kind) {
    case "call_started":
      return { ...live, started_at: Date.parse(event.started_at) };
    case "agent_joined":
      return { ...live, agent_wanted: true, agent_left: false };
    case "agent_left":
      return { ...live, agent_wanted: false, agent_left: true };
    case "participant_joined":
      return withName(event.role === "agent" ? live : withSpeaker(live, event.identity), event);
    case "segment_added":
      return withLine(withName(live, event.segment), lineOf(event.segment), event.segment.role);
    case "question_asked":
      return { ...live, questions: withAsked(live.questions, event) };
    case "question_answered":
    case "question_refused":
      return { ...live, questions: withClosed(live.questions, event) };
    case "nudge_shown":
      return withArrived(live, event.nudge, event, now);
    case "call_ended":
      return { ...live, ended: event.reason };
    default:
      return live;
  }
}

function withArrived(live: Live, nudge: Nudge, { at_ms, seq }: CallEvent, now: number): Live {
  const fromLog = seq !== null && live.started_at !== null;
  const shown_at = fromLog ? Math.min(now, (live.started_at ?? now) + at_ms) : now;
  const shown = arrived(nudge, { at_ms, shown_at, now }, live.kept.get(nudge.nudge_id));
  return { ...live, nudges: [...live.nudges, shown] };
}

/** What was said here since counts more than what the server knew. */
function onKept(live: Live, items: readonly KeptNudge[]): Live {
  const kept = keptOf(items);
  const nudges = live.nudges.map((nudge) => {
    const said = kept.get(nudge.nudge_id);
    const isNew = nudge.reaction !== null || nudge.state === "acted" || nudge.state === "dismissed";
    return said === undefined || isNew
      ? nudge
      : { ...nudge, state: said.state ?? nudge.state, reaction: said.reaction };
  });
  return { ...live, kept, nudges };
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

function withName(live: Live, { identity, name }: { identity: string; name: string }): Live {
  if (live.names.get(identity) === name) return live;
  return { ...live, names: new Map(live.names).set(identity, name) };
}

function withNudge(live: Live, nudge_id: string, change: (nudge: ShownNudge) => ShownNudge): Live {
  return withNudges(
    live,
    live.nudges.map((nudge) => (nudge.nudge_id === nudge_id ? change(nudge) : nudge)),
  );
}

const withNudges = (live: Live, nudges: Nudges): Live =>
  nudges === live.nudges ? live : { ...live, nudges };
