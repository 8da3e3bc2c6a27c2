"""Calls that go on without an agent: one that was asked to leave, or one that cannot come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db import appointments, calls
from db.pool import Pool, transaction
from domain.call import Call, CallStatus
from domain.ending import over_at
from domain.errors import RoomUnavailable
from domain.ids import CallId
from providers.rooms import Present, Rooms
from telemetry import log

logger = log.get(__name__)

GONE_BY = timedelta(seconds=5)
"""An agent that was asked to leave does so within two; one that is still there then does not hear, and is sent out."""

MISSED_AFTER = timedelta(seconds=15)
"""With people waiting and no agent, they and the owner are told."""

LOST_DISPATCHES = 2
"""After so many that brought nobody the owner is told, also when nobody waits yet. Source: ADR 0007."""

AGENT_MISSING = {"notice": "agent_missing"}


@dataclass
class Watched:
    """One call as this steward has seen it."""

    since: datetime
    waiting_since: datetime | None = None  # people, without a break
    left_at: datetime | None = None  # the last of them, as far as is known
    somebody_came: bool = False
    fruitless: set[int] = field(default_factory=set)  # epochs whose agent has not been heard of


class Unattended:
    """What is remembered here begins anew with the process: it only makes calls wait longer."""

    def __init__(self, pool: Pool, rooms: Rooms) -> None:
        self._pool = pool
        self._rooms = rooms
        self._watched: dict[CallId, Watched] = {}

    def attended(self, call_id: CallId) -> None:
        self._watched.pop(call_id, None)

    def forget_others(self, call_ids: set[CallId]) -> None:
        for call_id in self._watched.keys() - call_ids:
            del self._watched[call_id]

    async def watch_dismissed(self, call: Call, now: datetime) -> None:
        """Its agent was asked to leave: sees that it is gone, and ends the call when everybody has left.

        Raises RoomUnavailable or one of DatabaseError.
        """
        watched = self._watched.setdefault(call.call_id, Watched(now))
        present = await self._rooms.present(call.room)
        if now - watched.since >= GONE_BY:
            for somebody in present:
                if somebody.is_agent:
                    logger.warning("agent sent out", call_id=str(call.call_id))
                    await self._rooms.remove(call.room, somebody.identity)
        count(watched, present, now)
        await self._end_if_over(call, watched, now)

    async def watch_missing(self, call: Call, epoch: int | None, now: datetime) -> None:
        """It wants an agent and has none. `epoch`: of the agent that was sent for and has not come, if it is that.

        The room is told again each time, so that those who come later know it too. Raises RoomUnavailable or one of
        DatabaseError; when nobody can be seen the owner learns of it all the same.
        """
        watched = self._watched.setdefault(call.call_id, Watched(now))
        if epoch is not None:
            watched.fruitless.add(epoch)
        try:
            count(watched, await self._rooms.present(call.room), now)
        except RoomUnavailable:
            if len(watched.fruitless) > LOST_DISPATCHES:
                await self._miss_agent(call, now)
            raise
        waits_long = watched.waiting_since is not None and now - watched.waiting_since >= MISSED_AFTER
        if not (waits_long or len(watched.fruitless) > LOST_DISPATCHES or call.agent_missing_at):
            return
        await self._miss_agent(call, now)
        if watched.waiting_since:
            await self._rooms.tell_everybody(call.room, AGENT_MISSING)
        await self._end_if_over(call, watched, now)

    async def _miss_agent(self, call: Call, now: datetime) -> None:
        if call.agent_missing_at is not None:
            return
        async with transaction(self._pool, call.organization_id) as connection:
            if await appointments.miss_agent(connection, call, now):
                logger.warning("agent missing", call_id=str(call.call_id))

    async def _end_if_over(self, call: Call, watched: Watched, now: datetime) -> None:
        """Once everybody has left. Nobody can have left a call that nobody came to."""
        somebody_came = watched.somebody_came or call.status is CallStatus.LIVE or has_guests(call)
        if somebody_came and watched.left_at and now >= over_at(call.starts_at, watched.left_at):
            async with transaction(self._pool, call.organization_id) as connection:
                await calls.end(connection, call.organization_id, call.call_id, "everybody left")


def count(watched: Watched, present: Sequence[Present], now: datetime) -> None:
    if any(not somebody.is_agent for somebody in present):
        watched.somebody_came = True
        watched.waiting_since = watched.waiting_since or now
        watched.left_at = None
    else:
        watched.waiting_since = None
        watched.left_at = watched.left_at or now


def has_guests(call: Call) -> bool:
    """Whether one of those invited has been let in."""
    return any(invitee.joined_at for invitee in call.invitees)
