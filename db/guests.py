"""What guests do by their link: open it, come in, say that they prefer text; and whom it was sent to."""

from datetime import datetime
from typing import cast

from db.pool import Connection, queries
from domain.ids import InviteeId, OrganizationId


async def note_opened(
    connection: Connection, organization_id: OrganizationId, invitee_id: InviteeId, now: datetime
) -> None:
    """The first time counts."""
    await queries.note_link_opened(connection, organization_id=organization_id, invitee_id=invitee_id, now=now)


async def note_joined(
    connection: Connection, organization_id: OrganizationId, invitee_id: InviteeId, now: datetime
) -> None:
    """The first time counts."""
    await queries.note_invitee_joined(connection, organization_id=organization_id, invitee_id=invitee_id, now=now)


async def set_preference(
    connection: Connection, organization_id: OrganizationId, invitee_id: InviteeId, now: datetime, *, prefers_text: bool
) -> None:
    await queries.set_preference(
        connection, organization_id=organization_id, invitee_id=invitee_id, prefers_text=prefers_text, now=now
    )


async def address_of(connection: Connection, organization_id: OrganizationId, invitee_id: InviteeId) -> str | None:
    """Also of somebody who was removed; None when there is none."""
    found = await queries.address_of_invitee(connection, organization_id=organization_id, invitee_id=invitee_id)
    return cast("str | None", found)
