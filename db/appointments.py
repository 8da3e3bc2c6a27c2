"""What becomes of a call by the clock: prepared before its start, missed after it, and its agent missing in it."""

from datetime import datetime, timedelta

from db import audit, emails, people
from db.pool import Connection, queries
from domain import notices
from domain.audit import Actor, Subject
from domain.call import Call
from domain.ending import NOBODY_CAME
from domain.ids import CallId, OrganizationId

PREPARED_BEFORE = timedelta(seconds=90)
"""The start. Source: ADR 0007."""

Found = list[tuple[OrganizationId, CallId]]


async def to_prepare(connection: Connection, now: datetime) -> Found:
    """Calls that are about to start; looks across organizations."""
    rows = queries.calls_to_prepare(connection, before=now + PREPARED_BEFORE)
    return [(row["organization_id"], row["call_id"]) async for row in rows]


async def prepare(connection: Connection, organization_id: OrganizationId, call_id: CallId, now: datetime) -> bool:
    """From now on the call wants an agent, before anybody came. False when it is not to be prepared.

    One that was booked for the moment itself is not: its agent comes with the first person.
    """
    prepared = await queries.prepare_call(
        connection, organization_id=organization_id, call_id=call_id, now=now, before=now + PREPARED_BEFORE
    )
    return prepared is not None


async def nobody_came_to(connection: Connection, now: datetime) -> Found:
    """Calls that started long enough ago and that none of those invited was let in to; looks across organizations."""
    rows = queries.calls_nobody_came_to(connection, started_before=now - NOBODY_CAME)
    return [(row["organization_id"], row["call_id"]) async for row in rows]


async def miss(connection: Connection, call: Call, now: datetime) -> bool:
    """The call is over, since nobody of those invited came: its mails are due. Call it last, as an audit entry.

    False when one of them was let in after all, when it is too early to say, or when nobody had an appointment: it was
    booked for the moment itself and its links were handed over by hand.
    """
    ids = {"organization_id": call.organization_id, "call_id": call.call_id}
    if await queries.miss_call(connection, **ids, now=now, started_before=now - NOBODY_CAME) is None:
        return False
    owner = await people.get(connection, call.organization_id, call.owner.user_id)
    assert owner is not None, "a call has an owner, by its foreign key"
    await emails.queue(connection, call.organization_id, call.call_id, notices.no_show(call, owner, now))
    await audit.write(connection, call.organization_id, Actor.SYSTEM, "call_ended", Subject("call", str(call.call_id)))
    return True


async def miss_agent(connection: Connection, call: Call, now: datetime) -> bool:
    """Writes down that the agent cannot come, and mails the owner. False when that is known, or the call is over."""
    ids = {"organization_id": call.organization_id, "call_id": call.call_id}
    if await queries.miss_agent(connection, **ids, now=now) is None:
        return False
    owner = await people.get(connection, call.organization_id, call.owner.user_id)
    assert owner is not None, "a call has an owner, by its foreign key"
    await emails.queue(connection, call.organization_id, call.call_id, notices.agent_missing(call, owner, now))
    return True


async def find_agent(connection: Connection, call: Call) -> None:
    """It has come after all."""
    await queries.find_agent(connection, organization_id=call.organization_id, call_id=call.call_id)


async def fix_question_set_version(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> None:
    """The newest version of its question set is the call's from now on, unless it has one; nothing without a set."""
    await queries.fix_question_set_version(connection, organization_id=organization_id, call_id=call_id)
