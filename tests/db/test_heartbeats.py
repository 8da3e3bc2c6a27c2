import asyncio
from typing import Any

import pytest

from db import heartbeats
from db.heartbeats import alive, keep_beating
from db.pool import Pool, lookup, queries
from domain.ids import uuid7
from tests.conftest import eventually

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
async def _nobody_beats(owner: Any) -> None:
    await owner.execute("DELETE FROM heartbeats")


async def who(pool: Pool) -> dict[str, tuple[int, int]]:
    async with lookup(pool) as connection:
        return await alive(connection)


async def test_processes_are_counted_by_kind_with_the_calls_they_could_take(pool: Pool) -> None:
    async with lookup(pool) as connection:
        for kind, free_calls in (("agent", 8), ("agent", 3), ("steward", 0)):
            await queries.beat(connection, process_id=uuid7(), kind=kind, free_calls=free_calls)
    assert await who(pool) == {"agent": (2, 11), "steward": (1, 0)}


async def test_a_process_that_is_silent_for_five_seconds_is_dead(pool: Pool, owner: Any) -> None:
    async with lookup(pool) as connection:
        await queries.beat(connection, process_id=uuid7(), kind="agent", free_calls=8)
    await owner.execute("UPDATE heartbeats SET seen_at = seen_at - interval '5 seconds'")
    assert await who(pool) == {}


async def test_it_beats_until_it_is_cancelled_and_then_takes_its_row_out(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_SECONDS", 0.01)
    free = 8
    beating = asyncio.create_task(keep_beating(pool, uuid7(), "agent", lambda: free))

    async def tells(expected: int) -> bool:
        return await who(pool) == {"agent": (1, expected)}

    await eventually(lambda: tells(8), "it beats")
    free = 7
    await eventually(lambda: tells(7), "it beats again")
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    assert await who(pool) == {}


async def test_it_goes_on_when_the_database_was_away(pool: Pool, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_SECONDS", 0.01)
    beating = asyncio.create_task(keep_beating(pool, uuid7(), "steward", lambda: 0))

    async def beats() -> bool:
        return "steward" in await who(pool)

    await eventually(beats, "it beats")
    await owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'parley_app'")
    await owner.execute("DELETE FROM heartbeats")
    await asyncio.sleep(0)

    async def beats_again() -> bool:
        return bool(await owner.fetchval("SELECT count(*) FROM heartbeats WHERE kind = 'steward'"))

    await eventually(beats_again, "it beats again")
    assert not beating.done()
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
