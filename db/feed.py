"""The events of a call after a number, then live: read from the log, woken by NOTIFY.

NOTIFY carries the call and the newest number only. The log is the truth, so a lost notification costs at most one
POLL_SECONDS, never an event.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import suppress
from uuid import UUID

import asyncpg
import asyncpg_listen

from db import events
from db.pool import Pool, transaction
from domain.event import Event
from domain.ids import CallId, OrganizationId

POLL_SECONDS = 2.0
PAGE = 200


class Feed:
    """One LISTEN connection for the whole process. The owner runs `listen()` as a task for as long as it lives."""

    def __init__(self, pool: Pool, url: str) -> None:
        self._pool = pool
        self._url = url
        self._followers: defaultdict[CallId, set[asyncio.Event]] = defaultdict(set)

    async def listen(self) -> None:
        """Wakes the followers; reconnects by itself. Runs until it is cancelled."""
        listener = asyncpg_listen.NotificationListener(self._connect)
        await listener.run({"call_events": self._wake}, policy=asyncpg_listen.ListenPolicy.ALL, notification_timeout=30)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self._url, timeout=10)

    async def _wake(self, notification: asyncpg_listen.NotificationOrTimeout) -> None:
        if isinstance(notification, asyncpg_listen.Timeout) or notification.payload is None:
            return
        try:
            call_id = CallId(UUID(notification.payload.partition(":")[0]))
        except ValueError:
            return
        for moved in self._followers.get(call_id, ()):
            moved.set()

    async def follow(
        self, organization_id: OrganizationId, call_id: CallId, *, after: int
    ) -> AsyncGenerator[list[Event]]:
        """Yields batches of events numbered above `after`, and an empty batch when nothing came for POLL_SECONDS.

        Never ends by itself: the caller checks for `call_ended` and closes the generator. Raises one of DatabaseError.
        """
        moved = asyncio.Event()
        self._followers[call_id].add(moved)
        try:
            while True:
                moved.clear()
                async with transaction(self._pool, organization_id) as connection:
                    batch = await events.after(connection, organization_id, call_id, after, most=PAGE)
                if batch:
                    after = batch[-1].seq or after
                else:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(POLL_SECONDS):
                            await moved.wait()
                yield batch
        finally:
            self._followers[call_id].discard(moved)
            if not self._followers[call_id]:
                del self._followers[call_id]
