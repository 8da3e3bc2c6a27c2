"""The organization: its name and time zone, how long it keeps what was said, and whose Google accounts it takes."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.deps import MayChangeSettings, OwnConnection
from api.text import Line, TimeZone
from db import audit, settings
from db.settings import OrganizationSettings
from domain.audit import Actor, Subject

router = APIRouter(prefix="/settings/organization")


HostedDomain = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=253, pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$")
]


class ChangedOrganization(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    time_zone: TimeZone
    retention_days: Annotated[int, Field(ge=1, le=3650)]
    google_domain: HostedDomain | None = None


@router.get("")
async def read_organization_settings(connection: OwnConnection, user: MayChangeSettings) -> OrganizationSettings:
    return await settings.get(connection, user.organization_id)


@router.put("")
async def change_organization_settings(
    connection: OwnConnection, user: MayChangeSettings, wanted: ChangedOrganization
) -> OrganizationSettings:
    await settings.put(connection, user.organization_id, OrganizationSettings(**wanted.model_dump()))
    changed = await settings.get(connection, user.organization_id)
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed",
        Subject("settings", "organization"), retention_days=changed.retention_days,
    )  # fmt: skip
    return changed
