"""Reads where an organization has an inbox: what guests' calendars answer to invites, and which mails came back."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from db import inboxes, reports
from db.pool import Connection, DatabaseError, Pool, transaction
from db.sealed import Seal, SealBroken
from domain.ids import OrganizationId
from domain.inbox import Answer, Complaint, Found, Inbox, Mark, Undelivered
from notifications.inbox import read_new
from notifications.smtp import NotSent
from telemetry import log

logger = log.get(__name__)

AT_ONCE = 8
WITHIN_SECONDS = 50.0
"""Shorter than until the next time."""

LOOKS_BACK = timedelta(days=30)
"""What lay in the mailbox for longer when it is read for the first time says nothing of use any more."""

FOREIGN_PASSWORD = "Its password was kept under another PARLEY_SECRET and cannot be read. Enter it again."


class Reading:
    def __init__(self, pool: Pool, *, secret: str, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._seal = Seal(secret)
        self._clock = clock

    async def run(self) -> None:
        """Every inbox once. Raises one of DatabaseError."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def read(organization_id: OrganizationId) -> None:
            async with slots:
                await self._read(organization_id)

        await asyncio.gather(*(read(one) for one in await inboxes.organizations(self._pool)))

    async def _read(self, organization_id: OrganizationId) -> None:
        try:
            async with transaction(self._pool, organization_id) as connection:
                sealed = await inboxes.get(connection, organization_id)
            if sealed is None:
                return
            problem = await self._problem_in(organization_id, sealed)
            if problem != sealed.problem:
                async with transaction(self._pool, organization_id) as connection:
                    await inboxes.tell(connection, organization_id, sealed, problem)
        except DatabaseError as error:
            logger.warning("inbox not read", organization_id=str(organization_id), error=type(error).__name__)

    async def _problem_in(self, organization_id: OrganizationId, sealed: Inbox) -> str | None:
        """Reads it; why that cannot be done, in words for its admins, or None. Raises one of DatabaseError."""

        async def keep(mark: Mark, found: Found | None) -> None:
            async with transaction(self._pool, organization_id) as connection:
                await self._note(connection, organization_id, found)
                await inboxes.mark(connection, organization_id, sealed, mark)

        since = (self._clock() - LOOKS_BACK).date()
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                await read_new(inboxes.unsealed(sealed, self._seal), since, keep)
        except (NotSent, SealBroken) as error:
            logger.warning(
                "inbox not read", organization_id=str(organization_id), error=type(error).__name__,
                **{"pii.problem": str(error)},
            )  # fmt: skip
            return str(error) if isinstance(error, NotSent) else FOREIGN_PASSWORD
        return None

    async def _note(self, connection: Connection, organization_id: OrganizationId, found: Found | None) -> None:
        match found:
            case Answer():
                await inboxes.note(connection, organization_id, found)
            case Undelivered():
                await reports.note_undelivered(connection, organization_id, found, self._clock())
            case Complaint():
                await reports.note_complaint(connection, organization_id, found)
