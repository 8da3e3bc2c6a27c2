"""Keeps this agent's lease alive, and says when a later agent has taken its place."""

import asyncio

from db import leases
from db.pool import DatabaseError, Pool, transaction
from domain.ids import CallId, OrganizationId

BEAT_SECONDS = 1.0


async def keep_until_replaced(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> None:
    """Returns when the database knows a higher epoch; never because the database is away."""
    while True:
        try:
            async with transaction(pool, organization_id) as connection:
                highest = await leases.keep(connection, organization_id, call_id, epoch=epoch)
        except DatabaseError:
            highest = None
        if highest is not None and highest > epoch:
            return
        await asyncio.sleep(BEAT_SECONDS)
