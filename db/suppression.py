"""Addresses that are not written to: those that are dead, and those whose people asked for it."""

from collections.abc import Iterable

from db.pool import Connection, queries
from domain.email import SuppressedAddress, SuppressionReason, SuppressionScope
from domain.ids import OrganizationId


async def of(connection: Connection, organization_id: OrganizationId) -> list[SuppressedAddress]:
    """Newest first."""
    rows = queries.list_suppressed(connection, organization_id=organization_id)
    return [
        SuppressedAddress(
            **{**row, "scope": SuppressionScope(row["scope"]), "reason": SuppressionReason(row["reason"])}
        )
        async for row in rows
    ]


async def among(connection: Connection, organization_id: OrganizationId, addresses: Iterable[str]) -> set[str]:
    """Those of `addresses` that get nothing at all, in lower case."""
    rows = queries.suppressed_of(connection, organization_id=organization_id, addresses=list(addresses))
    return {row["address"] async for row in rows}


async def add(
    connection: Connection,
    organization_id: OrganizationId,
    address: str,
    scope: SuppressionScope,
    reason: SuppressionReason,
    detail: str = "",
) -> None:
    """Keeps the older entry when the address is listed already."""
    await add_bounced(connection, organization_id, {address: detail}, scope, reason)


async def add_bounced(
    connection: Connection,
    organization_id: OrganizationId,
    details: dict[str, str],
    scope: SuppressionScope = SuppressionScope.EVERYTHING,
    reason: SuppressionReason = SuppressionReason.BOUNCED,
) -> None:
    """`details`: what was said, by address."""
    await queries.suppress(
        connection, organization_id=organization_id, addresses=list(details), scope=scope.value, reason=reason.value,
        details=list(details.values()),
    )  # fmt: skip


async def lift(connection: Connection, organization_id: OrganizationId, address: str, scope: SuppressionScope) -> bool:
    """False when it was not on the list."""
    lifted = await queries.lift_suppression(
        connection, organization_id=organization_id, address=address, scope=scope.value
    )
    return bool(lifted)
