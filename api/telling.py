"""Telling people of a change to a call: the mails due are written in the transaction of the change."""

from datetime import datetime

from db import emails, people
from db.pool import Connection
from domain.call import Call
from domain.notices import notices
from domain.people import User


async def tell(connection: Connection, before: Call | None, after: Call, now: datetime) -> None:
    """`before` is None: it was booked."""
    due = notices(before, after, await owner_of(connection, after), now)
    await emails.queue(connection, after.organization_id, after.call_id, due)


async def owner_of(connection: Connection, call: Call) -> User:
    owner = await people.get(connection, call.organization_id, call.owner.user_id)
    assert owner is not None, "a call has an owner, by its foreign key"
    return owner
