"""Changing a call by its guests: what they may, what is refused and why, and who is told.

Each function works under the lock of the call, as `api/changing.py` does for colleagues.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from api.join import call_of, subject_of
from api.telling import owner_of
from api.text import Stripped, is_storable
from db import audit, busy_times, calls, emails
from db.pool import Connection
from domain.audit import Actor, Subject
from domain.call import Call, Invitee
from domain.errors import CallChanged, InvalidInput
from domain.free_times import free_times
from domain.ids import OrganizationId
from domain.links import Link
from domain.managing import must_be_cancellable, must_be_movable
from domain.notices import changed_by_guest, notices

Reason = Annotated[str, Stripped, Field(max_length=500), AfterValidator(is_storable)]


async def move(
    connection: Connection,
    organization_id: OrganizationId,
    link: Link,
    starts_at: datetime,
    revision: int,
    now: datetime,
) -> tuple[Call, Invitee]:
    """The call as it is then. To the time at which it is already changes nothing.

    Raises LinkUnknown, CallEnded, CallBegun, GuestsCannotMove, CallChanged or InvalidInput.
    """
    before, invitee = await held_call(connection, organization_id, link)
    if starts_at == before.starts_at:
        return before, invitee
    must_be_movable(before, now)
    if revision != before.revision:
        raise CallChanged
    await busy_times.lock(connection, before)
    if starts_at not in await free_times_of(connection, before, now):
        raise InvalidInput("/body/starts_at", "This time is not free any more. Choose another.")
    after = await calls.change(connection, replace(before, starts_at=starts_at), revision)
    if after is None:
        raise CallChanged
    await tell(connection, before, after, invitee, "", now)
    await audit.write(
        connection, organization_id, Actor.guest(invitee.invitee_id), "call_moved", subject_of(after),
        revision=after.revision, owner_id=after.owner.user_id,
    )  # fmt: skip
    return after, invitee


async def cancel(
    connection: Connection, organization_id: OrganizationId, link: Link, reason: str, now: datetime
) -> tuple[Call, Call]:
    """The call before and after: cancelled by its last guest, else without this one.

    Raises LinkUnknown, CallEnded or CallBegun.
    """
    before, invitee = await held_call(connection, organization_id, link)
    must_be_cancellable(before, now)
    actor = Actor.guest(invitee.invitee_id)
    if len(before.invitees) == 1:
        after = await calls.cancel(connection, before, reason or None, before.revision, now)
        assert after is not None, "it was read under its lock"
        await tell(connection, before, after, invitee, reason, now)
        await audit.write(
            connection, organization_id, actor, "call_cancelled", subject_of(after),
            revision=after.revision, has_reason=after.cancel_reason is not None,
        )  # fmt: skip
        return before, after
    await calls.remove_invitee(connection, organization_id, before.call_id, invitee.invitee_id)
    found = await calls.get(connection, organization_id, before.call_id)
    assert found is not None, "it is locked"
    await tell(connection, before, found, invitee, reason, now)
    await audit.write(
        connection, organization_id, actor, "invitee_removed", Subject("invitee", str(invitee.invitee_id)),
        call_id=found.call_id,
    )  # fmt: skip
    return before, found


async def held_call(connection: Connection, organization_id: OrganizationId, link: Link) -> tuple[Call, Invitee]:
    """Under the lock of the call. Raises LinkUnknown."""
    await calls.lock(connection, organization_id, link.call_id)
    return await call_of(connection, organization_id, link)


async def free_times_of(connection: Connection, call: Call, now: datetime) -> list[datetime]:
    busy = await busy_times.around(connection, call, now)
    lasting = timedelta(minutes=call.duration_minutes)
    return free_times(busy, zone=ZoneInfo(call.time_zone), lasting=lasting, now=now)


async def tell(connection: Connection, before: Call, after: Call, invitee: Invitee, reason: str, now: datetime) -> None:
    """The guests by a newer calendar file, the owner of who did it."""
    owner = await owner_of(connection, after)
    due = [
        *notices(before, after, owner, now),
        *changed_by_guest(before, after, owner, invitee, now, reason),
    ]
    await emails.queue(connection, after.organization_id, after.call_id, due)
