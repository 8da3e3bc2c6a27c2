"""Organizations and users."""

from collections.abc import Mapping
from typing import Any

from db.pool import Connection, queries
from domain.access import Viewer
from domain.ids import DeviceId, OrganizationId, UserId
from domain.people import User, UserRole, UserStatus


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
    if row is None:
        return None
    return Viewer(
        **{
            **row,
            "role": UserRole(row["role"]),
            "status": UserStatus(row["status"]),
            "team_ids": frozenset(row["team_ids"]),
            "answers_for": frozenset(row["answers_for"]),
        }
    )


async def list_all(connection: Connection, organization_id: OrganizationId, *, most: int) -> list[User]:
    """The people of the organization by name."""
    rows = queries.list_users(connection, organization_id=organization_id, most=most)
    return [user_of(row) async for row in rows]


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
