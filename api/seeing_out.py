"""Sending out of a room whoever came in with a token that outlived their right to be there.

The steward looks at everybody in each round; this is for the moment in which somebody comes in.
"""

from datetime import datetime
from uuid import UUID

from api.deps import Parts
from db import calls, people
from db.pool import lookup, transaction
from domain.access import may_be_in_room
from domain.call import colleague_of, room_of
from domain.ids import CallId, Identity


async def see_out(held: Parts, room: str, identity: Identity, now: datetime) -> None:
    """Sends one human out of a call's room unless they may be in it. Raises RoomUnavailable."""
    call_id = call_of(room)
    if call_id is not None and not await is_welcome(held, call_id, identity, now):
        await held.rooms.remove(room, identity)


async def is_welcome(held: Parts, call_id: CallId, identity: Identity, now: datetime) -> bool:
    async with lookup(held.pool) as connection:
        organization_id = await calls.organization_of(connection, call_id)
    if organization_id is None:
        return False
    user_id = colleague_of(identity)
    async with transaction(held.pool, organization_id) as connection:
        call = await calls.get(connection, organization_id, call_id)
        colleagues = await people.active(connection, organization_id, [user_id]) if user_id else {}
    if call is None or call.closed_reason(now):
        return False
    return may_be_in_room(call, identity, colleagues.get(user_id) if user_id else None)


def call_of(room: str) -> CallId | None:
    """None for a room that is not a call's, such as the one `parley doctor` makes."""
    try:
        call_id = CallId(UUID(room.partition("-")[2]))
    except ValueError:
        return None
    return call_id if room == room_of(call_id) else None
