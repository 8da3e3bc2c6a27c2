/** What the API says, typed by hand from docs/wire.md until the client is generated from OpenAPI. */

export type Role = "prospect" | "rep" | "manager" | "agent";
export type CallStatus = "scheduled" | "live" | "ended" | "cancelled";

export interface Me {
  user_id: string;
  name: string;
  email: string;
  role: string;
  organization_id: string;
  organization_name: string;
  local_mode: boolean;
}

export interface Invitee {
  invitee_id: string;
  name: string;
  email: string;
  join_link: string;
}

export interface Call {
  call_id: string;
  title: string;
  kind: string;
  status: CallStatus;
  starts_at: string;
  duration_minutes: number;
  owner: { user_id: string; name: string };
  lead: { lead_id: string; name: string; company: string } | null;
  question_set_id: string | null;
  started_at: string | null;
  ended_at: string | null;
  invitees: Invitee[];
  participants_present: number;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Demo {
  call: Call;
  join_link: string;
}

/** What somebody agreed to: transcription = the agent hears (and writes down), recording = the track is kept. */
export interface Consent {
  transcription: boolean;
  recording: boolean;
}

export interface JoinView {
  call_id: string;
  title: string;
  status: CallStatus;
  starts_at: string;
  duration_minutes: number;
  organization_name: string;
  owner_name: string;
  invitee_name: string;
  agent_name: string;
  opens_at: string;
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
  segment_id: string | null;
  confidence: number;
  expires_after_ms: number;
  reasons: string[];
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

export type CallEvent = EventBase &
  (
    | { kind: "call_started"; started_at: string }
    | { kind: "agent_joined"; identity: string; epoch: number }
    | { kind: "participant_joined"; identity: string; name: string; role: Role }
    | { kind: "participant_left"; identity: string }
    | { kind: "segment_added"; segment: Segment }
    | { kind: "question_asked"; question_id: string; position: number; text: string }
    | { kind: "question_answered"; question_id: string; position: number; segment_id: string; text: string }
    | { kind: "nudge_shown"; nudge: Nudge }
    | { kind: "call_ended"; reason: string }
  );
