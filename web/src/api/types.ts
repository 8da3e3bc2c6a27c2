/** What the API says; the words are those of docs/wire.md. */

export type Role = "prospect" | "rep" | "manager" | "agent";
export type CallStatus = "scheduled" | "live" | "ended" | "cancelled";
export type CallKind = "discovery" | "assisted";

export interface Me {
  user_id: string;
  name: string;
  email: string;
  role: string;
  organization_id: string;
  organization_name: string;
  local_mode: boolean;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Colleague {
  user_id: string;
  name: string;
  email: string;
  role: string;
}

export interface Invitee {
  invitee_id: string;
  name: string;
  email: string | null;
  time_zone: string | null;
  join_link: string;
}

/** What is off is off for everybody in the call. */
export interface Switches {
  recording: boolean;
  transcript: boolean;
  coaching: boolean;
  sentiment: boolean;
  mail: boolean;
}

export interface Call {
  call_id: string;
  title: string;
  kind: CallKind;
  status: CallStatus;
  starts_at: string;
  time_zone: string;
  duration_minutes: number;
  owner: { user_id: string; name: string };
  lead: { lead_id: string; name: string; company: string } | null;
  question_set_id: string | null;
  started_at: string | null;
  ended_at: string | null;
  invitees: Invitee[];
  switches: Switches;
  agent_dismissed: boolean;
  participants_present: number;
}

export interface NewCall {
  title: string;
  kind: CallKind;
  starts_at: string;
  time_zone: string;
  duration_minutes: number;
  owner_id: string;
  question_set_id: string | null;
  lead_id: string | null;
  invitees: { name: string; email: string | null; time_zone: string | null }[];
  switches: Switches;
  starts_now: boolean;
}

/** All optional; the interval is half-open. */
export interface CallFilter {
  starts_from?: string;
  starts_before?: string;
  status?: CallStatus;
  owner_id?: string;
  search?: string;
  order?: "latest" | "earliest";
}

export interface Demo {
  call: Call;
  join_link: string;
}

export type LeadStatus =
  | "new"
  | "scheduled"
  | "met"
  | "needs_follow_up"
  | "qualified"
  | "unqualified"
  | "customer";

export interface Lead {
  lead_id: string;
  name: string;
  company: string;
  industry: string;
  notes: string;
  email: string | null;
  status: LeadStatus;
  score: number | null;
}

export type NewLead = Omit<Lead, "lead_id" | "status" | "score">;

export interface LeadScore {
  call_id: string;
  title: string;
  at: string;
  score_before: number | null;
  score_after: number | null;
  status_before: LeadStatus | null;
  status_after: LeadStatus | null;
}

export interface LeadDetail extends Lead {
  calls: Call[];
  scores: LeadScore[];
}

export type QuestionType = "open_ended" | "multiple_choice" | "rating";

export interface SetQuestion {
  question_id: string;
  position: number;
  text: string;
  type: QuestionType;
  options: string[];
}

export interface QuestionSet {
  question_set_id: string;
  title: string;
  is_archived: boolean;
  questions: SetQuestion[];
}

export interface QuestionSetBody {
  title: string;
  questions: { question_id: string | null; text: string; type: QuestionType; options: string[] }[];
}

/** What somebody agreed to: transcription = the agent hears (and writes down), recording = the track is kept. */
export interface Consent {
  transcription: boolean;
  recording: boolean;
}

export interface JoinView {
  call_id: string;
  title: string;
  kind: CallKind;
  status: CallStatus;
  starts_at: string;
  time_zone: string;
  duration_minutes: number;
  organization_name: string;
  owner_name: string;
  invitee_name: string;
  agent_name: string;
  opens_at: string;
  /** The server's clock. */
  now: string;
  participants_present: number;
  /** False where the call's switch is off. */
  asks_transcription: boolean;
  asks_recording: boolean;
  may_join: boolean;
  why_not: null | "early" | "ended" | "cancelled" | "expired";
  consent: Consent | null;
}

/** The token opens the room for 60 s after it was asked for. */
export interface RoomAccess {
  url: string;
  token: string;
  identity: string;
  name: string;
  role: Role;
  room: string;
}

export type NudgeKind =
  | "objection_response"
  | "question"
  | "talking_point"
  | "data_point"
  | "warning"
  | "upsell"
  | "technical"
  | "compliance"
  | "answer";

export interface Nudge {
  nudge_id: string;
  kind: NudgeKind;
  title: string;
  message: string;
  quote: string | null;
  /** The words that set it off. */
  trigger: string;
  segment_id: string | null;
  confidence: number;
  expires_after_ms: number;
  reasons: string[];
  /** From the end of those words to the nudge's leaving. */
  latency_ms: number;
}

/** `state` null: neither; `reaction` null: none. */
export interface NudgeResponse {
  state: "acted" | "dismissed" | null;
  reaction: "like" | "dislike" | null;
}

export interface KeptNudge extends Nudge {
  shown_at_ms: number;
  state: "acted" | "dismissed" | "expired";
  reaction: "like" | "dislike" | null;
}

export interface CoverageItem {
  question_id: string;
  position: number;
  text: string;
  status: "open" | "asked" | "answered" | "refused";
  answer: string | null;
  answered_by: string | null;
  segment_id: string | null;
  start_ms: number | null;
  volunteered: boolean;
}

export interface Segment {
  segment_id: string;
  identity: string;
  name: string;
  role: Role;
  text: string;
  start_ms: number;
  end_ms: number;
  confidence: number | null;
  language: string | null;
  source: "speech" | "text" | "agent";
}

/** `seq` counts per call from 1; null on the room's topics, where the event is not written yet. */
interface EventBase {
  event_id: string;
  call_id: string;
  seq: number | null;
  at_ms: number;
}

interface Answered {
  question_id: string;
  position: number;
  segment_id: string;
  text: string;
  identity: string;
}

export type CallEvent = EventBase &
  (
    | { kind: "call_started"; started_at: string }
    | { kind: "agent_joined"; identity: string; epoch: number }
    | { kind: "agent_left"; identity: string }
    | { kind: "participant_joined"; identity: string; name: string; role: Role }
    | { kind: "participant_left"; identity: string }
    | { kind: "segment_added"; segment: Segment }
    | { kind: "question_asked"; question_id: string; position: number; text: string }
    | ({ kind: "question_answered"; volunteered: boolean } & Answered)
    | ({ kind: "question_refused" } & Answered)
    | { kind: "nudge_shown"; nudge: Nudge }
    | {
        kind: "provider_changed";
        part: "speech_to_text" | "language_model";
        provider: string;
        reason: string;
      }
    | { kind: "call_ended"; reason: string }
  );
