"""What is due of one organization: claimed in batches, tried over several lines at once, and written down together."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from db import emails
from db.pool import DatabaseError, Pool, transaction
from domain.email import EmailStatus, TryResult
from domain.ids import OrganizationId
from domain.mail_server import MailServer
from jobs.delivering import Delivering
from jobs.servers import Order, Servers
from telemetry import log

logger = log.get(__name__)

BATCH = 50
FEW = 50
"""So few tries are left that the next batch is claimed, so that the lines have work while it is."""

GATHERED_FOR_SECONDS = 0.05
"""Results are written down no more often: a transaction for each would cost more than the mail itself."""

DOT_BY_SECONDS = 55.0
"""After the claim. With the longest wait for an answer this stays within the claim, so that no two send at once."""

HELD_FOR_SECONDS = 2.0
"""At most, when nothing can be sent: servers and databases may be mended any moment."""

BACK_AFTER_SECONDS = 1.0


class Outflow:
    """`task` ends when nothing more is due or can be sent, and what came of every try is written down."""

    def __init__(
        self,
        pool: Pool,
        servers: Servers,
        delivering: Delivering,
        clock: Callable[[], datetime],
        organization_id: OrganizationId,
    ) -> None:
        self._pool = pool
        self._servers = servers
        self._delivering = delivering
        self._clock = clock
        self._organization_id = organization_id
        self._tries: set[asyncio.Task[TryResult]] = set()
        self._results: list[TryResult] = []
        self._is_more_due = True
        self._is_ending = False
        self._news = asyncio.Event()
        self._written_at = 0.0
        self.held_until: datetime | None = None  # until then there is nobody who takes anything
        self.task = asyncio.create_task(self._run())

    def look_again(self) -> None:
        """More has become due."""
        self._is_more_due = not self._is_ending
        self._news.set()

    def end(self) -> None:
        """What was claimed is still tried, unless the task is cancelled."""
        self._is_ending, self._is_more_due = True, False

    async def _run(self) -> None:
        try:
            while self._is_more_due or self._tries or self._results:
                if self._is_more_due and len(self._tries) <= FEW:
                    await self._claim()
                await self._wait()
                await self._write_down()
        except Exception as error:
            logger.error("outflow broken off", **log.failure(error))
            self._hold(HELD_FOR_SECONDS)
        finally:
            for task in self._tries:
                task.cancel()
            await self._write_down()

    async def _claim(self) -> None:
        """Begins the tries of the next batch."""
        self._is_more_due = False
        try:
            order = await self._servers.of(self._organization_id)
            now, began = self._clock(), time.monotonic()
            first, rests_until = await self._first_open(order, now)
            room = self._room(first)
            if not room and not rests_until:
                self._is_more_due = True  # in a moment
                return
            async with transaction(self._pool, self._organization_id) as connection:
                if rests_until:
                    await emails.expire(connection, self._organization_id, now)
                    self._hold((rests_until - now).total_seconds())
                    return
                batch = await emails.claim(
                    connection, self._organization_id, now, room, server_id=first.server_id if first else None
                )
        except DatabaseError as error:
            logger.warning("nothing claimed", error=type(error).__name__)
            self._hold(BACK_AFTER_SECONDS)
            return
        if batch:
            self._is_more_due = not self._is_ending
        for email in batch:
            task = asyncio.create_task(self._delivering.try_once(email, order, began + DOT_BY_SECONDS))
            self._tries.add(task)
            task.add_done_callback(self._note)

    def _room(self, first: MailServer | None) -> int:
        """How many more may be claimed now. Those that are being tried have not all spent what they may."""
        begun = len(self._tries)
        return max(0, self._delivering.rates.left(first, begun + BATCH) - begun) if first else BATCH

    def _hold(self, seconds: float) -> None:
        self.held_until = self._clock() + timedelta(seconds=min(seconds, HELD_FOR_SECONDS))

    async def _first_open(self, order: Order, now: datetime) -> tuple[MailServer | None, datetime | None]:
        """The first server that may be given something; or until when there is none."""
        rests = []
        for server in order.servers:
            if until := self._delivering.circuits.rests_until(server, now):
                rests.append(until)
                continue
            waits_s = await self._delivering.rates.refill(server)
            return server, now + timedelta(seconds=waits_s) if waits_s else None
        return None, min(rests, default=None)

    def _note(self, ended: asyncio.Task[TryResult]) -> None:
        self._tries.discard(ended)
        if not ended.cancelled():
            self._results.append(ended.result())
        is_claim_due = self._is_more_due and len(self._tries) <= FEW
        if is_claim_due or not self._tries or time.monotonic() - self._written_at > GATHERED_FOR_SECONDS:
            self._news.set()

    async def _wait(self) -> None:
        """Until results are to be written down, or the next batch is wanted."""
        if self._tries:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHERED_FOR_SECONDS):
                    await self._news.wait()
        self._news.clear()

    async def _write_down(self) -> None:
        """For as long as the claims last: a database that is away for a moment must not cost copies."""
        results = list(self._results)
        gives_up_at = time.monotonic() + emails.CLAIM_SECONDS
        while results:
            try:
                async with transaction(self._pool, self._organization_id) as connection:
                    await emails.end_tries(connection, results)
                break
            except DatabaseError as error:
                logger.warning("results not written down", results=len(results), error=type(error).__name__)
                if self._is_ending or time.monotonic() > gives_up_at:
                    break
                await asyncio.sleep(BACK_AFTER_SECONDS)
        del self._results[: len(results)]
        if results:
            self._written_at = time.monotonic()
        for result in results:
            if result.status is not EmailStatus.SENT:
                tell(result)
        if results:
            logger.info("mails tried", **Counter(result.status.value for result in results))


def tell(result: TryResult) -> None:
    email = result.email
    logger.warning(
        "mail not sent", email_id=str(email.email_id), kind=email.kind.value, attempts=email.attempts,
        status=result.status.value, is_ambiguous=result.is_ambiguous, **{"pii.problem": result.problem},
    )  # fmt: skip
