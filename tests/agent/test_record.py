"""What an agent knows when it comes: the plan, and how far an earlier one got, from the log."""

from typing import Any

import pytest

from agent.lease import LeaseEnd, keep_until_over
from agent.record import CallRecord, open_record
from db import events, leases
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import AgentJoined, AgentLeft, Event, QuestionAnswered, QuestionAsked, QuestionRefused
from domain.ids import EventId, Identity, SegmentId, uuid7
from domain.question_set import Question
from tests.sample import Tenant, add_call, said

pytestmark = pytest.mark.db


async def dispatched(pool: Pool, tenant: Tenant) -> Call:
    call = await add_call(pool, tenant.rep, question_set_id=tenant.question_set.question_set_id)
    async with transaction(pool, call.organization_id) as connection:
        await leases.take(connection, call.organization_id, call.call_id, expected_epoch=0)
    return call


async def opened(pool: Pool, call: Call) -> CallRecord | None:
    return await open_record(pool, call.organization_id, call.call_id, 1)


async def log(pool: Pool, call: Call, *some: Event) -> None:
    async with transaction(pool, call.organization_id) as connection:
        await events.append(connection, call.organization_id, call.call_id, some)


def of(kind: Any, call: Call, question: Question, **facts: Any) -> Event:
    by = {"question_id": question.question_id, "position": question.position}
    event: Event = kind(event_id=EventId(uuid7()), call_id=call.call_id, at_ms=1_000, text="…", **by, **facts)
    return event


async def test_the_ledger_of_the_agent_before_is_read_from_the_log(pool: Pool, tenant: Tenant) -> None:
    call = await dispatched(pool, tenant)
    first, second = tenant.question_set.questions
    segment_id, who = SegmentId(uuid7()), Identity("prospect-1")
    await log(
        pool, call,
        of(QuestionAsked, call, first),
        of(QuestionRefused, call, first, segment_id=segment_id, identity=who),
        of(QuestionAnswered, call, first, segment_id=segment_id, identity=who),
        of(QuestionAsked, call, second),
        of(QuestionRefused, call, second, segment_id=segment_id, identity=who),
    )  # fmt: skip
    record = await opened(pool, call)
    assert record is not None
    assert (record.asked, record.answered, record.refused) == ((first, second), (first,), (second,))
    assert not record.is_first


async def test_an_agent_that_was_asked_to_leave_and_is_wanted_again_knows_it(pool: Pool, tenant: Tenant) -> None:
    call = await dispatched(pool, tenant)
    by: Any = {"call_id": call.call_id, "at_ms": 0, "identity": Identity("agent-1")}
    joined = AgentJoined(event_id=EventId(uuid7()), epoch=1, **by)
    await log(pool, call, joined, said(call))
    record = await opened(pool, call)
    assert record is not None
    assert not record.was_sent_away
    await log(pool, call, AgentLeft(event_id=EventId(uuid7()), **by))
    record = await opened(pool, call)
    assert record is not None
    assert record.was_sent_away


async def test_a_call_that_wants_no_agent_lets_none_in(pool: Pool, tenant: Tenant, owner: Any) -> None:
    call = await dispatched(pool, tenant)
    await owner.execute("UPDATE calls SET agent_dismissed_at = now() WHERE id = $1", call.call_id)
    assert await opened(pool, call) is None


async def test_an_agent_goes_when_it_is_asked_to_and_when_another_has_come(
    pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await dispatched(pool, tenant)
    await owner.execute("UPDATE calls SET agent_dismissed_at = now() WHERE id = $1", call.call_id)
    assert await keep_until_over(pool, call.organization_id, call.call_id, 1) is LeaseEnd.DISMISSED
    async with transaction(pool, call.organization_id) as connection:
        await leases.take(connection, call.organization_id, call.call_id, expected_epoch=1)
    assert await keep_until_over(pool, call.organization_id, call.call_id, 1) is LeaseEnd.REPLACED
