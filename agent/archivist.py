"""Writes the call's events beside the audio path: in bounded batches, never awaited, lost by nobody.

While the database is away events wait in memory up to MOST_WAITING, then in the spool file, which is replayed.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from db import events
from db.pool import DatabaseError, Pool, transaction
from db.spool import Spool
from domain.event import Event
from domain.ids import CallId, OrganizationId
from telemetry import log

logger = log.get(__name__)

MOST_WAITING = 2_000
BATCH = 100
RETRY_SECONDS = 1.0
CLOSE_DEADLINE_SECONDS = 5.0


class Archivist:
    """The owner runs `run()` as a task and awaits `close()` at the end."""

    def __init__(self, pool: Pool, spool: Spool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> None:
        self._pool = pool
        self._spool = spool
        self._organization_id = organization_id
        self._call_id = call_id
        self._epoch = epoch
        self._waiting: asyncio.Queue[Event] = asyncio.Queue(MOST_WAITING)
        self._batch: list[Event] = []

    def add(self, event: Event) -> None:
        """Returns at once. Past the bound the event goes to the spool file."""
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            self._put_aside([event], "queue full")

    async def run(self) -> None:
        """Until cancelled. The order of events is kept: a batch is tried until it is written."""
        while True:
            if not self._batch:
                self._batch.append(await self._waiting.get())
            self._fill()
            try:
                await self._write()
                if self._waiting.empty():
                    await self._spool.replay(self._pool, call_id=self._call_id)
            except DatabaseError as error:
                logger.warning("events wait", call_id=str(self._call_id), error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """After `run` has been cancelled: writes what is left, or spools it when that takes too long."""
        with suppress(*DatabaseError):
            async with asyncio.timeout(CLOSE_DEADLINE_SECONDS):
                while self._batch or not self._waiting.empty():
                    self._fill()
                    await self._write()
        while not self._waiting.empty():
            self._batch.append(self._waiting.get_nowait())
        if self._batch:
            self._put_aside(self._batch, "closing")

    def _put_aside(self, waiting: Sequence[Event], reason: str) -> None:
        """Into the spool file. A full disk loses the events, loudly, and not the call."""
        try:
            self._spool.write(self._organization_id, self._call_id, self._epoch, waiting)
        except OSError as error:
            logger.error("events lost", call_id=str(self._call_id), count=len(waiting), error=type(error).__name__)
        else:
            logger.error("events spooled", call_id=str(self._call_id), count=len(waiting), reason=reason)

    def _fill(self) -> None:
        while len(self._batch) < BATCH and not self._waiting.empty():
            self._batch.append(self._waiting.get_nowait())

    async def _write(self) -> None:
        async with transaction(self._pool, self._organization_id) as connection:
            await events.append(connection, self._organization_id, self._call_id, self._batch)
        self._batch.clear()
