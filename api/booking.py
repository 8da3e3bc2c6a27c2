"""Booking a call: what a form may ask for, what is refused and why, and that one form makes one call."""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.join import own_call, subject_of
from api.text import EmailAddress, Instant, Line, TimeZone
from db import audit, calls, emails, idempotency, leads, people, question_sets
from db.idempotency import RequestKey
from db.pool import Connection
from domain.access import Viewer, may_book_for
from domain.audit import Actor
from domain.call import Call, CallKind, CallLead, CallOwner, CallStatus, Invitee, Switches
from domain.errors import InvalidInput, KeyUsed
from domain.ids import CallId, InviteeId, LeadId, QuestionSetId, UserId, uuid7
from domain.people import User, UserStatus

LATE_START = timedelta(minutes=5)
"""A form may lie open for a while before it is sent."""

LATEST_START = timedelta(days=2 * 365)

NO_SUCH_RECORD = "There is no such record, or it is not yours."
NO_SUCH_OWNER = "There is no such colleague, or you do not book for them."

DurationMinutes = Annotated[int, Field(ge=5, le=480)]


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
    invitees: list[NewInvitee] = Field(min_length=1, max_length=10)
    switches: NewSwitches = NewSwitches()
    starts_now: bool = False
    staged_as_text: bool = False


def request_key(viewer: Viewer, key: UUID, wanted: NewCall) -> RequestKey:
    digest = hashlib.sha256(wanted.model_dump_json().encode()).digest()
    return RequestKey(
        organization_id=viewer.organization_id, user_id=viewer.user_id, key=str(key), request_sha256=digest
    )


async def book(
    connection: Connection, viewer: Viewer, wanted: NewCall, key: UUID | None, now: datetime
) -> tuple[Call, bool]:
    """The call, its mails due, its lead moved on; and whether it is new: the same form again finds what it made.

    Raises InvalidInput, KeyUsed when another form was sent with the key, and NotFound when what it made is no longer
    theirs to see.
    """
    request = request_key(viewer, key, wanted) if key else None
    if request:
        try:
            known = await idempotency.find(connection, request)
        except idempotency.OtherRequest:
            raise KeyUsed from None
        if known:
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
    await emails.queue_invites(connection, booked)
    await audit.write(
        connection, call.organization_id, Actor.user(viewer.user_id), "call_booked", subject_of(call),
        owner_id=call.owner.user_id, invitees=len(call.invitees),
    )  # fmt: skip
    return booked, True


async def checked(connection: Connection, viewer: Viewer, wanted: NewCall, now: datetime) -> Call:
    """The call as it will be written. Raises InvalidInput."""
    switches = Switches(**wanted.switches.model_dump())
    if switches.problem:
        raise InvalidInput("/body/switches", switches.problem)
    starts_at = now if wanted.starts_now else wanted.starts_at
    if starts_at is None:
        raise InvalidInput("/body/starts_at", "Say when the call starts.")
    if starts_at < now - LATE_START:
        raise InvalidInput("/body/starts_at", "The start lies in the past.")
    if starts_at > now + LATEST_START:
        raise InvalidInput("/body/starts_at", "The start lies more than two years ahead.")
    must_differ(wanted.invitees)
    await must_have_questions(connection, viewer, wanted)
    owner = await owner_of(connection, viewer, wanted)
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
        invitees=tuple(
            Invitee(
                invitee_id=InviteeId(uuid7()),
                name=invitee.name,
                email=invitee.email,
                link_revision=1,
                time_zone=invitee.time_zone,
            )
            for invitee in wanted.invitees
        ),
        last_seq=0,
    )


def must_differ(invitees: list[NewInvitee]) -> None:
    """A person has one link; two for one address would be two people."""
    known: set[str] = set()
    for number, invitee in enumerate(invitees):
        address = (invitee.email or "").casefold()
        if address and address in known:
            raise InvalidInput(f"/body/invitees/{number}/email", "Somebody above has this address already.")
        known.add(address)


async def must_have_questions(connection: Connection, viewer: Viewer, wanted: NewCall) -> None:
    if wanted.question_set_id is None:
        if wanted.kind is CallKind.DISCOVERY:
            raise InvalidInput("/body/question_set_id", "A discovery call needs a question set.")
        return
    found = await question_sets.get(connection, viewer.organization_id, QuestionSetId(wanted.question_set_id))
    if found is None:
        raise InvalidInput("/body/question_set_id", NO_SUCH_RECORD)
    if found.is_archived:
        raise InvalidInput("/body/question_set_id", "This question set is archived. Choose another.")
    if wanted.kind is CallKind.DISCOVERY and not found.questions:
        raise InvalidInput("/body/question_set_id", "This question set is empty. Add a question, or choose another.")


async def owner_of(connection: Connection, viewer: Viewer, wanted: NewCall) -> User:
    """Raises InvalidInput with the same words for whom it is not theirs to book for, who has left and who never was."""
    if wanted.owner_id is None:
        return viewer
    owner = await people.get(connection, viewer.organization_id, UserId(wanted.owner_id))
    if owner is None or owner.status is UserStatus.DISABLED or not may_book_for(viewer, owner.user_id):
        raise InvalidInput("/body/owner_id", NO_SUCH_OWNER)
    return owner
