"""Whoever is signed in: their profile and their devices."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.arrival import Me, me
from api.deps import CurrentUser, OwnConnection, PartsHeld
from api.devices import DeviceView, device_views, end_device
from api.text import Line, LineOrNothing, TimeZone
from api.views import Page
from db import people
from db.people import ProfileChange
from domain.ids import DeviceId

router = APIRouter(prefix="/me")


class ChangedProfile(BaseModel):
    """What is left out stays. Only the time zone may be null: then it is the organization's."""

    model_config = ConfigDict(extra="forbid")
    name: Line = ""
    title: LineOrNothing = ""
    time_zone: TimeZone | None = None


@router.get("")
async def read_me(held: PartsHeld, user: CurrentUser) -> Me:
    return me(user, held)


@router.patch("")
async def change_me(held: PartsHeld, connection: OwnConnection, user: CurrentUser, wanted: ChangedProfile) -> Me:
    changed = wanted.model_dump(exclude_unset=True)
    change = ProfileChange(**changed, has_time_zone="time_zone" in changed)
    await people.change_profile(connection, user.organization_id, user.user_id, change)
    return me(replace(user, **changed), held)


@router.get("/devices")
async def list_my_devices(connection: OwnConnection, user: CurrentUser) -> Page[DeviceView]:
    return await device_views(connection, user, user.user_id)


@router.delete("/devices/{device_id}", status_code=204)
async def end_my_device(connection: OwnConnection, user: CurrentUser, device_id: UUID) -> None:
    await end_device(connection, user, user.user_id, DeviceId(device_id))
