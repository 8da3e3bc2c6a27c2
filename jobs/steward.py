"""Makes what is agree with what should be: a room for each call that starts soon or that people have come to, exactly
one agent in it, and nobody who has no right to be there.

The media server loses dispatches, doubles them and never repeats them, so nothing here relies on firing once: each
round compares the calls that want an agent with who is in the room and whose lease is alive.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from db import appointments, calls, events, leases, people
from db.leases import Lease
from db.pool import DatabaseError, Pool, lookup, transaction
from db.spool import Spool
from domain.access import may_be_in_room
from domain.call import Call, CallStatus, agent_identity, colleague_of, room_of
from domain.ending import NOBODY_CAME
from domain.errors import RoomUnavailable
from domain.event import CallEndedEvent
from domain.ids import CallId, EventId, OrganizationId, uuid7
from jobs.appointments import Appointments
from jobs.unattended import Unattended, has_guests
from providers.rooms import Rooms
from telemetry import log

logger = log.get(__name__)

ROUND_SECONDS = 1.0
HEARTBEAT_LOST = timedelta(seconds=3)
"""Source: reliability F1: heartbeat each second, lease three."""

ARRIVAL_DEADLINE = timedelta(seconds=8)
"""A dispatched agent joins in under half a second; after this the dispatch is taken for lost."""

MOST_PATIENCE = 4
"""Each agent of a call gets a deadline longer than the one before, up to so many times the first: on a machine that is
too busy to start a process in time they would all be replaced just before they come."""

PREPARED_PATIENCE = 3
"""For the first agent of a call that is prepared, since nobody waits for it yet. Eight calls that start at nine are
prepared in one moment: with a patience of 1 two busy cores took 31 s to start their agents, most of them twice."""

HEARTBEATS_BACK_SECONDS = 6.0
"""Agents cannot beat while the database is away. This long after it is back a silent one is lost, and not before: a
restart of the database must not cost every call its agent."""

SPOOL_FORGOTTEN_SECONDS = 60.0
"""Nobody has written to a spool file for this long: its agent is gone, or has no more to say."""

MOST_AT_ONCE = 16


class Steward:
    def __init__(self, pool: Pool, rooms: Rooms, spool: Spool) -> None:
        self._pool = pool
        self._rooms = rooms
        self._spool = spool
        self._appointments = Appointments(pool, rooms)
        self._unattended = Unattended(pool, rooms)
        self._trust_heartbeats_at = 0.0  # by the monotonic clock, s

    async def run(self, wake: Callable[[float], Awaitable[None]]) -> None:
        """Rounds until cancelled; `wake` returns when a call became wanted or after the given seconds."""
        while True:
            try:
                await self.make_round(datetime.now(UTC))
            except DatabaseError as error:
                self._doubt_heartbeats()
                logger.warning("round broken off", error=type(error).__name__)
            await wake(ROUND_SECONDS)

    async def make_round(self, now: datetime) -> None:
        """One look at every call that starts soon, that people have come to or that they missed, and at every log that
        nobody has closed.

        What goes wrong with one call does not keep the others waiting. Raises one of DatabaseError when not even the
        lists can be read.
        """
        places = asyncio.Semaphore(MOST_AT_ONCE)

        async def in_turn(task: str, work: Awaitable[object]) -> None:
            async with places:
                try:
                    await work
                except RoomUnavailable:
                    logger.warning("room unavailable", task=task)
                except DatabaseError as error:
                    self._doubt_heartbeats()
                    logger.warning("database refused", task=task, error=type(error).__name__)

        missed = await self._appointments.missed(now)
        await asyncio.gather(
            *(in_turn(f"missed {call_id}", self._appointments.miss(owner, call_id, now)) for owner, call_id in missed)
        )
        await self._appointments.prepare(now)
        async with lookup(self._pool) as connection:
            wanted = await calls.that_want_an_agent(connection)
            left_open = await calls.with_open_log(connection)
            alone = await leases.of_agents_sent_away(connection)
        self._unattended.forget_others({call_id for _, call_id in (*wanted, *alone)})
        await asyncio.gather(
            in_turn("spool", self._spool.replay(self._pool, untouched_for_seconds=SPOOL_FORGOTTEN_SECONDS)),
            *(in_turn(f"log of {call_id}", self._close_log(owner, call_id)) for owner, call_id in left_open),
            *(in_turn(f"call {call_id}", self.tend(owner, call_id, now)) for owner, call_id in wanted),
            *(in_turn(f"call {call_id}", self._watch_alone(owner, call_id, now)) for owner, call_id in alone),
            *(in_turn(f"door of {call_id}", self._watch_door(owner, call_id)) for owner, call_id in (*wanted, *alone)),
        )

    async def tend(self, organization_id: OrganizationId, call_id: CallId, now: datetime) -> None:
        """Sends for an agent when the call has none that is alive, and out with those of older epochs.

        People are told when none comes, and a call ends that only colleagues wait in.
        """
        async with transaction(self._pool, organization_id) as connection:
            call = await calls.get(connection, organization_id, call_id)
            lease = await leases.get(connection, organization_id, call_id)
        if call is None or call.closed_reason(now) or await self._is_missed(call, now):
            return
        is_lost = lease is not None and not is_alive(lease, call.status)
        if lease is None or (is_lost and time.monotonic() >= self._trust_heartbeats_at):
            epoch = await self._replace(organization_id, call_id, call.room, lease.epoch if lease else 0)
            await self._unattended.watch_missing(call, epoch, now)
        elif lease.heartbeat_at is None:
            await self._unattended.watch_missing(call, lease.epoch, now)
        elif not is_lost:
            await self._attend(call, lease.epoch)

    async def _is_missed(self, call: Call, now: datetime) -> bool:
        """Whether nobody came but colleagues, who have waited long enough."""
        if not call.invitees or has_guests(call) or now < call.starts_at + NOBODY_CAME:
            return False
        return await self._appointments.miss(call.organization_id, call.call_id, now)

    async def _attend(self, call: Call, epoch: int) -> None:
        """Its agent is alive. In the first epoch there can be no older one."""
        self._unattended.attended(call.call_id)
        if call.agent_missing_at is not None:
            async with transaction(self._pool, call.organization_id) as connection:
                await appointments.find_agent(connection, call)
        if epoch == 1:
            return
        current = agent_identity(call.call_id, epoch)
        for somebody in await self._rooms.present(call.room):
            if somebody.is_agent and somebody.identity != current:
                await self._rooms.remove(call.room, somebody.identity)

    async def _watch_alone(self, organization_id: OrganizationId, call_id: CallId, now: datetime) -> None:
        async with transaction(self._pool, organization_id) as connection:
            call = await calls.get(connection, organization_id, call_id)
        if call is not None and not await self._is_missed(call, now):
            await self._unattended.watch_dismissed(call, now)

    async def _watch_door(self, organization_id: OrganizationId, call_id: CallId) -> None:
        """Sends out whoever has no right to be there: a room token may come back after its right has gone.

        Who is there is asked first, so that nobody goes who was invited in between.
        """
        present = [somebody for somebody in await self._rooms.present(room_of(call_id)) if not somebody.is_agent]
        if not present:
            return
        colleagues = {somebody.identity: colleague_of(somebody.identity) for somebody in present}
        async with transaction(self._pool, organization_id) as connection:
            call = await calls.get(connection, organization_id, call_id)
            active = await people.active(connection, organization_id, [one for one in colleagues.values() if one])
        if call is None:
            return
        for somebody in present:
            user_id = colleagues[somebody.identity]
            if not may_be_in_room(call, somebody.identity, active.get(user_id) if user_id else None):
                logger.warning("sent out", call_id=str(call_id), identity=somebody.identity)
                await self._rooms.remove(call.room, somebody.identity)

    def _doubt_heartbeats(self) -> None:
        self._trust_heartbeats_at = time.monotonic() + HEARTBEATS_BACK_SECONDS

    async def _close_log(self, organization_id: OrganizationId, call_id: CallId) -> None:
        """Writes `call_ended` for an agent that died before it could, or a call that never had one.

        What the agent has left in the spool comes before it. A room that is still there goes: nobody stays in a call
        that is over because the media server could not be reached when it ended.
        """
        await self._rooms.delete(room_of(call_id))
        await self._spool.replay(self._pool, call_id=call_id)
        async with transaction(self._pool, organization_id) as connection:
            ending = await calls.ending_of(connection, organization_id, call_id)
            if ending:
                event = CallEndedEvent(
                    event_id=EventId(uuid7()), call_id=call_id, at_ms=ending.at_ms, reason=ending.reason
                )
                await events.append(connection, organization_id, call_id, [event])

    async def _replace(
        self, organization_id: OrganizationId, call_id: CallId, room: str, expected_epoch: int
    ) -> int | None:
        """The epoch of the agent that was sent for; None when another steward did it. Raises RoomUnavailable."""
        async with transaction(self._pool, organization_id) as connection:
            epoch = await leases.take(connection, organization_id, call_id, expected_epoch=expected_epoch)
        if epoch is None:
            return None
        if expected_epoch:
            logger.warning("agent replaced", call_id=str(call_id), epoch=epoch)
        await self._rooms.create(room)
        await self._rooms.dispatch(
            room, {"organization_id": str(organization_id), "call_id": str(call_id), "epoch": epoch}
        )
        return epoch


def is_alive(lease: Lease, status: CallStatus) -> bool:
    """False when the agent has stopped beating, or has not come in time."""
    if lease.heartbeat_at is not None:
        return lease.looked_at - lease.heartbeat_at <= HEARTBEAT_LOST
    is_early = status is CallStatus.PREPARED and lease.epoch == 1
    patience = PREPARED_PATIENCE if is_early else min(lease.epoch, MOST_PATIENCE)
    return lease.looked_at - lease.dispatched_at <= ARRIVAL_DEADLINE * patience
