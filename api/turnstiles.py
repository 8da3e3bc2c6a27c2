"""One after the other through the door of a call.

The database keeps the order between processes. This keeps a crowd of one process from waiting there: before one call it
takes one connection, and leaves the others to everybody else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from domain.ids import CallId

THROUGH_WITHIN_SECONDS = 30.0
"""Hundreds get through in that time."""


class Turnstiles:
    def __init__(self) -> None:
        self._locks: WeakValueDictionary[CallId, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def through(self, call_id: CallId) -> AsyncIterator[None]:
        """By the order of coming; the next one enters when the block has ended. Raises TimeoutError."""
        lock = self._locks.setdefault(call_id, asyncio.Lock())
        async with asyncio.timeout(THROUGH_WITHIN_SECONDS):
            await lock.acquire()
        try:
            yield
        finally:
            lock.release()
