"""Makes the places of each room agree with who is in it: what the media server could not tell us is found out here."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from db import calls, leases, places
from db.pool import DatabaseError, Pool, lookup, transaction
from domain.call import room_of
from domain.errors import RoomUnavailable
from domain.ids import CallId, OrganizationId
from providers.rooms import Rooms
from telemetry import log

logger = log.get(__name__)

ROUND_SECONDS = 2.0
MOST_AT_ONCE = 16


class Places:
    def __init__(self, pool: Pool, rooms: Rooms) -> None:
        self._pool = pool
        self._rooms = rooms

    async def run(self, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Rounds until cancelled."""
        while True:
            try:
                await self.make_round(datetime.now(UTC))
            except DatabaseError as error:
                logger.warning("round of places broken off", error=type(error).__name__)
            await wait(ROUND_SECONDS)

    async def make_round(self, now: datetime) -> None:
        """Looks at every call that people have come to. What goes wrong with one does not keep the others waiting.

        Raises one of DatabaseError when not even the list can be read.
        """
        async with lookup(self._pool) as connection:
            going_on = {*await calls.that_want_an_agent(connection), *await leases.of_agents_sent_away(connection)}
        at_once = asyncio.Semaphore(MOST_AT_ONCE)

        async def in_turn(organization_id: OrganizationId, call_id: CallId) -> None:
            async with at_once:
                try:
                    await self.look(organization_id, call_id, now)
                except RoomUnavailable:
                    logger.warning("room unavailable", call_id=str(call_id))
                except DatabaseError as error:
                    logger.warning("database refused", call_id=str(call_id), error=type(error).__name__)

        await asyncio.gather(*(in_turn(owner, call_id) for owner, call_id in going_on))

    async def look(self, organization_id: OrganizationId, call_id: CallId, now: datetime) -> None:
        """Whoever is inside without a place, where there is none, goes out. No transaction waits for the room."""
        present = await self._rooms.present(room_of(call_id))
        there = {somebody.identity for somebody in present if not somebody.is_agent}
        async with transaction(self._pool, organization_id) as connection:
            call = await calls.get(connection, organization_id, call_id)
            without_place = await places.seen(connection, call, there, now) if call else []
        for identity in without_place:
            logger.warning("sent out", call_id=str(call_id), identity=identity)
            await self._rooms.remove(room_of(call_id), identity)
