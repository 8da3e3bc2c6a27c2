"""Makes what is agree with what should be: a room for each call that people have come to, and exactly one agent in it.

The media server loses dispatches, doubles them and never repeats them, so nothing here relies on firing once: each
round compares the calls that want an agent with who is in the room and whose lease is alive.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from db import calls, events, leases
from db.leases import Lease
from db.pool import DatabaseError, Pool, lookup, transaction
from domain.call import agent_identity
from domain.errors import RoomUnavailable
from domain.event import CallEndedEvent
from domain.ids import CallId, EventId, OrganizationId, uuid7
from providers.rooms import Rooms
from telemetry import log

logger = log.get(__name__)

ROUND_SECONDS = 1.0
HEARTBEAT_LOST = timedelta(seconds=3)
"""Source: reliability F1: heartbeat each second, lease three."""

ARRIVAL_DEADLINE = timedelta(seconds=8)
"""A dispatched agent joins in under half a second; after this the dispatch is taken for lost."""

MOST_AT_ONCE = 16


class Steward:
    def __init__(self, pool: Pool, rooms: Rooms) -> None:
        self._pool = pool
        self._rooms = rooms

    async def run(self, wake: Callable[[float], Awaitable[None]]) -> None:
        """Rounds until cancelled; `wake` returns when a call became wanted or after the given seconds."""
        while True:
            try:
                await self.make_round()
            except (*DatabaseError, RoomUnavailable) as error:
                logger.warning("round broken off", error=type(error).__name__)
            await wake(ROUND_SECONDS)

    async def make_round(self) -> None:
        """One look at every call that wants an agent."""
        async with lookup(self._pool) as connection:
            wanted = await calls.that_want_an_agent(connection)
            left_open = await calls.with_open_log(connection)
        for organization_id, call_id in left_open:
            await self._close_log(organization_id, call_id)
        places = asyncio.Semaphore(MOST_AT_ONCE)

        async def tend_one(organization_id: OrganizationId, call_id: CallId) -> None:
            async with places:
                await self.tend(organization_id, call_id)

        await asyncio.gather(*(tend_one(*call) for call in wanted))

    async def tend(self, organization_id: OrganizationId, call_id: CallId) -> None:
        """Sends for an agent when the call has none that is alive, and out with those of older epochs."""
        async with transaction(self._pool, organization_id) as connection:
            call = await calls.get(connection, organization_id, call_id)
            lease = await leases.get(connection, organization_id, call_id)
        if call is None:
            return
        if lease is None or is_lost(lease):
            await self._replace(organization_id, call_id, call.room, lease.epoch if lease else 0)
            return
        if lease.epoch == 1:
            return
        current = agent_identity(call_id, lease.epoch)
        for somebody in await self._rooms.present(call.room):
            if somebody.is_agent and somebody.identity != current:
                await self._rooms.remove(call.room, somebody.identity)

    async def _close_log(self, organization_id: OrganizationId, call_id: CallId) -> None:
        """Writes `call_ended` for an agent that died before it could, or a call that never had one."""
        async with transaction(self._pool, organization_id) as connection:
            ending = await calls.ending_of(connection, organization_id, call_id)
            if ending:
                event = CallEndedEvent(
                    event_id=EventId(uuid7()), call_id=call_id, at_ms=ending.at_ms, reason=ending.reason
                )
                await events.append(connection, organization_id, call_id, [event])

    async def _replace(self, organization_id: OrganizationId, call_id: CallId, room: str, expected_epoch: int) -> None:
        async with transaction(self._pool, organization_id) as connection:
            epoch = await leases.take(connection, organization_id, call_id, expected_epoch=expected_epoch)
        if epoch is None:
            return
        if expected_epoch:
            logger.warning("agent replaced", call_id=str(call_id), epoch=epoch)
        await self._rooms.create(room)
        await self._rooms.dispatch(
            room, {"organization_id": str(organization_id), "call_id": str(call_id), "epoch": epoch}
        )


def is_lost(lease: Lease) -> bool:
    """True when the agent has stopped beating, or never came."""
    if lease.heartbeat_at is None:
        return lease.looked_at - lease.dispatched_at > ARRIVAL_DEADLINE
    return lease.looked_at - lease.heartbeat_at > HEARTBEAT_LOST
