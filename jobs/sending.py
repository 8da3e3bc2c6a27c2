"""The sender: takes what is due from the outbox in batches, hands it to mail servers, and writes down how it went."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
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
ORGANIZATIONS_AT_ONCE = 8
LOOKED_AFTER_SECONDS = 2.0
"""Mail that is written down is noticed at once; what becomes due by the clock, after this."""

DOT_BY_SECONDS = 55.0
"""After the claim. With the longest wait for an answer this stays within the claim, so that no two send at once."""

ENDS_WITHIN_SECONDS = 3.0
BACK_AFTER_SECONDS = 1.0


class Sender:
    """The owner runs `run()` as a task for as long as it lives. Several processes share the work."""

    def __init__(self, pool: Pool, servers: Servers, delivering: Delivering, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._servers = servers
        self._delivering = delivering
        self._clock = clock
        self._sending: dict[OrganizationId, asyncio.Task[None]] = {}
        self._held: dict[OrganizationId, datetime] = {}  # until then no server of theirs takes anything
        self._is_ending = False

    async def run(self, wake: Callable[[float], Awaitable[None]]) -> None:
        """Until cancelled; what was begun gets a moment. `wake` returns at news, or after the given seconds."""
        try:
            while True:
                try:
                    await self._look()
                    await self._delivering.lines.end_idle()
                except DatabaseError as error:
                    logger.warning("outbox not looked at", error=type(error).__name__)
                waits = [(until - self._clock()).total_seconds() for until in self._held.values()]
                await wake(max(0.01, min([LOOKED_AFTER_SECONDS, *waits])))
        finally:
            await self.aclose()

    async def send_due(self) -> None:
        """All that is due now and may be tried."""
        while True:
            await self._look()
            if not self._sending:
                return
            await asyncio.gather(*self._sending.values())

    async def aclose(self) -> None:
        self._is_ending = True
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=ENDS_WITHIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._delivering.lines.aclose()

    async def _look(self) -> None:
        if self._is_ending:
            return
        now = self._clock()
        self._held = {one: until for one, until in self._held.items() if until > now}
        for organization_id in await emails.organizations_with_mail_due(self._pool, now):
            if len(self._sending) >= ORGANIZATIONS_AT_ONCE:
                return
            if organization_id not in self._sending and organization_id not in self._held:
                self._sending[organization_id] = asyncio.create_task(self._send_for(organization_id))

    async def _send_for(self, organization_id: OrganizationId) -> None:
        """Batch after batch, until nothing is due or no server takes anything."""
        try:
            while not self._is_ending and await self._send_batch(organization_id):
                pass
        except DatabaseError as error:
            logger.warning("batch broken off", error=type(error).__name__)
            self._held[organization_id] = self._clock() + timedelta(seconds=BACK_AFTER_SECONDS)
        except Exception as error:
            logger.error("batch broken off", **log.failure(error))
            self._held[organization_id] = self._clock() + timedelta(seconds=LOOKED_AFTER_SECONDS)
        finally:
            self._sending.pop(organization_id, None)

    async def _send_batch(self, organization_id: OrganizationId) -> bool:
        """False: there is no more to do now. Raises one of DatabaseError before anything was handed over."""
        order = await self._servers.of(organization_id)
        now, began = self._clock(), time.monotonic()
        first, held_until = await self._first_open(order, now)
        async with transaction(self._pool, organization_id) as connection:
            if held_until:
                await emails.expire(connection, organization_id, now)
                # Not for longer: its servers may be mended any moment.
                self._held[organization_id] = min(held_until, now + timedelta(seconds=LOOKED_AFTER_SECONDS))
                return False
            most = self._delivering.rates.left(first, BATCH) if first else BATCH
            batch = await emails.claim(
                connection, organization_id, now, most, server_id=first.server_id if first else None
            )
        dot_by, count_until = began + DOT_BY_SECONDS, began + emails.CLAIM_SECONDS
        trying = {asyncio.create_task(self._delivering.try_once(email, order, dot_by)) for email in batch}
        try:
            while trying:
                ended, trying = await asyncio.wait(trying, return_when=asyncio.FIRST_COMPLETED)
                await self._write_down(organization_id, [task.result() for task in ended], count_until)
        finally:
            for task in trying:
                task.cancel()
        return bool(batch)

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

    async def _write_down(self, organization_id: OrganizationId, results: list[TryResult], count_until: float) -> None:
        """For as long as they count: a database that is away for a moment must not cost copies."""
        while results:
            try:
                async with transaction(self._pool, organization_id) as connection:
                    await emails.end_tries(connection, results)
                break
            except DatabaseError as error:
                logger.warning("results not written down", results=len(results), error=type(error).__name__)
                if time.monotonic() > count_until:
                    return
                await asyncio.sleep(BACK_AFTER_SECONDS)
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
