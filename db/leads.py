"""Leads."""

from db.pool import Connection, queries
from domain.ids import OrganizationId
from domain.lead import Lead, LeadStatus


async def list_newest(connection: Connection, organization_id: OrganizationId, *, most: int) -> list[Lead]:
    return [
        Lead(**{**row, "status": LeadStatus(row["status"])})
        async for row in queries.list_leads(connection, organization_id=organization_id, most=most)
    ]


async def add(connection: Connection, organization_id: OrganizationId, lead: Lead) -> None:
    """Adds the lead; one with the same id stays as it is but for its name."""
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
    )
