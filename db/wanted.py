"""Wakes who waits for news: the steward when somebody has come to a call that has no agent yet, the sender for mail."""

import asyncio
from contextlib import suppress

import asyncpg
import asyncpg_listen


class Wanted:
    """The owner runs `listen()` as a task for as long as it lives."""

    def __init__(self, url: str, channel: str = "call_wanted") -> None:
        self._url = url
        self._channel = channel
        self._news = asyncio.Event()

    async def listen(self) -> None:
        listener = asyncpg_listen.NotificationListener(lambda: asyncpg.connect(self._url, timeout=10))
        await listener.run({self._channel: self._hear}, policy=asyncpg_listen.ListenPolicy.LAST)

    async def _hear(self, notification: asyncpg_listen.NotificationOrTimeout) -> None:
        if isinstance(notification, asyncpg_listen.Notification):
            self._news.set()

    async def wait(self, most_seconds: float) -> None:
        """Returns at the next news, or after `most_seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(most_seconds):
                await self._news.wait()
        self._news.clear()
