"""Reads what guests' calendar programs answer to invites, where an organization has an inbox."""

import asyncio

from db import inboxes
from db.pool import DatabaseError, Pool, transaction
from db.sealed import Seal, SealBroken
from domain.ids import OrganizationId
from domain.inbox import Answer
from notifications.inbox import each_answer
from notifications.smtp import NotSent
from telemetry import log

logger = log.get(__name__)

AT_ONCE = 8
WITHIN_SECONDS = 50.0
"""Shorter than until the next time."""


class Reading:
    def __init__(self, pool: Pool, *, secret: str) -> None:
        self._pool = pool
        self._seal = Seal(secret)

    async def run(self) -> None:
        """Every inbox once. Raises one of DatabaseError."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def read(organization_id: OrganizationId) -> None:
            async with slots:
                await self._read(organization_id)

        await asyncio.gather(*(read(one) for one in await inboxes.organizations(self._pool)))

    async def _read(self, organization_id: OrganizationId) -> None:
        async def keep(answer: Answer) -> None:
            async with transaction(self._pool, organization_id) as connection:
                await inboxes.note(connection, organization_id, answer)

        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                async with transaction(self._pool, organization_id) as connection:
                    sealed = await inboxes.get(connection, organization_id)
                if sealed:
                    await each_answer(inboxes.unsealed(sealed, self._seal), keep)
        except (NotSent, SealBroken, *DatabaseError) as error:
            logger.warning(
                "inbox not read", organization_id=str(organization_id), error=type(error).__name__,
                **{"pii.problem": str(error)},
            )  # fmt: skip
