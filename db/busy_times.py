"""When somebody has calls already."""

from datetime import datetime

from db.pool import Connection, queries
from domain.call import Call
from domain.free_times import LOOKED_AHEAD, Busy


async def around(connection: Connection, call: Call, now: datetime) -> list[Busy]:
    """The other calls of the call's owner from `now` on, as far as free times are looked for."""
    rows = queries.list_busy_times(
        connection,
        organization_id=call.organization_id,
        owner_id=call.owner.user_id,
        call_id=call.call_id,
        starts_from=now,
        starts_before=now + 2 * LOOKED_AHEAD,
    )
    return [Busy(**row) async for row in rows]


async def lock(connection: Connection, call: Call) -> None:
    """Until the end of the transaction no other guest chooses among the times of the call's owner."""
    await queries.lock_owner(connection, organization_id=call.organization_id, owner_id=call.owner.user_id)
