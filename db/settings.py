"""What an organization has set; its mail server is in `db/smtp.py`."""

import json
from dataclasses import dataclass
from typing import Any

from db.pool import Connection, queries
from domain.ids import OrganizationId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSettings:
    name: str
    time_zone: str  # IANA
    retention_days: int  # 1–3650; what was said is kept for so long
    google_domain: str | None  # only Google accounts of this hosted domain sign in; None: any that was invited


async def get(connection: Connection, organization_id: OrganizationId) -> OrganizationSettings:
    """Raises LookupError when there is no such organization."""
    row = await queries.get_organization_settings(connection, organization_id=organization_id)
    if row is None:
        raise LookupError("no such organization")
    return OrganizationSettings(**row)


async def put(connection: Connection, organization_id: OrganizationId, wanted: OrganizationSettings) -> None:
    await queries.rename_organization(connection, organization_id=organization_id, name=wanted.name)
    await queries.put_organization_settings(
        connection,
        organization_id=organization_id,
        time_zone=wanted.time_zone,
        retention_days=wanted.retention_days,
        google_domain=wanted.google_domain,
    )


async def get_providers(connection: Connection, organization_id: OrganizationId) -> dict[str, Any]:
    """Which speech and language providers; empty: nothing was set."""
    found = await queries.get_providers(connection, organization_id=organization_id)
    return dict(json.loads(found)) if found else {}


async def put_providers(connection: Connection, organization_id: OrganizationId, wanted: dict[str, Any]) -> None:
    await queries.put_providers(connection, organization_id=organization_id, providers=json.dumps(wanted))
