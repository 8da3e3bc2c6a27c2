import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from db import events, feed
from db.feed import Feed
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import Event
from domain.ids import CallId, uuid7
from tests.conftest import Database, eventually
from tests.sample import Tenant, add_call, said

pytestmark = pytest.mark.db


@pytest.fixture
async def live(pool: Pool, database: Database) -> AsyncIterator[Feed]:
    made = Feed(pool, database.app_url)
    listening = asyncio.create_task(made.listen())
    nobody, woken = CallId(uuid7()), asyncio.Event()
    made._followers[nobody].add(woken)

    async def hears() -> bool:
        await pool.execute("SELECT pg_notify('call_events', $1)", f"{nobody}:1")
        return woken.is_set()

    await eventually(hears, "the feed listens")
    del made._followers[nobody]
    yield made
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await asyncio.gather(*made_by_the_library(), return_exceptions=True)


def made_by_the_library() -> set[asyncio.Task[object]]:
    """Tasks that close its connection, which it does not wait for."""
    return {task for task in asyncio.all_tasks() if "Connection.close" in repr(task.get_coro())}


async def write(pool: Pool, call: Call, *texts: str) -> list[Event]:
    async with transaction(pool, call.organization_id) as connection:
        return await events.append(connection, call.organization_id, call.call_id, [said(call, text) for text in texts])


async def read(source: Feed, call: Call, after: int, count: int) -> list[int | None]:
    got: list[int | None] = []
    async with aclosing(source.follow(call.organization_id, call.call_id, after=after)) as batches:
        async for batch in batches:
            got += [event.seq for event in batch]
            if len(got) >= count:
                break
    return got


async def test_it_begins_after_the_number_that_was_seen_and_goes_on_live(
    live: Feed, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    await write(pool, call, "One.", "Two.", "Three.")
    reading = asyncio.create_task(read(live, call, after=1, count=4))
    await write(pool, call, "Four.")
    await write(pool, call, "Five.")
    assert await asyncio.wait_for(reading, 5) == [2, 3, 4, 5]


async def test_a_reader_is_woken_far_sooner_than_it_would_poll(
    live: Feed, pool: Pool, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 60.0)
    call = await add_call(pool, tenant.rep)
    reading = asyncio.create_task(read(live, call, after=0, count=1))

    async def follows() -> bool:
        return call.call_id in live._followers

    await eventually(follows, "the reader waits")
    began = time.monotonic()
    await write(pool, call, "One.")
    assert await asyncio.wait_for(reading, 5) == [1]
    assert time.monotonic() - began < 1.0


async def test_what_a_lost_notification_told_of_still_comes(
    pool: Pool, tenant: Tenant, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 0.2)
    deaf = Feed(pool, database.app_url)
    call = await add_call(pool, tenant.rep)
    reading = asyncio.create_task(read(deaf, call, after=0, count=2))
    await write(pool, call, "One.")
    await write(pool, call, "Two.")
    assert await asyncio.wait_for(reading, 5) == [1, 2]


async def test_many_readers_of_one_call_all_get_everything_and_none_stays_behind(
    live: Feed, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    readings = [asyncio.create_task(read(live, call, after=0, count=3)) for _ in range(8)]
    for text in ("One.", "Two.", "Three."):
        await write(pool, call, text)
    assert await asyncio.wait_for(asyncio.gather(*readings), 10) == [[1, 2, 3]] * 8
    assert live._followers == {}


async def test_a_reader_that_is_cancelled_is_forgotten(live: Feed, pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    reading = asyncio.create_task(read(live, call, after=0, count=1))

    async def follows() -> bool:
        return call.call_id in live._followers

    await eventually(follows, "the reader waits")
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert live._followers == {}


async def test_a_notification_that_is_none_of_ours_harms_nobody(live: Feed, pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    for payload in ("", "nonsense", ":", "1:2:3"):
        await pool.execute("SELECT pg_notify('call_events', $1)", payload)
    reading = asyncio.create_task(read(live, call, after=0, count=1))
    await write(pool, call, "One.")
    assert await asyncio.wait_for(reading, 5) == [1]


async def test_a_long_log_comes_in_pages_and_whole(
    live: Feed, pool: Pool, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PAGE", 7)
    call = await add_call(pool, tenant.rep)
    await write(pool, call, *(f"Sentence {n}." for n in range(30)))
    assert await asyncio.wait_for(read(live, call, after=0, count=30), 5) == list(range(1, 31))
