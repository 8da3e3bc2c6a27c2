"""Who may be a call's agent. The steward raises the epoch; the agent of that epoch keeps the lease alive."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from db.pool import Connection, queries
from domain.ids import CallId, OrganizationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    epoch: int
    dispatched_at: datetime
    heartbeat_at: datetime | None  # None: the agent of this epoch has not been heard of
    looked_at: datetime  # the database's clock when this was read


async def get(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> Lease | None:
    row = await queries.get_lease(connection, organization_id=organization_id, call_id=call_id)
    return Lease(**row) if row else None


async def take(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, *, expected_epoch: int
) -> int | None:
    """The next epoch, or None when somebody else has taken it meanwhile. `expected_epoch` 0: there is no lease yet."""
    epoch = await queries.take_lease(
        connection, organization_id=organization_id, call_id=call_id, expected_epoch=expected_epoch
    )
    return cast("int | None", epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    epoch: int  # the highest; above the agent's own: it has been replaced
    is_dismissed: bool  # somebody asked the agent to leave
    is_live: bool  # somebody came, and an agent has begun to listen
    is_wanted: bool  # False: the call is over, cancelled, or moved to later
    starts_at: datetime  # of the call


async def keep(connection: Connection, organization_id: OrganizationId, call_id: CallId, *, epoch: int) -> Kept | None:
    """Writes the heartbeat of `epoch`. None: the call has no lease at all."""
    row = await queries.keep_lease(connection, organization_id=organization_id, call_id=call_id, epoch=epoch)
    return Kept(**row) if row else None


async def of_agents_sent_away(connection: Connection) -> list[tuple[OrganizationId, CallId]]:
    """Every call that goes on without its agent; looks across organizations."""
    return [
        (row["organization_id"], row["call_id"]) async for row in queries.calls_that_sent_their_agent_away(connection)
    ]
