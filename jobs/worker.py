"""Runs what is in the queue: jobs as they become due, and chores by the clock.

pgqueuer runs a job at least once and forgets one that raises. So nothing raises here: a job that is to be tried again
is put off, and what went wrong stands in the row that the job is about.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from pgqueuer import PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule

from db import jobs
from db.jobs import Entrypoint, Work
from db.pool import DatabaseError, Pool
from telemetry import log

logger = log.get(__name__)

Handle = Callable[[Work, int], Awaitable[timedelta | None]]
"""Does the work; the number counts earlier tries. Returns after what time to try again, None when it is over."""

Chore = Callable[[], Awaitable[None]]

AT_ONCE: Mapping[Entrypoint, int] = {Entrypoint.REVIEW_CALL: 1, Entrypoint.TRY_SMTP: 2}
"""Of each kind, in all jobs processes together."""

DIED_AFTER = timedelta(seconds=20)
"""A worker beats at half of this; what a silent one has picked is run by another."""

LOOKED_AFTER = timedelta(seconds=5)
"""A job is noticed at once; when the notice was lost with its connection, after this."""

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(minutes=5)
BACK_AFTER_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 3.0


class Worker:
    """The owner runs `run()` as a task for as long as it lives."""

    def __init__(
        self, pool: Pool, handlers: Mapping[Entrypoint, Handle], chores: Mapping[str, tuple[str, Chore]]
    ) -> None:
        """`pool` is the worker's own: it keeps a connection. Chores: by name, a crontab line (UTC) and what."""
        self._pool = pool
        self._handlers = handlers
        self._chores = chores

    async def run(self) -> None:
        """Until cancelled, also across times when the database is away. Running jobs get a moment to end."""
        while True:
            queue = self._queue()
            running = asyncio.create_task(serve(queue))
            try:
                await asyncio.shield(running)
                logger.warning("queue ended")
            except asyncio.CancelledError:
                queue.shutdown.set()
                await asyncio.wait([running], timeout=ENDS_WITHIN_SECONDS)
                running.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await running
                raise
            except Exception as error:
                logger.warning("queue broken off", error=type(error).__name__)
            await asyncio.sleep(BACK_AFTER_SECONDS)

    def _queue(self) -> PgQueuer:
        queue = PgQueuer.from_asyncpg_pool(self._pool)
        for entrypoint, handle in self._handlers.items():
            queue.entrypoint(entrypoint.value, concurrency_limit=AT_ONCE[entrypoint])(job_of(entrypoint, handle))
        for name, (crontab, chore) in self._chores.items():
            queue.schedule(name, crontab)(chore_of(name, chore))
        return queue


async def serve(queue: PgQueuer) -> None:
    """Until its `shutdown` is set, or the database cannot be reached."""
    # pgqueuer asks itself for a sign of life before it begins to listen, and takes the silence for a broken connection.
    assert queue.channel is not None
    await queue.connection.add_listener(queue.channel, lambda _: None)
    await queue.run(
        batch_size=4, dequeue_timeout=LOOKED_AFTER, heartbeat_timeout=DIED_AFTER, shutdown_on_listener_failure=True
    )


def job_of(entrypoint: Entrypoint, handle: Handle) -> Callable[[Job], Awaitable[None]]:
    async def run(job: Job) -> None:
        try:
            work = jobs.work_of(job)
        except (ValueError, KeyError, TypeError):
            logger.error("job is not ours", entrypoint=entrypoint.value)
            return
        try:
            again = await handle(work, job.attempts)
        except DatabaseError as error:
            logger.warning("job broken off", entrypoint=entrypoint.value, error=type(error).__name__)
            again = min(FIRST_DELAY * 2 ** min(job.attempts, 10), LONGEST_DELAY)
        if again is not None:
            raise RetryRequested(delay=again) from None

    return run


def chore_of(name: str, chore: Chore) -> Callable[[Schedule], Awaitable[None]]:
    async def run(_: Schedule) -> None:
        try:
            await chore()
        except DatabaseError as error:
            logger.warning("chore broken off", chore=name, error=type(error).__name__)

    return run
