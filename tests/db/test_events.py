import asyncio
from uuid import uuid4

import pytest

from db import calls, events
from db.event_json import dump, load
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import Event
from domain.ids import CallId
from tests.sample import Tenant, add_call, ended, others, said, shown

pytestmark = pytest.mark.db


async def append(pool: Pool, call: Call, *some: Event) -> list[Event]:
    async with transaction(pool, call.organization_id) as connection:
        return await events.append(connection, call.organization_id, call.call_id, some)


async def log(pool: Pool, call: Call, after: int = 0) -> list[Event]:
    async with transaction(pool, call.organization_id) as connection:
        return await events.after(connection, call.organization_id, call.call_id, after, most=1_000)


async def test_what_is_written_twice_is_there_once_and_keeps_its_number(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    first, second, third = said(call, "One."), said(call, "Two."), said(call, "Three.")
    assert [event.seq for event in await append(pool, call, first, second)] == [1, 2]
    assert [event.seq for event in await append(pool, call, first, third, second)] == [3]
    assert await append(pool, call, third) == []
    assert [(event.seq, event.event_id) for event in await log(pool, call)] == [
        (1, first.event_id), (2, second.event_id), (3, third.event_id),
    ]  # fmt: skip


async def test_an_event_that_stands_twice_in_a_batch_is_written_once(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    event = said(call)
    assert len(await append(pool, call, event, event)) == 1


async def test_twenty_writers_at_once_leave_no_gap_and_no_double(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    batches = [[said(call, f"{writer}.{n}") for n in range(5)] for writer in range(20)]
    again = batches[:5]
    await asyncio.gather(*(append(pool, call, *batch) for batch in [*batches, *again]))
    written = await log(pool, call)
    assert [event.seq for event in written] == list(range(1, 101))
    assert {event.event_id for event in written} == {event.event_id for batch in batches for event in batch}
    async with transaction(pool, call.organization_id) as connection:
        found = await calls.get(connection, call.organization_id, call.call_id)
    assert found is not None
    assert found.last_seq == 100


async def test_a_writer_that_fails_takes_no_number(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)

    async def fail_before_the_commit() -> None:
        async with transaction(pool, call.organization_id) as connection:
            await events.append(connection, call.organization_id, call.call_id, [said(call)])
            raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        await fail_before_the_commit()
    assert [event.seq for event in await append(pool, call, said(call))] == [1]


async def test_segments_and_nudges_come_into_their_tables_as_they_were(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    spoken = said(call, "Zu teuer, “wirklich” ‒ 高い 🙂\u2028 next.")
    nudge = shown(call, spoken.segment)
    await append(pool, call, spoken, nudge)
    async with transaction(pool, call.organization_id) as connection:
        (kept,) = await events.transcript(connection, call.organization_id, call.call_id)
        row = await connection.fetchrow("SELECT * FROM nudges WHERE call_id = $1", call.call_id)
    assert kept.text == spoken.segment.text
    assert kept.confidence == pytest.approx(spoken.segment.confidence, abs=1e-6)
    assert row is not None
    assert row["message"] == nudge.nudge.message
    assert row["shown_at_ms"] == nudge.at_ms
    assert (row["trigger"], row["latency_ms"]) == (nudge.nudge.trigger, nudge.nudge.latency_ms)
    assert [event.event_id for event in await log(pool, call)] == [spoken.event_id, nudge.event_id]


async def test_a_log_is_closed_once_and_what_was_spooled_may_still_follow(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    await append(pool, call, said(call), ended(call, "by the agent"))
    late = said(call)
    assert await append(pool, call, ended(call, "by the steward")) == []
    assert [event.seq for event in await append(pool, call, late)] == [3]
    assert [event.kind for event in await log(pool, call)] == ["segment_added", "call_ended", "segment_added"]


async def test_a_call_that_is_not_there_is_an_error(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    with pytest.raises(LookupError):
        async with transaction(pool, tenant.organization_id) as connection:
            await events.append(connection, tenant.organization_id, CallId(uuid4()), [said(call)])


async def test_an_event_survives_its_journey_through_json(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    spoken = said(call)
    for event in (spoken, shown(call, spoken.segment), *others(call), ended(call)):
        assert load(dump(event)) == event
