import asyncio
import stat
from pathlib import Path

import asyncpg
import pytest

from db import events
from db.event_json import dump
from db.pool import DatabaseError, Pool, open_pool, transaction
from db.spool import Spool
from domain.call import Call
from domain.event import Event
from tests.conftest import Database
from tests.sample import Tenant, a_call, add_call, said

pytestmark = pytest.mark.db


async def log(pool: Pool, call: Call) -> list[Event]:
    async with transaction(pool, call.organization_id) as connection:
        return await events.after(connection, call.organization_id, call.call_id, 0, most=1_000)


def write(spool: Spool, call: Call, *some: Event, epoch: int = 1) -> None:
    spool.write(call.organization_id, call.call_id, epoch, some)


async def test_what_was_spooled_while_the_database_was_away_is_written_once(
    tmp_path: Path, database: Database, tenant: Tenant, pool: Pool
) -> None:
    call = await add_call(pool, tenant.rep)
    spool = Spool(tmp_path / "spool")
    away = await open_pool(database.app_url, most_connections=1)
    await away.close()
    waiting = [said(call, f"Sentence {n}.") for n in range(10)]
    write(spool, call, *waiting[:6])
    with pytest.raises(DatabaseError):
        await spool.replay(away)
    write(spool, call, *waiting[4:])
    assert await spool.replay(pool) == 10
    assert await spool.replay(pool) == 0
    assert [event.event_id for event in await log(pool, call)] == [event.event_id for event in waiting]
    assert files(tmp_path / "spool") == []


async def test_only_the_owner_can_read_what_people_said(tmp_path: Path, tenant: Tenant) -> None:
    call = a_call(tenant.rep)
    write(Spool(tmp_path / "spool"), call, said(call))
    (file,) = files(tmp_path / "spool")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o700


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.mark.parametrize("rest", [b'{"event_id": "01', b"\xe9\xab", b"\x00\x00\x00", '{"text": "高'.encode()[:-1]])
async def test_a_line_that_a_crash_cut_off_costs_only_itself(
    tmp_path: Path, pool: Pool, tenant: Tenant, rest: bytes
) -> None:
    call = await add_call(pool, tenant.rep)
    spool = Spool(tmp_path)
    first, second = said(call, "Before."), said(call, "After.")
    write(spool, call, first)
    (file,) = files(tmp_path)
    file.write_bytes(file.read_bytes() + rest)
    write(spool, call, second)
    assert await spool.replay(pool) == 2
    assert [event.event_id for event in await log(pool, call)] == [first.event_id, second.event_id]


async def test_line_breaks_of_other_alphabets_do_not_cut_an_event(tmp_path: Path, pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    event = said(call, "One\u2028two\u2029three\x85four\x0bfive\nsix.")
    assert "\u2028" in dump(event)
    spool = Spool(tmp_path)
    write(spool, call, event)
    assert await spool.replay(pool) == 1


async def test_what_is_written_during_a_replay_is_not_lost(tmp_path: Path, pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    spool = Spool(tmp_path)
    everything = [said(call, f"Sentence {n}.") for n in range(60)]
    replaying = True

    async def replay_all_the_time() -> None:
        while replaying:
            await spool.replay(pool)
            await asyncio.sleep(0)

    replayers = [asyncio.create_task(replay_all_the_time()) for _ in range(3)]
    for event in everything:
        write(spool, call, event)
        await asyncio.sleep(0.002)
    replaying = False
    await asyncio.gather(*replayers)
    await spool.replay(pool)
    written = await log(pool, call)
    assert {event.event_id for event in written} == {event.event_id for event in everything}
    assert [event.seq for event in written] == list(range(1, 61))


async def test_one_calls_file_is_left_alone_when_another_is_asked_for(
    tmp_path: Path, pool: Pool, tenant: Tenant
) -> None:
    mine, other = await add_call(pool, tenant.rep), await add_call(pool, tenant.rep)
    spool = Spool(tmp_path)
    write(spool, mine, said(mine))
    write(spool, other, said(other))
    assert await spool.replay(pool, call_id=mine.call_id) == 1
    assert await spool.replay(pool, untouched_for_seconds=60) == 0
    assert await spool.replay(pool) == 1


async def test_the_words_of_an_erased_call_are_dropped_and_do_not_hold_up_the_rest(
    tmp_path: Path, pool: Pool, tenant: Tenant
) -> None:
    erased, call = a_call(tenant.rep), await add_call(pool, tenant.rep)
    spool = Spool(tmp_path)
    write(spool, erased, said(erased))
    write(spool, call, said(call))
    assert await spool.replay(pool) == 1
    assert files(tmp_path) == []


async def test_a_file_that_the_database_refuses_waits_and_does_not_hold_up_the_rest(
    tmp_path: Path, pool: Pool, tenant: Tenant
) -> None:
    poisoned, call = await add_call(pool, tenant.rep), await add_call(pool, tenant.rep)
    spool = Spool(tmp_path)
    write(spool, poisoned, said(poisoned, "A \x00 that PostgreSQL cannot hold."))
    write(spool, call, said(call))
    with pytest.raises(asyncpg.PostgresError):
        await spool.replay(pool)
    assert len(await log(pool, call)) == 1
    assert [str(poisoned.call_id) in path.name for path in files(tmp_path)] == [True]


async def test_where_nothing_was_spooled_there_is_nothing_to_do(tmp_path: Path, pool: Pool) -> None:
    assert await Spool(tmp_path / "none").replay(pool) == 0
