"""What is done by the clock: lost work is found again, and what was said is erased when its time is over."""

from db import jobs, limits
from db.pool import Pool, lookup
from telemetry import log

logger = log.get(__name__)

ERASED_AT_ONCE = 200
"""Calls in one transaction: about a minute of deleting at most."""


class Chores:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find_lost_work(self) -> None:
        """A worker that was stopped in the middle of a job may leave the job behind as done."""
        async with lookup(self._pool) as connection, connection.transaction():
            found = await jobs.enqueue_what_was_left(connection)
        if found:
            logger.warning("work without a job", rows=found)

    async def forget_limits(self) -> None:
        """Who asked for what is kept, hashed, only for as long as it is counted."""
        await limits.forget_old(self._pool)

    async def erase(self) -> None:
        """Goes on until nothing is due."""
        calls = events = mails = 0
        while True:
            async with lookup(self._pool) as connection, connection.transaction():
                erased = await jobs.erase_old_calls(connection, most=ERASED_AT_ONCE)
            calls, events, mails = calls + erased.calls, events + erased.events, mails + erased.mails
            if erased.calls < ERASED_AT_ONCE:
                break
        logger.info("erased", calls=calls, events=events, mails=mails)
        async with lookup(self._pool) as connection:
            await jobs.forget_old_jobs(connection)
