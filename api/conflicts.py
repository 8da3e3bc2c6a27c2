"""What somebody has already at a time that is about to be chosen: a warning, not a wall."""

from collections.abc import Collection
from datetime import datetime, timedelta

from db import call_lists
from db.pool import Connection
from domain.access import Viewer, visible_owners
from domain.call import Call
from domain.ids import CallId, UserId

MOST_CONFLICTS = 20


async def conflicts(
    connection: Connection,
    viewer: Viewer,
    owner_id: UserId,
    addresses: Collection[str],
    starts_at: datetime,
    duration_minutes: int,
    *,
    but_for: CallId | None = None,
) -> list[Call]:
    """Of the calls that the viewer may see, those of the owner or of guests with these addresses, earliest first.

    Of others nothing is said. Raises OverflowError when the end is no instant.
    """
    return await call_lists.overlapping(
        connection,
        viewer.organization_id,
        visible_owners(viewer),
        owner_id,
        addresses,
        but_for=but_for,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=duration_minutes),
        most=MOST_CONFLICTS,
    )


def warning(call: Call, owner_id: UserId) -> str:
    """Of one conflict, in words for people."""
    who = call.owner.name if call.owner.user_id == owner_id else "This guest"
    return f"{who} has “{call.title}” at that time."
