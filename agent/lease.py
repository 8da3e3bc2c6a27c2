"""Keeps this agent's lease alive, and says when it has to go."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import StrEnum

from db import leases
from db.leases import Kept
from db.pool import DatabaseError, Pool, transaction
from domain.ids import CallId, OrganizationId

BEAT_SECONDS = 1.0
"""Somebody who asks the agent to leave sees it go within two of these."""


class LeaseEnd(StrEnum):
    REPLACED = "another agent has taken over"
    DISMISSED = "the agent was asked to leave"


async def beats(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> AsyncGenerator[Kept, None]:
    """What the database says of the call once a second, and nothing while it is away; without end."""
    while True:
        try:
            async with transaction(pool, organization_id) as connection:
                kept = await leases.keep(connection, organization_id, call_id, epoch=epoch)
        except DatabaseError:
            kept = None
        if kept:
            yield kept
        await asyncio.sleep(BEAT_SECONDS)


async def keep_until_over(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> LeaseEnd:
    """Returns when the database knows a higher epoch, or that the agent is to leave; never because it is away."""
    async with aclosing(beats(pool, organization_id, call_id, epoch)) as known:
        async for kept in known:
            if end := end_of(kept, epoch):
                return end
    raise AssertionError("beats do not end")


def end_of(kept: Kept, epoch: int) -> LeaseEnd | None:
    if kept.epoch > epoch:
        return LeaseEnd.REPLACED
    return LeaseEnd.DISMISSED if kept.is_dismissed else None
