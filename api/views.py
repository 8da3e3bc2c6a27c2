"""What the pages are told of a call: the domain's facts with the links that only we can derive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from api.links import Link, Links
from domain.call import Call, CallKind, CallLead, CallOwner, CallStatus, Consent
from domain.ids import CallId, InviteeId, QuestionSetId
from domain.transcript import ParticipantRole

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteeView:
    invitee_id: InviteeId
    name: str
    email: str | None
    join_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    call_id: CallId
    title: str
    kind: CallKind
    status: CallStatus
    starts_at: datetime
    duration_minutes: int
    owner: CallOwner
    lead: CallLead | None
    question_set_id: QuestionSetId | None
    started_at: datetime | None
    ended_at: datetime | None
    invitees: tuple[InviteeView, ...]
    participants_present: int  # humans in the room now


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinView:
    call_id: CallId
    title: str
    status: CallStatus
    starts_at: datetime
    duration_minutes: int
    organization_name: str
    owner_name: str
    invitee_name: str
    agent_name: str
    opens_at: datetime
    may_join: bool
    why_not: str | None  # early, ended, cancelled or expired
    consent: Consent | None  # what this person decided last


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
            join_link=links.address(
                Link(call_id=call.call_id, invitee_id=invitee.invitee_id, revision=invitee.link_revision)
            ),
        )
        for invitee in call.invitees
    )
    return CallView(
        call_id=call.call_id,
        title=call.title,
        kind=call.kind,
        status=call.status,
        starts_at=call.starts_at,
        duration_minutes=call.duration_minutes,
        owner=call.owner,
        lead=call.lead,
        question_set_id=call.question_set_id,
        started_at=call.started_at,
        ended_at=call.ended_at,
        invitees=invitees,
        participants_present=participants_present,
    )
