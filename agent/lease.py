"""Keeps this agent's lease alive, and says when it has to go."""

import asyncio
from enum import StrEnum

from db import leases
from db.pool import DatabaseError, Pool, transaction
from domain.ids import CallId, OrganizationId

BEAT_SECONDS = 1.0
"""Somebody who asks the agent to leave sees it go within two of these."""


class LeaseEnd(StrEnum):
    REPLACED = "another agent has taken over"
    DISMISSED = "the agent was asked to leave"


async def keep_until_over(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> LeaseEnd:
    """Returns when the database knows a higher epoch, or that the agent is to leave; never because it is away."""
    while True:
        try:
            async with transaction(pool, organization_id) as connection:
                kept = await leases.keep(connection, organization_id, call_id, epoch=epoch)
        except DatabaseError:
            kept = None
        if kept and kept.epoch > epoch:
            return LeaseEnd.REPLACED
        if kept and kept.is_dismissed:
            return LeaseEnd.DISMISSED
        await asyncio.sleep(BEAT_SECONDS)
