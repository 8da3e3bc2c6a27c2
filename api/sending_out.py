"""Out of live rooms at once. What the media server does not do now, the steward sees to: `jobs/steward.py`."""

import asyncio
from collections.abc import Iterable

from api.deps import Parts
from db import calls
from db.pool import transaction
from domain.call import colleague_identities, room_of
from domain.errors import RoomUnavailable
from domain.ids import Identity, OrganizationId, UserId
from telemetry import log

logger = log.get(__name__)


async def send_colleague_out(held: Parts, organization_id: OrganizationId, user_id: UserId) -> None:
    """Of every call of the organization that is going on."""
    async with transaction(held.pool, organization_id) as connection:
        going_on = await calls.people_have_come_to(connection, organization_id)
    await send_out(
        held, [(room_of(call_id), identity) for call_id in going_on for identity in colleague_identities(user_id)]
    )


async def send_out(held: Parts, whom: Iterable[tuple[str, Identity]]) -> None:
    """Each from that room, if they are in it."""
    results = await asyncio.gather(
        *(held.rooms.remove(room, identity) for room, identity in whom), return_exceptions=True
    )
    for result in results:
        if isinstance(result, RoomUnavailable):
            logger.warning("room unavailable", task="sending out")
        elif isinstance(result, BaseException):
            raise result
