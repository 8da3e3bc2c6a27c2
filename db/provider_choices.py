"""Which outside providers an organization has chosen."""

from dataclasses import asdict

from pydantic import TypeAdapter

from db import settings
from db.pool import Connection
from domain.ids import OrganizationId
from domain.provider import ProviderChoices

ADAPTER = TypeAdapter(ProviderChoices)


async def get(connection: Connection, organization_id: OrganizationId) -> ProviderChoices:
    """What was never set is left to the keys there are."""
    return ADAPTER.validate_python(await settings.get_providers(connection, organization_id))


async def put(connection: Connection, organization_id: OrganizationId, wanted: ProviderChoices) -> None:
    await settings.put_providers(connection, organization_id, asdict(wanted))
