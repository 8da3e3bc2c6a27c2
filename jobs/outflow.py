"""What is due of one organization: claimed in batches, tried over several lines at once, and written down together."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from db import emails
from db.pool import DatabaseError, Pool, transaction
from domain.email import Email, EmailStatus, TryResult
from domain.ids import OrganizationId
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
ORDER_LASTS_SECONDS = 2.0
"""The settings are looked at again after this."""


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
        self._order = Order(servers=())
        self._order_read_at = -ORDER_LASTS_SECONDS
        self._kept_at = time.monotonic()  # when the database last took what we had for it
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
                await self._turn()
                await self._wait()
        except Exception as error:
            logger.error("outflow broken off", **log.failure(error))
            self._hold(HELD_FOR_SECONDS)
        finally:
            self.end()
            for task in self._tries:
                task.cancel()
            await self._turn()

    async def _turn(self) -> None:
        """In one transaction writes down what came of tries, and claims the next mails when few are left."""
        results, wants_more = list(self._results), self._is_more_due and len(self._tries) <= FEW
        batch: list[Email] = []
        try:
            room, server_id = await self._room() if wants_more else (0, None)
            if results or room:
                async with transaction(self._pool, self._organization_id) as connection:
                    await emails.end_tries(connection, results)
                    if room:
                        self._is_more_due = False  # unless somebody says so meanwhile
                        now, began = self._clock(), time.monotonic()
                        batch = await emails.claim(connection, self._organization_id, now, room, server_id=server_id)
        except DatabaseError as error:
            await self._stand_back(results, error)
            return
        self._kept_at = time.monotonic()
        self._forget(results)
        for email in batch:
            self._is_more_due = not self._is_ending
            task = asyncio.create_task(self._delivering.try_once(email, self._order, began + DOT_BY_SECONDS))
            self._tries.add(task)
            task.add_done_callback(self._note)

    async def _stand_back(self, results: list[TryResult], error: Exception) -> None:
        """Results are kept for as long as the claims last: a database that is away a moment must not cost copies."""
        logger.warning("outbox away", results=len(results), error=type(error).__name__)
        self._is_more_due = False
        self._hold(BACK_AFTER_SECONDS)
        if self._is_ending or time.monotonic() - self._kept_at > emails.CLAIM_SECONDS:
            self._forget(results)
        else:
            await asyncio.sleep(BACK_AFTER_SECONDS)

    def _forget(self, results: list[TryResult]) -> None:
        del self._results[: len(results)]
        for result in results:
            if result.status is not EmailStatus.SENT:
                tell(result)
        if results:
            logger.info("mails tried", **Counter(result.status.value for result in results))

    async def _room(self) -> tuple[int, UUID | None]:
        """How many mails may be claimed now, and by which server they go. Raises one of DatabaseError."""
        if time.monotonic() - self._order_read_at > ORDER_LASTS_SECONDS:
            self._order, self._order_read_at = await self._servers.of(self._organization_id), time.monotonic()
        now, rests = self._clock(), []
        for server in self._order.servers:
            if until := self._delivering.circuits.rests_until(server, now):
                rests.append(until)
            elif waits_s := await self._delivering.rates.refill(server):
                rests.append(now + timedelta(seconds=waits_s))
                break
            else:
                begun = len(self._tries)  # they have not all spent what they may
                return max(0, self._delivering.rates.left(server, begun + BATCH) - begun), server.server_id
        if not rests:
            return BATCH, None
        async with transaction(self._pool, self._organization_id) as connection:
            await emails.expire(connection, self._organization_id, now)
        self._is_more_due = False
        self._hold((min(rests) - now).total_seconds())
        return 0, None

    def _hold(self, seconds: float) -> None:
        self.held_until = self._clock() + timedelta(seconds=min(seconds, HELD_FOR_SECONDS))

    def _note(self, ended: asyncio.Task[TryResult]) -> None:
        self._tries.discard(ended)
        if not ended.cancelled():
            self._results.append(ended.result())
        is_claim_due = self._is_more_due and len(self._tries) <= FEW
        if is_claim_due or not self._tries or time.monotonic() - self._kept_at > GATHERED_FOR_SECONDS:
            self._news.set()

    async def _wait(self) -> None:
        """Until results are to be written down, or the next batch is wanted."""
        if self._tries:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHERED_FOR_SECONDS):
                    await self._news.wait()
        self._news.clear()


def tell(result: TryResult) -> None:
    email = result.email
    logger.warning(
        "mail not sent", email_id=str(email.email_id), kind=email.kind.value, attempts=email.attempts,
        status=result.status.value, is_ambiguous=result.is_ambiguous, **{"pii.problem": result.problem},
    )  # fmt: skip
