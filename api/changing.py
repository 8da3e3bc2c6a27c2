"""Changing a call that has not begun: what a colleague may ask for, what is refused and why, and what follows.

Each function works under the lock of the call, tells the guests and stands in the audit log. No transaction is open
while a room is closed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.booking import (
    NO_SUCH_RECORD,
    DurationMinutes,
    MostParticipants,
    NewInvitee,
    NewSwitches,
    must_go_together,
    must_have_questions,
    must_lie_ahead,
    new_invitee,
    owner_of,
)
from api.deps import Parts
from api.join import own_call, subject_of
from api.telling import tell
from api.text import Instant, Line, Stripped, TimeZone, is_storable
from db import audit, calls
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor, Subject
from domain.call import Call, CallOwner, CallStatus
from domain.errors import AlreadyThere, CallChanged, InvalidInput, NotFound, RoomUnavailable
from domain.ids import CallId, InviteeId, QuestionSetId
from telemetry import log

logger = log.get(__name__)

MOST_INVITEES = 10

SeenRevision = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ChangedCall(BaseModel):
    """What is left out stays; of the switches too. `question_set_id` may become null."""

    model_config = ConfigDict(extra="forbid")
    revision: SeenRevision
    title: Line | None = None
    starts_at: Instant | None = None
    time_zone: TimeZone | None = None
    duration_minutes: DurationMinutes | None = None
    owner_id: UUID | None = None
    question_set_id: UUID | None = None
    most_participants: MostParticipants | None = None
    switches: NewSwitches | None = None


class Cancellation(BaseModel):
    model_config = ConfigDict(extra="forbid")
    revision: SeenRevision
    reason: Annotated[str, Stripped, Field(max_length=500), AfterValidator(is_storable)] = ""


async def held_call(connection: Connection, viewer: Viewer, call_id: UUID) -> Call:
    """The call under its lock. Raises NotFound."""
    await calls.lock(connection, viewer.organization_id, CallId(call_id))
    return await own_call(connection, viewer, call_id)


async def change(
    connection: Connection, viewer: Viewer, call_id: UUID, wanted: ChangedCall, now: datetime
) -> tuple[Call, Call]:
    """The call before and after. Asking again for what is so already changes nothing, whatever revision was seen.

    Raises NotFound, CallBegun, CallChanged or InvalidInput.
    """
    before = await held_call(connection, viewer, call_id)
    before.must_be_changeable()
    asked_for = await changed(connection, viewer, before, wanted, now)
    if asked_for == before:
        return before, before
    try:
        after = await calls.change(connection, asked_for, wanted.revision)
    except calls.UnknownReference as error:
        raise InvalidInput(f"/body/{error.column}", NO_SUCH_RECORD) from None
    if after is None:
        raise CallChanged
    await tell(connection, before, after, now)
    await audit.write(
        connection, after.organization_id, Actor.user(viewer.user_id),
        "call_changed" if before.starts_at == after.starts_at else "call_moved", subject_of(after),
        revision=after.revision, owner_id=after.owner.user_id,
    )  # fmt: skip
    return before, after


async def changed(connection: Connection, viewer: Viewer, call: Call, wanted: ChangedCall, now: datetime) -> Call:
    """The call as it would be. What is not asked for is not held against the rules of today. Raises InvalidInput."""
    given = wanted.model_dump(exclude_unset=True, exclude_none=True, exclude={"revision", "owner_id", "switches"})
    after = replace(call, **given)
    if "question_set_id" in wanted.model_fields_set:
        chosen = QuestionSetId(wanted.question_set_id) if wanted.question_set_id else None
        after = replace(after, question_set_id=chosen)
    if wanted.switches is not None:
        switches = replace(call.switches, **wanted.switches.model_dump(exclude_unset=True))
        must_go_together(switches)
        after = replace(after, switches=switches)
    if wanted.owner_id is not None and wanted.owner_id != call.owner.user_id:
        owner = await owner_of(connection, viewer, wanted.owner_id)
        after = replace(after, owner=CallOwner(user_id=owner.user_id, name=owner.name))
    if after.starts_at != call.starts_at:
        must_lie_ahead(after.starts_at, now)
    if after.question_set_id != call.question_set_id:
        await must_have_questions(connection, viewer, call.kind, after.question_set_id)
    return after


async def cancel(
    connection: Connection, viewer: Viewer, call_id: UUID, wanted: Cancellation, now: datetime
) -> tuple[Call, Call]:
    """The call before and after; a call that is cancelled stays so. Raises NotFound, CallBegun or CallChanged."""
    before = await held_call(connection, viewer, call_id)
    if before.status is CallStatus.CANCELLED:
        return before, before
    before.must_be_changeable()
    after = await calls.cancel(connection, before, wanted.reason or None, wanted.revision, now)
    if after is None:
        raise CallChanged
    await tell(connection, before, after, now)
    await audit.write(
        connection, after.organization_id, Actor.user(viewer.user_id), "call_cancelled", subject_of(after),
        revision=after.revision, has_reason=after.cancel_reason is not None,
    )  # fmt: skip
    return before, after


async def invite(connection: Connection, viewer: Viewer, call_id: UUID, wanted: NewInvitee, now: datetime) -> Call:
    """Also to a call that goes on. Raises NotFound, CallEnded, AlreadyThere or InvalidInput."""
    before = await held_call(connection, viewer, call_id)
    before.must_not_be_over(now)
    if wanted.email and wanted.email.casefold() in {(one.email or "").casefold() for one in before.invitees}:
        raise AlreadyThere("guest")
    if len(before.invitees) >= MOST_INVITEES:
        raise InvalidInput("/body", f"No more than {MOST_INVITEES} people can be invited to a call.")
    invitee = new_invitee(wanted)
    after = await calls.add_invitee(connection, before, invitee)
    await tell(connection, before, after, now)
    await audit.write(
        connection, after.organization_id, Actor.user(viewer.user_id), "invitee_added",
        Subject("invitee", str(invitee.invitee_id)), call_id=after.call_id,
    )  # fmt: skip
    return after


async def uninvite(connection: Connection, viewer: Viewer, call_id: UUID, invitee_id: InviteeId, now: datetime) -> Call:
    """Their link is dead; what they said in the call stays. Raises NotFound."""
    before = await held_call(connection, viewer, call_id)
    if not await calls.remove_invitee(connection, before.organization_id, before.call_id, invitee_id):
        raise NotFound("invitee")
    after = await own_call(connection, viewer, call_id)
    if after.closed_reason(now) is None:
        await tell(connection, before, after, now)
    await audit.write(
        connection, after.organization_id, Actor.user(viewer.user_id), "invitee_removed",
        Subject("invitee", str(invitee_id)), call_id=after.call_id,
    )  # fmt: skip
    return after


async def close_room(held: Parts, before: Call, after: Call, now: datetime) -> None:
    """Whoever came early to a call that was cancelled or put off is sent out, its agent too."""
    if before.is_early(now) or not (after.is_early(now) or after.status is CallStatus.CANCELLED):
        return
    try:
        await held.rooms.delete(after.room)
    except RoomUnavailable:
        logger.warning("room unavailable", task="closing")
