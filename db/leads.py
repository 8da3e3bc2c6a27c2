"""Leads and how their scores came about."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from db.pool import Connection, queries
from domain.call import CallStatus
from domain.ids import CallId, LeadId, OrganizationId, UserId
from domain.lead import Lead, LeadStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilter:
    """What is None does not filter."""

    search: str | None = None  # in name, company and e-mail address, in any case
    status: LeadStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChange:
    """What is None stays as it is."""

    name: str | None = None
    company: str | None = None
    industry: str | None = None
    notes: str | None = None
    email: str | None = None
    has_email: bool = False  # `email` counts, also when it is None
    status: LeadStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadScore:
    """What the review of one call made of the lead."""

    call_id: CallId
    title: str
    at: datetime
    score_before: int | None  # None: it had none
    score_after: int
    status_before: LeadStatus | None
    status_after: LeadStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadMoment:
    """Something that happened with a lead; what does not belong to its kind is None."""

    what: Literal["added", "imported", "changed_by_import", "call", "score", "status"]
    at: datetime  # of a call: its start
    by_name: str | None  # who did it, or whose call it is
    call_id: CallId | None  # of calls and scores
    title: str | None
    call_status: CallStatus | None
    score_before: int | None
    score_after: int | None
    status_before: LeadStatus | None
    status_after: LeadStatus | None


Place = tuple[datetime, LeadId]
"""Where a lead stands in the list: when it was added, and its id."""


async def list_newest(
    connection: Connection, organization_id: OrganizationId, wanted: LeadFilter, *, after: Place | None, most: int
) -> tuple[list[Lead], Place | None]:
    """At most `most` leads after a place, newest first, and the place of the last when there are more."""
    found = queries.list_leads(
        connection,
        organization_id=organization_id,
        search=wanted.search,
        status=wanted.status,
        cursor_created_at=after[0] if after else None,
        cursor_lead_id=after[1] if after else None,
        most=most + 1,
    )
    rows = [dict(row) async for row in found]
    places = [(row.pop("created_at"), row["lead_id"]) for row in rows]
    return [from_row(row) for row in rows[:most]], places[most - 1] if len(rows) > most else None


async def get(connection: Connection, organization_id: OrganizationId, lead_id: LeadId) -> Lead | None:
    row = await queries.get_lead(connection, organization_id=organization_id, lead_id=lead_id)
    return from_row(row) if row else None


async def lock(connection: Connection, organization_id: OrganizationId, lead_id: LeadId) -> Lead | None:
    """As it stays for everybody else until the end of the transaction."""
    row = await queries.lock_lead(connection, organization_id=organization_id, lead_id=lead_id)
    return from_row(row) if row else None


async def lock_imports(connection: Connection, organization_id: OrganizationId) -> None:
    """One import of an organization at a time, until the end of the transaction."""
    await queries.lock_lead_imports(connection, organization_id=organization_id)


async def by_address(
    connection: Connection, organization_id: OrganizationId, addresses: Collection[str]
) -> dict[str, Lead]:
    """The lead of each address that has one, by the address in small letters."""
    wanted = [address.lower() for address in addresses]
    rows = queries.leads_by_address(connection, organization_id=organization_id, addresses=wanted)
    return {row["email"].lower(): from_row(row) async for row in rows}


async def add(
    connection: Connection, organization_id: OrganizationId, lead: Lead, created_by_import: UUID | None = None
) -> None:
    await queries.add_lead(
        connection,
        lead_id=lead.lead_id,
        organization_id=organization_id,
        name=lead.name,
        company=lead.company,
        industry=lead.industry,
        notes=lead.notes,
        email=lead.email,
        status=lead.status.value,
        created_by_import=created_by_import,
    )


async def change(
    connection: Connection, organization_id: OrganizationId, lead_id: LeadId, wanted: LeadChange
) -> Lead | None:
    """The lead as it is then, None when it is not there."""
    row = await queries.change_lead(
        connection,
        organization_id=organization_id,
        lead_id=lead_id,
        name=wanted.name,
        company=wanted.company,
        industry=wanted.industry,
        notes=wanted.notes,
        has_email=wanted.has_email,
        email=wanted.email,
        status=wanted.status,
    )
    return from_row(row) if row else None


async def set_scheduled(connection: Connection, organization_id: OrganizationId, lead_id: LeadId) -> None:
    """A new lead is from now on a scheduled one; any other stays."""
    await queries.set_lead_scheduled(connection, organization_id=organization_id, lead_id=lead_id)


async def scores_of(
    connection: Connection,
    organization_id: OrganizationId,
    owners: Set[UserId] | None,
    lead_id: LeadId,
    *,
    most: int,
) -> list[LeadScore]:
    """Newest first. Of the calls of `owners`; None: of everybody's."""
    rows = queries.list_scores_of_lead(
        connection,
        organization_id=organization_id,
        owner_ids=list(owners) if owners is not None else None,
        lead_id=lead_id,
        most=most,
    )
    return [
        LeadScore(
            **{
                **row,
                "status_before": LeadStatus(row["status_before"]) if row["status_before"] else None,
                "status_after": LeadStatus(row["status_after"]),
            }
        )
        async for row in rows
    ]


async def history_of(
    connection: Connection,
    organization_id: OrganizationId,
    owners: Set[UserId] | None,
    lead_id: LeadId,
    *,
    most: int,
) -> list[LeadMoment]:
    """Newest first; calls that are still to come stand before all. Calls and scores of `owners`; None: everybody's."""
    rows = queries.list_history_of_lead(
        connection,
        organization_id=organization_id,
        owner_ids=list(owners) if owners is not None else None,
        lead_id=lead_id,
        most=most,
    )
    return [moment_of(row) async for row in rows]


def moment_of(row: Mapping[str, Any]) -> LeadMoment:
    return LeadMoment(
        **{
            **row,
            "call_status": CallStatus(row["call_status"]) if row["call_status"] else None,
            "status_before": LeadStatus(row["status_before"]) if row["status_before"] else None,
            "status_after": LeadStatus(row["status_after"]) if row["status_after"] else None,
        }
    )


def from_row(row: Mapping[str, Any]) -> Lead:
    return Lead(**{**row, "status": LeadStatus(row["status"])})
