"""Organizations and users."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from db.pool import Connection, queries
from domain.access import Person, Viewer
from domain.ids import DeviceId, OrganizationId, UserId
from domain.people import Colleague, User, UserRole, UserStatus


def user_of(row: Mapping[str, Any]) -> User:
    return User(**{**row, "role": UserRole(row["role"]), "status": UserStatus(row["status"])})


async def get(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> User | None:
    row = await queries.get_user(connection, organization_id=organization_id, user_id=user_id)
    return user_of(row) if row else None


async def viewer(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, device_id: DeviceId
) -> Viewer | None:
    """None when the person is not active, or is no longer signed in on that device."""
    row = await queries.get_viewer(connection, organization_id=organization_id, user_id=user_id, device_id=device_id)
    return Viewer(**person_fields(row)) if row else None


async def add_organization(connection: Connection, organization_id: OrganizationId, name: str) -> bool:
    """False when it is there already, under whatever name."""
    added = await queries.add_organization(connection, organization_id=organization_id, name=name)
    return added is not None


async def lock_organization(connection: Connection, organization_id: OrganizationId) -> None:
    """Until the end of the transaction nobody else gets past here for this organization."""
    await queries.lock_organization(connection, organization_id=organization_id)


async def add_user(connection: Connection, user: User) -> None:
    await queries.add_user(
        connection,
        user_id=user.user_id,
        organization_id=user.organization_id,
        name=user.name,
        email=user.email,
        role=user.role.value,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What is None stays as it is."""

    name: str | None = None
    title: str | None = None
    time_zone: str | None = None
    has_time_zone: bool = False  # `time_zone` counts, also when it is None


async def colleagues(
    connection: Connection, organization_id: OrganizationId, *, only_active: bool, most: int
) -> list[Colleague]:
    """By name."""
    rows = queries.list_colleagues(connection, organization_id=organization_id, only_active=only_active, most=most)
    return [colleague_from(row) async for row in rows]


async def colleague(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> Colleague | None:
    row = await queries.get_colleague(connection, organization_id=organization_id, user_id=user_id)
    return colleague_from(row) if row else None


def colleague_from(row: Mapping[str, Any]) -> Colleague:
    return Colleague(
        user_id=row["user_id"],
        name=row["name"],
        email=row["email"],
        role=UserRole(row["role"]),
        status=UserStatus(row["status"]),
        title=row["title"],
        team_ids=tuple(row["team_ids"]),
        manager_ids=tuple(row["manager_ids"]),
    )


async def active(
    connection: Connection, organization_id: OrganizationId, user_ids: Collection[UserId]
) -> dict[UserId, Person]:
    """Those of them who are there and active, with whom they answer for."""
    rows = queries.active_people(connection, organization_id=organization_id, user_ids=list(user_ids))
    return {row["user_id"]: Person(**person_fields(row)) async for row in rows}


def person_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "role": UserRole(row["role"]),
        "status": UserStatus(row["status"]),
        "team_ids": frozenset(row["team_ids"]),
        "answers_for": frozenset(row["answers_for"]),
    }


async def roles_of(
    connection: Connection, organization_id: OrganizationId, user_ids: Collection[UserId]
) -> dict[UserId, UserRole]:
    """Of those of them who are there."""
    rows = queries.roles_of_users(connection, organization_id=organization_id, user_ids=list(user_ids))
    return {row["user_id"]: UserRole(row["role"]) async for row in rows}


async def active_admins(connection: Connection, organization_id: OrganizationId) -> frozenset[UserId]:
    rows = queries.active_admins(connection, organization_id=organization_id)
    return frozenset([row["user_id"] async for row in rows])


async def add_invited(connection: Connection, user: User) -> bool:
    """Somebody who has not signed in yet. False when the organization has that address already."""
    added = await queries.add_invited_user(
        connection,
        user_id=user.user_id,
        organization_id=user.organization_id,
        name=user.name,
        email=user.email,
        role=user.role.value,
    )
    return added is not None


async def change_profile(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, change: ProfileChange
) -> None:
    await queries.change_profile(
        connection,
        organization_id=organization_id,
        user_id=user_id,
        name=change.name,
        title=change.title,
        has_time_zone=change.has_time_zone,
        time_zone=change.time_zone,
    )


async def change_role(connection: Connection, organization_id: OrganizationId, user_id: UserId, role: UserRole) -> None:
    await queries.change_role(connection, organization_id=organization_id, user_id=user_id, role=role.value)


async def disable(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> bool:
    """False when nobody was disabled by this: not there, or disabled before."""
    disabled = await queries.disable_user(connection, organization_id=organization_id, user_id=user_id)
    return disabled is not None


async def enable(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> bool:
    """Active again, or invited again who had never come. False when nobody was enabled by this."""
    enabled = await queries.enable_user(connection, organization_id=organization_id, user_id=user_id)
    return enabled is not None
