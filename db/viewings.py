"""Who has read what was said in a call, as the audit log knows it."""

from db.pool import Connection, queries
from domain.ids import CallId, OrganizationId, UserId


async def is_news(connection: Connection, organization_id: OrganizationId, user_id: UserId, call_id: CallId) -> bool:
    """False when the log says it of the last hour already. True goes to one of several that ask at once.

    A page asks for transcript and review in one breath: only who finds nothing waits for the others, and looks again.
    """
    who = {"organization_id": organization_id, "user_id": user_id, "call_id": str(call_id)}
    if await queries.was_viewed(connection, **who):
        return False
    await queries.lock_viewing(connection, viewing=f"{user_id} {call_id}")
    return not await queries.was_viewed(connection, **who)
