"""Who comes into a room and who goes out of it: their places, and out with whoever must not be there.

A token may outlive the right it was made for, and the place it was made for. The rounds of the jobs process look at
everybody, `jobs/steward.py` at rights and `jobs/places.py` at places; this is for the moment in which somebody comes
or goes.

What an event changes and that it was heard are written down together. So one that could not be handled counts when it
comes again, and one that was does not. Sending somebody out is decided anew each time, by what is so then.
"""

from datetime import datetime, timedelta
from uuid import UUID

from livekit.protocol.models import DisconnectReason

from api.deps import Parts
from db import calls, limits, people, places
from db.limits import Draw
from db.pool import Connection, lookup, transaction
from domain.access import may_be_in_room
from domain.call import Call, colleague_of, room_of
from domain.ids import CallId, Identity

GONE = frozenset({
    DisconnectReason.CLIENT_INITIATED, DisconnectReason.PARTICIPANT_REMOVED, DisconnectReason.ROOM_DELETED,
    DisconnectReason.ROOM_CLOSED,
})  # fmt: skip
STILL_THERE = frozenset({DisconnectReason.DUPLICATE_IDENTITY, DisconnectReason.MIGRATION})
"""They are in the room by another connection. Every other reason is a line that broke."""

REMEMBERED = timedelta(minutes=10)
"""Longer than an event is young enough to come again."""


class HeardBefore(Exception):
    """What this event changes was changed when it came first; nothing of it is done now."""


async def see_in(held: Parts, event_id: str, room: str, identity: Identity, now: datetime) -> None:
    """Sends one human out of a call's room unless they may be in it and have a place.

    Raises RoomUnavailable or HeardBefore.
    """
    call_id = call_of(room)
    if call_id is None:
        return
    call = await found(held, call_id)
    if call is None or not await may_stay(held, event_id, call, identity, now):
        await held.rooms.remove(room, identity)


async def see_out(held: Parts, event_id: str, room: str, identity: Identity, reason: int, now: datetime) -> None:
    """Frees the place of a human who has gone, or keeps it for a while when their line broke. Raises HeardBefore."""
    call_id = call_of(room)
    call = await found(held, call_id) if call_id and reason not in STILL_THERE else None
    if call is None:
        return
    async with transaction(held.pool, call.organization_id) as connection:
        await hear(connection, event_id)
        await (places.left if reason in GONE else places.dropped)(connection, call, identity, now)


async def may_stay(held: Parts, event_id: str, call: Call, identity: Identity, now: datetime) -> bool:
    """Has the right to be there; then, if there is one, they have a place from now on."""
    user_id = colleague_of(identity)
    async with transaction(held.pool, call.organization_id) as connection:
        colleagues = await people.active(connection, call.organization_id, [user_id]) if user_id else {}
        if call.closed_reason(now) or not may_be_in_room(call, identity, colleagues.get(user_id) if user_id else None):
            return False
        if not await places.entered(connection, call, identity, now):
            return False
        await hear(connection, event_id)
    return True


async def hear(connection: Connection, event_id: str) -> None:
    """In the transaction of what it changes. Raises HeardBefore."""
    once = Draw(purpose="livekit webhook", subject=event_id, burst=1, every=REMEMBERED)
    if await limits.take_with(connection, once) > 0:
        raise HeardBefore


async def found(held: Parts, call_id: CallId) -> Call | None:
    async with lookup(held.pool) as connection:
        organization_id = await calls.organization_of(connection, call_id)
    if organization_id is None:
        return None
    async with transaction(held.pool, organization_id) as connection:
        return await calls.get(connection, organization_id, call_id)


def call_of(room: str) -> CallId | None:
    """None for a room that is not a call's, such as the one `parley doctor` makes."""
    try:
        call_id = CallId(UUID(room.partition("-")[2]))
    except ValueError:
        return None
    return call_id if room == room_of(call_id) else None
