"""Signs how far each organization's audit log has come, and keeps that outside the database."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from db import audit
from db.pool import Pool, lookup, transaction
from db.signed_heads import SignedHeadsFolder
from domain.audit import BEGINNING
from domain.audit_verifying import SignedHeads, Verifying
from domain.ids import OrganizationId
from telemetry import log

logger = log.get(__name__)


class AuditHeads:
    def __init__(self, pool: Pool, folder: Path) -> None:
        self._pool = pool
        self._folder = SignedHeadsFolder(folder)

    async def sign(self) -> None:
        """Every log that has grown. One that is not what was signed before stays as it is, for people to look at.

        Raises one of DatabaseError.
        """
        async with lookup(self._pool) as connection:
            organizations = await audit.organizations(connection)
        signed = 0
        for organization_id in organizations:
            try:
                signed += await self._sign(organization_id)
            except (OSError, ValueError) as error:
                logger.error("audit head not signed", organization_id=str(organization_id), **log.failure(error))
        logger.info("audit heads signed", logs=len(organizations), signed=signed)

    async def _sign(self, organization_id: OrganizationId) -> bool:
        """Raises OSError when the folder refuses, ValueError when the keys are damaged."""
        kept = await asyncio.to_thread(self._folder.read, organization_id)
        newest = kept.heads[-1].head if kept.heads else BEGINNING
        verifying = Verifying(SignedHeads(problem=kept.problem), after=newest)
        async with transaction(self._pool, organization_id) as connection:
            head = await audit.read_into(verifying, connection, organization_id, after=newest)
        found = verifying.end(head, now=None)
        if not found.ok:
            logger.error(
                "audit log broken",
                organization_id=str(organization_id),
                at_seq=found.at_seq,
                problem=found.problem,
            )
            return False
        if head == newest:
            return False
        await asyncio.to_thread(self._folder.append, organization_id, head, datetime.now(UTC))
        return True
