"""What an agent knows when it comes: the plan, and how far an earlier one got, from the log."""

from dataclasses import replace
from typing import Any

import pytest

from agent.lease import LeaseEnd, keep_until_over
from agent.record import CallRecord, open_record
from db import events, leases, question_sets
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
    by = {"question_id": question.question_id, "position": question.position, "text": "…", **facts}
    event: Event = kind(event_id=EventId(uuid7()), call_id=call.call_id, at_ms=1_000, **by)
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


async def test_what_was_asked_out_of_order_and_answered_twice_is_known_in_the_order_of_the_log(
    pool: Pool, tenant: Tenant
) -> None:
    call = await dispatched(pool, tenant)
    first, second = tenant.question_set.questions
    by: Any = {"segment_id": SegmentId(uuid7()), "identity": Identity("prospect-1")}
    await log(
        pool, call,
        of(QuestionAsked, call, second), of(QuestionAnswered, call, second, **by),
        of(QuestionAsked, call, first), of(QuestionAnswered, call, second, text="No, ten.", **by),
    )  # fmt: skip
    record = await opened(pool, call)
    assert record is not None
    assert record.asked == (second, first)
    assert record.said == {second.question_id: ("…", "No, ten.")}


async def test_a_call_keeps_the_version_of_its_questions_that_it_began_with(pool: Pool, tenant: Tenant) -> None:
    before, after = await dispatched(pool, tenant), await dispatched(pool, tenant)
    record = await opened(pool, before)
    assert record is not None
    assert (record.call.question_set_version, record.questions) == (1, tenant.question_set.questions)
    *kept, last = tenant.question_set.questions
    changed = replace(tenant.question_set, questions=(*kept, replace(last, is_active=False)), time_box_minutes=20)
    async with transaction(pool, tenant.organization_id) as connection:
        assert await question_sets.replace_whole(connection, tenant.organization_id, changed, tenant.rep.user_id)
    again, later = await opened(pool, before), await opened(pool, after)
    assert again is not None
    assert later is not None
    assert (again.call.question_set_version, again.questions) == (1, tenant.question_set.questions)
    assert (later.call.question_set_version, later.questions) == (2, tuple(kept))
    assert later.lasts_ms == 20 * 60_000


async def test_a_call_without_questions_lasts_as_long_as_it_was_booked_for(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep, duration_minutes=45)
    async with transaction(pool, call.organization_id) as connection:
        await leases.take(connection, call.organization_id, call.call_id, expected_epoch=0)
    record = await opened(pool, call)
    assert record is not None
    assert (record.question_set, record.questions, record.lasts_ms) == (None, (), 45 * 60_000)


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
