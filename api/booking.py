"""Booking a call: what a form may ask for, what is refused and why, and that one form makes one call."""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.join import own_call, subject_of
from api.telling import tell
from api.text import EmailAddress, Instant, Line, TimeZone
from db import audit, calls, idempotency, leads, people, question_sets
from db.idempotency import RequestKey
from db.pool import Connection
from domain.access import Viewer, may_book_for
from domain.audit import Actor
from domain.call import MOST_PARTICIPANTS, Call, CallKind, CallLead, CallOwner, CallStatus, Invitee, Switches
from domain.errors import InvalidInput, KeyUsed
from domain.ids import CallId, InviteeId, LeadId, QuestionSetId, UserId, uuid7
from domain.people import User, UserStatus

LATE_START = timedelta(minutes=5)
"""A form may lie open for a while before it is sent."""

LATEST_START = timedelta(days=2 * 365)

NO_SUCH_RECORD = "There is no such record, or it is not yours."
NO_SUCH_OWNER = "There is no such colleague, or you do not book for them."

DurationMinutes = Annotated[int, Field(ge=5, le=480)]
MostParticipants = Annotated[int, Field(ge=2, le=MOST_PARTICIPANTS)]


class NewInvitee(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    email: EmailAddress | None = None
    time_zone: TimeZone | None = None


class NewSwitches(BaseModel):
    model_config = ConfigDict(extra="forbid")
    recording: bool = True
    transcript: bool = True
    coaching: bool = True
    sentiment: bool = True
    mail: bool = True


class NewCall(BaseModel):
    """`starts_at` may be left out with `starts_now`; without an owner it is whoever books."""

    model_config = ConfigDict(extra="forbid")
    title: Line
    kind: Literal[CallKind.DISCOVERY, CallKind.ASSISTED]
    starts_at: Instant | None = None
    time_zone: TimeZone = "UTC"
    duration_minutes: DurationMinutes = 60
    owner_id: UUID | None = None
    question_set_id: UUID | None = None
    lead_id: UUID | None = None
    most_participants: MostParticipants = MOST_PARTICIPANTS
    invitees: list[NewInvitee] = Field(min_length=1, max_length=10)
    switches: NewSwitches = NewSwitches()
    starts_now: bool = False
    staged_as_text: bool = False


def request_key(viewer: Viewer, key: str, asked: str) -> RequestKey:
    """`asked`: the whole request, as text that is the same for the same request."""
    return RequestKey(
        organization_id=viewer.organization_id,
        user_id=viewer.user_id,
        key=key,
        request_sha256=hashlib.sha256(asked.encode()).digest(),
    )


async def book(
    connection: Connection, viewer: Viewer, wanted: NewCall, request: RequestKey | None, now: datetime
) -> tuple[Call, bool]:
    """The call, its mails due, its lead moved on; and whether it is new: the same form again finds what it made.

    Raises InvalidInput, KeyUsed when another form was sent with the key, and NotFound when what it made is no longer
    theirs to see.
    """
    if request and (known := await made_before(connection, request)):
        return await own_call(connection, viewer, known), False
    call = await checked(connection, viewer, wanted, now)
    try:
        await calls.add(connection, call)
    except calls.UnknownReference as error:
        raise InvalidInput(f"/body/{error.column}", NO_SUCH_RECORD) from None
    if request:
        await idempotency.keep(connection, request, call.call_id)
    if call.lead:
        await leads.set_scheduled(connection, viewer.organization_id, call.lead.lead_id)
    booked = await own_call(connection, viewer, call.call_id)
    await tell(connection, None, booked, now)
    await audit.write(
        connection, call.organization_id, Actor.user(viewer.user_id), "call_booked", subject_of(call),
        owner_id=call.owner.user_id, invitees=len(call.invitees),
    )  # fmt: skip
    return booked, True


async def made_before(connection: Connection, request: RequestKey) -> CallId | None:
    """The call that this request made, None when it is new. Raises KeyUsed when another one came with its key."""
    try:
        return await idempotency.find(connection, request)
    except idempotency.OtherRequest:
        raise KeyUsed from None


async def checked(connection: Connection, viewer: Viewer, wanted: NewCall, now: datetime) -> Call:
    """The call as it will be written. Raises InvalidInput."""
    switches = Switches(**wanted.switches.model_dump())
    must_go_together(switches)
    starts_at = now if wanted.starts_now else wanted.starts_at
    if starts_at is None:
        raise InvalidInput("/body/starts_at", "Say when the call starts.")
    must_lie_ahead(starts_at, now)
    must_differ(wanted.invitees)
    await must_have_questions(connection, viewer, wanted.kind, wanted.question_set_id)
    owner = await owner_of(connection, viewer, wanted.owner_id)
    return Call(
        call_id=CallId(uuid7()),
        organization_id=viewer.organization_id,
        organization_name=viewer.organization_name,
        title=wanted.title,
        kind=wanted.kind,
        status=CallStatus.SCHEDULED,
        starts_at=starts_at,
        duration_minutes=wanted.duration_minutes,
        owner=CallOwner(user_id=owner.user_id, name=owner.name),
        lead=CallLead(lead_id=LeadId(wanted.lead_id), name="", company="") if wanted.lead_id else None,
        question_set_id=QuestionSetId(wanted.question_set_id) if wanted.question_set_id else None,
        started_at=None,
        ended_at=None,
        staged_as_text=wanted.staged_as_text,
        time_zone=wanted.time_zone,
        switches=switches,
        most_participants=wanted.most_participants,
        invitees=tuple(new_invitee(invitee) for invitee in wanted.invitees),
        last_seq=0,
    )


def new_invitee(wanted: NewInvitee) -> Invitee:
    return Invitee(
        invitee_id=InviteeId(uuid7()),
        name=wanted.name,
        email=wanted.email,
        link_revision=1,
        time_zone=wanted.time_zone,
    )


def must_go_together(switches: Switches) -> None:
    if switches.problem:
        raise InvalidInput("/body/switches", switches.problem)


def must_lie_ahead(starts_at: datetime, now: datetime) -> None:
    if starts_at < now - LATE_START:
        raise InvalidInput("/body/starts_at", "The start lies in the past.")
    if starts_at > now + LATEST_START:
        raise InvalidInput("/body/starts_at", "The start lies more than two years ahead.")


def must_differ(invitees: list[NewInvitee]) -> None:
    """A person has one link; two for one address would be two people."""
    known: set[str] = set()
    for number, invitee in enumerate(invitees):
        address = (invitee.email or "").casefold()
        if address and address in known:
            raise InvalidInput(f"/body/invitees/{number}/email", "Somebody above has this address already.")
        known.add(address)


async def must_have_questions(
    connection: Connection, viewer: Viewer, kind: CallKind, question_set_id: UUID | None
) -> None:
    if question_set_id is None:
        if kind is CallKind.DISCOVERY:
            raise InvalidInput("/body/question_set_id", "A discovery call needs a question set.")
        return
    found = await question_sets.get(connection, viewer.organization_id, QuestionSetId(question_set_id))
    if found is None:
        raise InvalidInput("/body/question_set_id", NO_SUCH_RECORD)
    if found.is_archived:
        raise InvalidInput("/body/question_set_id", "This question set is archived. Choose another.")
    if kind is CallKind.DISCOVERY and not found.active:
        raise InvalidInput(
            "/body/question_set_id", "This question set asks nothing. Add a question, or choose another."
        )


async def owner_of(connection: Connection, viewer: Viewer, owner_id: UUID | None) -> User:
    """Raises InvalidInput with the same words for whom it is not theirs to book for, who has left and who never was."""
    if owner_id is None:
        return viewer
    owner = await people.get(connection, viewer.organization_id, UserId(owner_id))
    if owner is None or owner.status is UserStatus.DISABLED or not may_book_for(viewer, owner.user_id):
        raise InvalidInput("/body/owner_id", NO_SUCH_OWNER)
    return owner
