"""The sender: looks for which organizations mail is due, and lets it flow out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from db import emails
from db.pool import DatabaseError, Pool
from domain.ids import OrganizationId
from jobs.delivering import Delivering
from jobs.outflow import Outflow
from jobs.servers import Servers
from telemetry import log

logger = log.get(__name__)

ORGANIZATIONS_AT_ONCE = 8
LOOKED_AFTER_SECONDS = 2.0
"""Mail that is written down is noticed at once; what becomes due by the clock, after this."""

ENDS_WITHIN_SECONDS = 3.0


class Sender:
    """The owner runs `run()` as a task for as long as it lives. Several processes share the work."""

    def __init__(self, pool: Pool, servers: Servers, delivering: Delivering, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._servers = servers
        self._delivering = delivering
        self._clock = clock
        self._outflows: dict[OrganizationId, Outflow] = {}
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
            if not self._outflows:
                return
            await asyncio.gather(*(outflow.task for outflow in self._outflows.values()))

    async def aclose(self) -> None:
        self._is_ending = True
        outflows = list(self._outflows.values())
        for outflow in outflows:
            outflow.end()
        if outflows:
            _, late = await asyncio.wait([outflow.task for outflow in outflows], timeout=ENDS_WITHIN_SECONDS)
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
            if outflow := self._outflows.get(organization_id):
                outflow.look_again()
            elif organization_id not in self._held and len(self._outflows) < ORGANIZATIONS_AT_ONCE:
                self._begin(organization_id)

    def _begin(self, organization_id: OrganizationId) -> None:
        outflow = Outflow(self._pool, self._servers, self._delivering, self._clock, organization_id)
        self._outflows[organization_id] = outflow

        def ended(_: asyncio.Task[None]) -> None:
            del self._outflows[organization_id]
            if outflow.held_until:
                self._held[organization_id] = outflow.held_until

        outflow.task.add_done_callback(ended)
