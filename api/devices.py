"""The devices somebody is signed in on, as the pages show and end them."""

from dataclasses import dataclass
from datetime import datetime

from api.views import Page
from db import audit, devices
from db.devices import DeviceEnd
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor, Subject
from domain.errors import NotFound
from domain.ids import DeviceId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    device_id: DeviceId
    label: str  # browser and system, in words
    created_at: datetime
    last_seen_at: datetime
    is_this: bool  # whoever asks, asks from it


async def device_views(connection: Connection, viewer: Viewer, user_id: UserId) -> Page[DeviceView]:
    """The last seen first."""
    found = await devices.of_user(connection, viewer.organization_id, user_id)
    views = [
        DeviceView(
            device_id=device.device_id,
            label=device.label,
            created_at=device.created_at,
            last_seen_at=device.last_seen_at,
            is_this=device.device_id == viewer.device_id,
        )
        for device in found
    ]
    return Page(items=views, next_cursor=None)


async def end_device(connection: Connection, viewer: Viewer, user_id: UserId, device_id: DeviceId) -> None:
    """Raises NotFound when that person is not signed in on such a device."""
    if not await devices.end(connection, viewer.organization_id, user_id, device_id, DeviceEnd.ENDED):
        raise NotFound("device")
    await audit.write(
        connection, viewer.organization_id, Actor.user(viewer.user_id), "device_ended",
        Subject("device", str(device_id)), user_id=user_id,
    )  # fmt: skip
