/** What the API says, by the names the pages use. The shapes are generated from the server's own document. */

import type * as made from "./generated";

export type {
  CallStatus,
  Consent,
  CoverageStatus,
  Demo,
  Depth,
  JoinView,
  Lead,
  LeadDetail,
  LeadScore,
  LeadStatus,
  Me,
  NewLead,
  Nudge,
  NudgeKind,
  NudgeResponse,
  QuestionSet,
  QuestionType,
  RoomAccess,
  Segment,
  Switches,
  Waiting,
} from "./generated";

export type Call = made.CallView;
export type Invitee = made.InviteeView;
export type Role = made.ParticipantRole;
export type CoverageItem = made.CoveredQuestion;
export type KeptNudge = made.ShownNudge;
export type SetQuestion = made.Question;
export type CallEvent = made.Event;
export type CallChange = made.ChangedCall;
export type Recipient = made.RecipientView;
/** Something between us and an invitee: a mail, or what they did. */
export type Moment = made.Moment;

/** What can be booked; others may come to be listed. */
export type CallKind = made.NewCall["kind"];

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** A booking as the form sends it: whole, with nothing left to the server's defaults. */
export type NewCall = Required<Omit<made.NewCall, "staged_as_text">>;

/** All optional; the interval is half-open. */
export type CallFilter = Omit<NonNullable<made.ListCallsData["query"]>, "cursor">;
export type LeadFilter = Omit<NonNullable<made.ListLeadsData["query"]>, "cursor">;
export type LeadChange = made.LeadChange;
export type QuestionSetBody = Required<Omit<made.NewQuestionSet, "questions">> & {
  questions: Required<made.ChangedQuestion>[];
};
