"""Links by mail that sign one of us in once. A row says whose and until when; the secret is derived from its id."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.pool import Connection, queries
from domain.ids import OrganizationId, SignInLinkId, UserId, uuid7
from domain.links import LinkPurpose
from domain.people import User

LIFETIME = {LinkPurpose.SIGN_IN: timedelta(minutes=15), LinkPurpose.INVITATION: timedelta(days=7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """One that still signs in."""

    link_id: SignInLinkId
    organization_id: OrganizationId
    user_id: UserId
    purpose: LinkPurpose
    next: str  # where it goes then, a path on our own site
    expires_at: datetime


async def add(connection: Connection, user: User, purpose: LinkPurpose, *, next: str = "/") -> SignInLinkId:
    """A new one, that goes to the page `next`.

    An older one for the same purpose is gone, and its mail with it, if that was still to be sent.
    """
    link_id = SignInLinkId(uuid7())
    of_user = {"organization_id": user.organization_id, "user_id": user.user_id}
    await queries.lock_user_signing_in(connection, **of_user)
    await queries.forget_sign_in_links(connection, **of_user, purpose=purpose.value)
    await queries.add_sign_in_link(
        connection, link_id=link_id, **of_user, purpose=purpose.value, next=next, lifetime=LIFETIME[purpose]
    )
    return link_id


async def get(connection: Connection, organization_id: OrganizationId, link_id: SignInLinkId) -> SignInLink | None:
    """None when it is used, over, replaced or never was, or when its person is disabled or has come already."""
    row = await queries.get_sign_in_link(connection, organization_id=organization_id, link_id=link_id)
    return SignInLink(**{**row, "purpose": LinkPurpose(row["purpose"])}) if row else None


async def use(connection: Connection, organization_id: OrganizationId, link_id: SignInLinkId) -> SignInLink | None:
    """Once, however many come at the same time. None as in `get`. The person is locked until the transaction ends."""
    found = await get(connection, organization_id, link_id)
    if found is None:
        return None
    await queries.lock_user_signing_in(connection, organization_id=organization_id, user_id=found.user_id)
    found = await get(connection, organization_id, link_id)
    used = await queries.use_sign_in_link(connection, organization_id=organization_id, link_id=link_id)
    return found if used else None


async def organization_of(connection: Connection, link_id: SignInLinkId) -> OrganizationId | None:
    """Looks across organizations."""
    found: UUID | None = await queries.organization_of_sign_in_link(connection, link_id=link_id)
    return OrganizationId(found) if found else None
