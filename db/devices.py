"""Devices somebody is signed in on: one family of refresh tokens each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from db.pool import Connection, queries
from domain.ids import DeviceId, OrganizationId, UserId
from domain.people import UserStatus

LIFETIME = timedelta(days=30)
"""Since the sign-in; then somebody signs in again."""

MOST_DEVICES = 100


class DeviceEnd(StrEnum):
    SIGNED_OUT = "signed_out"
    ENDED = "ended"  # from another device, or by an admin
    REUSE = "reuse"  # an old refresh token came again: somebody has a copy
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    device_id: DeviceId
    label: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What a refresh is judged by."""

    user_id: UserId
    generation: int
    rotated_at: datetime
    ended_at: datetime | None
    expires_at: datetime
    status: UserStatus


async def add(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, device_id: DeviceId, label: str
) -> None:
    await queries.add_device(
        connection,
        device_id=device_id,
        organization_id=organization_id,
        user_id=user_id,
        label=label,
        lifetime=LIFETIME,
    )


async def lock(connection: Connection, organization_id: OrganizationId, device_id: DeviceId) -> Family | None:
    """Until the end of the transaction nobody else refreshes on this device."""
    row = await queries.lock_device(connection, organization_id=organization_id, device_id=device_id)
    return Family(**{**row, "status": UserStatus(row["status"])}) if row else None


async def rotate(connection: Connection, organization_id: OrganizationId, device_id: DeviceId, at: datetime) -> None:
    await queries.rotate_device(connection, organization_id=organization_id, device_id=device_id, at=at)


async def end(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, device_id: DeviceId, reason: DeviceEnd
) -> bool:
    """False when this person has no such device that is signed in."""
    ended = await queries.end_device(
        connection, organization_id=organization_id, user_id=user_id, device_id=device_id, reason=reason.value
    )
    return ended is not None


async def end_all(connection: Connection, organization_id: OrganizationId, user_id: UserId, reason: DeviceEnd) -> None:
    await queries.end_devices_of(connection, organization_id=organization_id, user_id=user_id, reason=reason.value)


async def of_user(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> list[Device]:
    """The last seen first."""
    rows = queries.devices_of(connection, organization_id=organization_id, user_id=user_id, most=MOST_DEVICES)
    return [Device(**row) async for row in rows]


async def organization_of(connection: Connection, device_id: DeviceId) -> OrganizationId | None:
    found: UUID | None = await queries.organization_of_device(connection, device_id=device_id)
    return OrganizationId(found) if found else None
