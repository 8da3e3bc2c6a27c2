"""What the pages are told of a call: the domain's facts with the links that only we can derive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from domain.call import CalendarAnswer, Call, CallKind, CallLead, CallOwner, CallStatus, Consent, Switches
from domain.ids import CallId, InviteeId, QuestionSetId
from domain.links import Link, Links
from domain.transcript import ParticipantRole

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteeView:
    invitee_id: InviteeId
    name: str
    email: str | None
    time_zone: str | None  # IANA; None: not known
    join_link: str
    opened_at: datetime | None  # when the link was first opened in a browser
    joined_at: datetime | None  # when they were first let in
    prefers_text: bool
    calendar_answer: CalendarAnswer | None  # None: no answer came by mail


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    call_id: CallId
    title: str
    kind: CallKind
    status: CallStatus
    starts_at: datetime
    time_zone: str  # IANA, as it was booked
    duration_minutes: int
    owner: CallOwner
    lead: CallLead | None
    question_set_id: QuestionSetId | None
    started_at: datetime | None
    ended_at: datetime | None
    invitees: tuple[InviteeView, ...]
    switches: Switches
    agent_dismissed: bool  # somebody asked the agent to leave
    agent_missing_at: datetime | None  # when its people were told that the agent cannot come
    revision: int  # of what its guests were told; to be sent with a change
    most_participants: int  # humans
    cancelled_at: datetime | None
    cancel_reason: str | None
    question_set_version: int | None  # None: not fixed yet, or no set
    participants_present: int  # humans in the room now


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinView:
    call_id: CallId
    title: str
    kind: CallKind
    status: CallStatus
    starts_at: datetime
    time_zone: str  # IANA; this person's where it is known, else the call's
    duration_minutes: int
    organization_name: str
    owner_name: str
    invitee_name: str
    agent_name: str
    opens_at: datetime
    now: datetime  # by the server's clock
    participants_present: int  # humans in the room now
    asks_transcription: bool  # False: nothing is transcribed in this call, whatever anybody agrees to
    asks_recording: bool
    agent_dismissed: bool  # somebody asked the agent to leave
    may_join: bool
    why_not: Literal["early", "ended", "cancelled", "expired"] | None
    consent: Consent | None  # what this person decided last
    prefers_text: bool  # they said so


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAccess:
    url: str
    token: str  # for one room, to be used within a minute
    identity: str
    name: str
    role: ParticipantRole
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


def call_view(call: Call, links: Links, *, participants_present: int) -> CallView:
    invitees = tuple(
        InviteeView(
            invitee_id=invitee.invitee_id,
            name=invitee.name,
            email=invitee.email,
            time_zone=invitee.time_zone,
            join_link=links.address(
                Link(call_id=call.call_id, invitee_id=invitee.invitee_id, revision=invitee.link_revision)
            ),
            opened_at=invitee.opened_at,
            joined_at=invitee.joined_at,
            prefers_text=invitee.prefers_text,
            calendar_answer=invitee.calendar_answer,
        )
        for invitee in call.invitees
    )
    return CallView(
        call_id=call.call_id,
        title=call.title,
        kind=call.kind,
        status=call.status,
        starts_at=call.starts_at,
        time_zone=call.time_zone,
        duration_minutes=call.duration_minutes,
        owner=call.owner,
        lead=call.lead,
        question_set_id=call.question_set_id,
        started_at=call.started_at,
        ended_at=call.ended_at,
        invitees=invitees,
        switches=call.switches,
        agent_dismissed=call.agent_dismissed_at is not None,
        agent_missing_at=call.agent_missing_at,
        revision=call.revision,
        most_participants=call.most_participants,
        cancelled_at=call.cancelled_at,
        cancel_reason=call.cancel_reason,
        question_set_version=call.question_set_version,
        participants_present=participants_present,
    )
