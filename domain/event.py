"""The closed list of facts in a call's append-only log. The same shape is stored, streamed and shown.

The agent writes all of these; the steward writes `call_ended` for an agent that died before it could.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.ids import CallId, EventId, Identity, QuestionId, SegmentId
from domain.nudge import Nudge
from domain.transcript import ParticipantRole, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBase:
    event_id: EventId
    call_id: CallId
    at_ms: int  # since the call started
    seq: int | None = None  # per call from 1, given by the database; None: not yet written


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(EventBase):
    started_at: datetime
    kind: Literal["call_started"] = "call_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(EventBase):
    identity: Identity
    epoch: int
    kind: Literal["agent_joined"] = "agent_joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeft(EventBase):
    """The agent was asked to leave; the call goes on without it."""

    identity: Identity
    kind: Literal["agent_left"] = "agent_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantJoined(EventBase):
    identity: Identity
    name: str
    role: ParticipantRole
    kind: Literal["participant_joined"] = "participant_joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLeft(EventBase):
    identity: Identity
    kind: Literal["participant_left"] = "participant_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentAdded(EventBase):
    segment: Segment
    kind: Literal["segment_added"] = "segment_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(EventBase):
    question_id: QuestionId
    position: int
    text: str
    kind: Literal["question_asked"] = "question_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(EventBase):
    """Of several for one question the last counts: people correct themselves."""

    question_id: QuestionId
    position: int
    segment_id: SegmentId
    text: str  # the words of the answer, as they were said
    identity: Identity | None = None  # who answered; None in logs older than this field
    volunteered: bool = False  # said before it was asked; it is then not asked any more
    kind: Literal["question_answered"] = "question_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRefused(EventBase):
    """Somebody would rather not say; it is not asked again."""

    question_id: QuestionId
    position: int
    segment_id: SegmentId
    text: str
    identity: Identity
    kind: Literal["question_refused"] = "question_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeShown(EventBase):
    nudge: Nudge
    kind: Literal["nudge_shown"] = "nudge_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChanged(EventBase):
    """An outside part failed and another took over, or it came back. For colleagues; prospects are not told."""

    part: Literal["speech_to_text", "language_model"]
    provider: str  # in use from now on: local, deepgram, gemini, openai
    reason: str  # in words for people
    kind: Literal["provider_changed"] = "provider_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEndedEvent(EventBase):
    reason: str
    kind: Literal["call_ended"] = "call_ended"


Event = (
    CallStarted
    | AgentJoined
    | AgentLeft
    | ParticipantJoined
    | ParticipantLeft
    | SegmentAdded
    | QuestionAsked
    | QuestionAnswered
    | QuestionRefused
    | NudgeShown
    | ProviderChanged
    | CallEndedEvent
)
