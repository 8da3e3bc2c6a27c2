"""Which calls: by time, status, owner and words; of an owner at a time; of a lead.

`owners` are those whose calls may be shown, as `domain.access.visible_owners` says; None: everybody's.
"""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import datetime

from db import calls
from db.pool import Connection, queries
from domain.call import Call, CallStatus
from domain.ids import CallId, LeadId, OrganizationId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """What is None does not filter. The interval is half-open."""

    starts_from: datetime | None = None
    starts_before: datetime | None = None
    status: CallStatus | None = None
    owner_id: UserId | None = None
    search: str | None = None  # in the title, the lead's name and company, the invitees' names; in any case


async def find(
    connection: Connection,
    organization_id: OrganizationId,
    owners: Set[UserId] | None,
    wanted: CallFilter,
    *,
    latest_first: bool,
    after: tuple[datetime, CallId] | None,
    most: int,
) -> list[Call]:
    """Calls by start, from the one on whose start and id are `after`."""
    look = queries.find_calls_latest if latest_first else queries.find_calls_earliest
    rows = look(
        connection,
        organization_id=organization_id,
        owner_ids=list(owners) if owners is not None else None,
        starts_from=wanted.starts_from,
        starts_before=wanted.starts_before,
        status=wanted.status,
        owner_id=wanted.owner_id,
        search=wanted.search,
        cursor_starts_at=after[0] if after else None,
        cursor_call_id=after[1] if after else None,
        most=most,
    )
    return await calls.get_several(connection, organization_id, [row["call_id"] async for row in rows])


async def overlapping(
    connection: Connection,
    organization_id: OrganizationId,
    owners: Set[UserId] | None,
    owner_id: UserId,
    addresses: Collection[str],
    *,
    but_for: CallId | None,
    starts_at: datetime,
    ends_at: datetime,
    most: int,
) -> list[Call]:
    """Calls of the owner, or to which one of the addresses is invited, earliest first.

    Those that are not over and share some time with the interval, without `but_for`.
    """
    rows = queries.find_overlapping_calls(
        connection,
        organization_id=organization_id,
        visible_owner_ids=list(owners) if owners is not None else None,
        owner_id=owner_id,
        addresses=[address.lower() for address in addresses],
        but_for=but_for,
        starts_at=starts_at,
        ends_at=ends_at,
        most=most,
    )
    return await calls.get_several(connection, organization_id, [row["call_id"] async for row in rows])


async def of_lead(
    connection: Connection,
    organization_id: OrganizationId,
    owners: Set[UserId] | None,
    lead_id: LeadId,
    *,
    most: int,
) -> list[Call]:
    """Latest first."""
    rows = queries.find_calls_of_lead(
        connection,
        organization_id=organization_id,
        owner_ids=list(owners) if owners is not None else None,
        lead_id=lead_id,
        most=most,
    )
    return await calls.get_several(connection, organization_id, [row["call_id"] async for row in rows])
