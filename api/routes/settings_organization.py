"""What the organization is called, which time zone it lives in, and how long it keeps what was said."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import CurrentManager, CurrentUser, OwnConnection
from api.text import Line, TimeZone
from db import settings
from db.settings import OrganizationSettings

router = APIRouter(prefix="/settings/organization")


class ChangedOrganization(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    time_zone: TimeZone
    retention_days: Annotated[int, Field(ge=1, le=3650)]


@router.get("")
async def read_organization_settings(connection: OwnConnection, user: CurrentUser) -> OrganizationSettings:
    return await settings.get(connection, user.organization_id)


@router.put("")
async def change_organization_settings(
    connection: OwnConnection, user: CurrentManager, wanted: ChangedOrganization
) -> OrganizationSettings:
    await settings.put(connection, user.organization_id, OrganizationSettings(**wanted.model_dump()))
    return await settings.get(connection, user.organization_id)
