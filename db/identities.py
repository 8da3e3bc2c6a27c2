"""Who somebody is that signs in: by their address, or by an account elsewhere that is theirs."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from db import people
from db.pool import Connection, queries
from domain.ids import OrganizationId, UserId
from domain.people import User


async def of_address(connection: Connection, email: str) -> list[tuple[OrganizationId, UserId]]:
    """Whoever has this address, however it is spelt, in any organization, disabled people left out."""
    return await _pairs(queries.users_by_email(connection, email=email))


async def of_account(connection: Connection, issuer: str, subject: str) -> list[tuple[OrganizationId, UserId]]:
    """In whichever organizations this account is bound to somebody. Looks across organizations."""
    return await _pairs(queries.users_by_identity(connection, issuer=issuer, subject=subject))


async def _pairs(rows: AsyncIterator[Mapping[str, Any]]) -> list[tuple[OrganizationId, UserId]]:
    return [(OrganizationId(row["organization_id"]), UserId(row["user_id"])) async for row in rows]


async def lock(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> User | None:
    """The person, of whom nobody else decides until the end of the transaction whether and how they come in."""
    await queries.lock_user_signing_in(connection, organization_id=organization_id, user_id=user_id)
    return await people.get(connection, organization_id, user_id)


async def bind(connection: Connection, user: User, issuer: str, subject: str) -> bool:
    """The account is theirs then. False when it is somebody else's here, or they have another one of this issuer."""
    bound = await queries.bind_identity(
        connection, organization_id=user.organization_id, user_id=user.user_id, issuer=issuer, subject=subject
    )
    return bound is not None


async def activate(connection: Connection, user: User, name: str | None, time_zone: str | None) -> None:
    """The first sign-in of somebody who was invited; None: as it is. Does nothing to others."""
    await queries.activate_user(
        connection, organization_id=user.organization_id, user_id=user.user_id, name=name, time_zone=time_zone
    )
