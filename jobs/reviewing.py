"""Makes the review of a call that is over, moves the lead, and has the summary mailed. Its steps can be watched."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol

from db import calls, emails, events, reviews
from db.jobs import Work
from db.pool import Pool, transaction
from db.reviews import ReviewStep
from domain.call import Call
from domain.ids import CallId
from domain.review import Review
from domain.transcript import ParticipantRole, Segment
from telemetry import log

logger = log.get(__name__)

THOUGHT_WITHIN_SECONDS = 120.0
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30))
"""After the first try and the second; then the review has failed until somebody runs it again."""

OUR_FAULT = "The review could not be made. Nothing that was said is lost. The reason is in the log of the jobs process."
TOO_LONG = f"Thinking took longer than {THOUGHT_WITHIN_SECONDS:.0f} s. Run it again when the machine has less to do."
NICENESS = 10
"""A call that is going on comes first."""


class ReviewMaker(Protocol):
    def review(self, call: Call, segments: Sequence[Segment]) -> Review:
        """Takes seconds and the whole of a core; runs in a thread."""
        ...


class NotThought(Exception):
    """There is no review; str() is the reason in words for people."""

    def __init__(self, reason: str, *, may_work_later: bool) -> None:
        super().__init__(reason)
        self.may_work_later = may_work_later


Write = Callable[[Call, Sequence[Segment], Review], Awaitable[Review]]
"""May make a better one from the review by rules, or gives that back. Raises one of DatabaseError."""


class Reviewing:
    def __init__(self, pool: Pool, load: Callable[[], ReviewMaker], write: Write | None = None) -> None:
        """`load` reads the models, in the thread that thinks; again when it failed and a review is due."""
        self._pool = pool
        self._load = load
        self._write = write
        self._maker: ReviewMaker | None = None
        self._thinking = ThreadPoolExecutor(1, "reviewing", initializer=lambda: os.nice(NICENESS) and None)

    def prepare(self) -> None:
        """Begins to read the models, so that the first review need not wait for them."""
        self._thinking.submit(self._ready)

    def close(self) -> None:
        """What is being thought is not waited for."""
        self._thinking.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Work, earlier_tries: int) -> timedelta | None:
        """One try at one review. Raises one of DatabaseError."""
        organization_id, call_id = work.organization_id, CallId(work.id)
        async with transaction(self._pool, organization_id) as connection:
            if not await reviews.start(connection, organization_id, call_id):
                return None
            call = await calls.get(connection, organization_id, call_id)
            segments = await events.transcript(connection, organization_id, call_id)
            assert call is not None  # its review refers to it
        began = time.monotonic()
        try:
            await self._reach(work, ReviewStep.ANALYSIS)
            review = await self._thought(call, segments)
        except NotThought as failed:
            cause = failed.__cause__ or failed
            logger.error("review not made", call_id=str(call_id), tries=earlier_tries + 1, **log.failure(cause))
            if failed.may_work_later and earlier_tries < len(DELAYS):
                return DELAYS[earlier_tries]
            await self._fail(work, str(failed))
            return None
        if self._write:
            review = await self._write(call, segments, review)
        await self._reach(work, ReviewStep.LEAD)
        await self._finish(work, review, {said.role for said in segments})
        logger.info(
            "review made", call_id=str(call_id), segments=len(segments), made_by=review.made_by,
            took_ms=round((time.monotonic() - began) * 1000),
        )  # fmt: skip
        return None

    async def _thought(self, call: Call, segments: Sequence[Segment]) -> Review:
        """Raises NotThought, whatever went wrong: what a model raises must not look like a database that is away."""
        try:
            async with asyncio.timeout(THOUGHT_WITHIN_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._thinking, self._think, call, segments)
        except TimeoutError as error:
            raise NotThought(TOO_LONG, may_work_later=False) from error
        except Exception as error:
            raise NotThought(OUR_FAULT, may_work_later=True) from error

    def _think(self, call: Call, segments: Sequence[Segment]) -> Review:
        return self._ready().review(call, segments)

    def _ready(self) -> ReviewMaker:
        if self._maker is None:
            self._maker = self._load()
        return self._maker

    async def _reach(self, work: Work, step: ReviewStep) -> None:
        async with transaction(self._pool, work.organization_id) as connection:
            await reviews.reach(connection, work.organization_id, CallId(work.id), step)

    async def _finish(self, work: Work, review: Review, speakers: Set[ParticipantRole]) -> None:
        """The review, the lead and the mails in one transaction: all of it or nothing.

        A call in which nobody but the agent spoke is no news, and one without a prospect's words says nothing of one.
        """
        moves_lead = ParticipantRole.PROSPECT in speakers
        async with transaction(self._pool, work.organization_id) as connection:
            call_id = CallId(work.id)
            finished = await reviews.finish(connection, work.organization_id, call_id, review, moves_lead=moves_lead)
            if finished and speakers - {ParticipantRole.AGENT}:
                await emails.queue_summary(connection, work.organization_id, call_id)

    async def _fail(self, work: Work, problem: str) -> None:
        async with transaction(self._pool, work.organization_id) as connection:
            await reviews.fail(connection, work.organization_id, CallId(work.id), problem)
