"""Organizations and users."""

from db.pool import Connection, queries
from domain.ids import OrganizationId, UserId
from domain.people import User, UserRole


async def get(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> User | None:
    row = await queries.get_user(connection, organization_id=organization_id, user_id=user_id)
    return User(**{**row, "role": UserRole(row["role"])}) if row else None


async def list_all(connection: Connection, organization_id: OrganizationId, *, most: int) -> list[User]:
    """The people of the organization by name."""
    rows = queries.list_users(connection, organization_id=organization_id, most=most)
    return [User(**{**row, "role": UserRole(row["role"])}) async for row in rows]


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
