"""The steward's rounds, with a real database and a media server that obeys the test."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db import calls, events, leases
from db.pool import Pool, transaction
from db.spool import Spool
from domain.call import Call, agent_identity, prospect_identity
from domain.ending import LEFT
from domain.event import Event
from domain.ids import Identity
from jobs import steward as stewarding
from jobs.steward import ARRIVAL_DEADLINE, HEARTBEAT_LOST, Steward
from jobs.unattended import GONE_BY
from tests.conftest import eventually
from tests.fakes.rooms import FakeRooms
from tests.sample import Tenant, add_call, ended, said

pytestmark = pytest.mark.db


@pytest.fixture
def rooms() -> FakeRooms:
    return FakeRooms()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
async def steward(pool: Pool, rooms: FakeRooms, spool: Spool, owner: Any) -> Steward:
    """Other tests' calls want nothing more."""
    await owner.execute("UPDATE calls SET wanted_at = NULL, log_closed_at = now(), status = 'cancelled'")
    return Steward(pool, rooms, spool)


def now() -> datetime:
    return datetime.now(UTC)


async def wanted(pool: Pool, tenant: Tenant) -> Call:
    call = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.want_agent(connection, call)
    return call


async def beat(pool: Pool, call: Call, epoch: int) -> None:
    async with transaction(pool, call.organization_id) as connection:
        kept = await leases.keep(connection, call.organization_id, call.call_id, epoch=epoch)
    assert kept is not None
    assert kept.epoch == epoch


async def age(owner: Any, call: Call, column: str, by: timedelta) -> None:
    await owner.execute(
        f"UPDATE agent_leases SET {column} = {column} - $2::interval WHERE call_id = $1", call.call_id, by
    )


async def log(pool: Pool, call: Call) -> list[Event]:
    async with transaction(pool, call.organization_id) as connection:
        return await events.after(connection, call.organization_id, call.call_id, 0, most=100)


async def over(owner: Any, call: Call, seconds_ago: int = 11) -> None:
    await owner.execute(
        "UPDATE calls SET status = 'ended', started_at = now() - interval '1 minute', end_reason = 'everybody left', "
        "ended_at = now() - make_interval(secs => $2), log_closed_at = NULL WHERE id = $1",
        call.call_id, float(seconds_ago),
    )  # fmt: skip


def guest_of(call: Call) -> Identity:
    return prospect_identity(call.invitees[0].invitee_id)


def epochs(rooms: FakeRooms, call: Call) -> list[int]:
    return [metadata["epoch"] for room, metadata in rooms.dispatched if room == call.room]


async def test_a_call_that_somebody_came_to_gets_one_agent_however_often_it_is_looked_at(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call, nobodys = await wanted(pool, tenant), await add_call(pool, tenant.rep)
    for _ in range(3):
        await steward.make_round(now())
    assert rooms.dispatched == [
        (call.room, {"organization_id": str(tenant.organization_id), "call_id": str(call.call_id), "epoch": 1})
    ]
    assert rooms.created == [call.room]
    assert epochs(rooms, nobodys) == []


async def test_of_three_stewards_one_sends(
    pool: Pool, tenant: Tenant, rooms: FakeRooms, spool: Spool, steward: Steward
) -> None:
    call = await wanted(pool, tenant)
    await asyncio.gather(steward.make_round(now()), *(Steward(pool, rooms, spool).make_round(now()) for _ in range(2)))
    assert epochs(rooms, call) == [1]


async def test_an_agent_whose_heart_has_stopped_is_replaced_under_a_higher_epoch(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    await steward.make_round(now())
    await beat(pool, call, 1)
    await age(owner, call, "heartbeat_at", HEARTBEAT_LOST - timedelta(seconds=1))
    await steward.make_round(now())
    assert epochs(rooms, call) == [1]
    await age(owner, call, "heartbeat_at", timedelta(seconds=1.5))
    await steward.make_round(now())
    await steward.make_round(now())
    assert epochs(rooms, call) == [1, 2]


async def test_an_agent_that_never_came_is_sent_for_again(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    await steward.make_round(now())
    await age(owner, call, "dispatched_at", ARRIVAL_DEADLINE - timedelta(seconds=2))
    await steward.make_round(now())
    assert epochs(rooms, call) == [1]
    await age(owner, call, "dispatched_at", timedelta(seconds=3))
    await steward.make_round(now())
    assert epochs(rooms, call) == [1, 2]


async def test_the_one_that_is_sent_after_it_gets_more_time_to_come(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    await steward.make_round(now())
    await age(owner, call, "dispatched_at", ARRIVAL_DEADLINE + timedelta(seconds=1))
    await steward.make_round(now())
    await age(owner, call, "dispatched_at", ARRIVAL_DEADLINE + timedelta(seconds=1))
    await steward.make_round(now())
    assert epochs(rooms, call) == [1, 2]
    await age(owner, call, "dispatched_at", ARRIVAL_DEADLINE)
    await steward.make_round(now())
    assert epochs(rooms, call) == [1, 2, 3]


async def test_agents_of_older_epochs_are_sent_out_and_nobody_else(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    await steward.make_round(now())
    await beat(pool, call, 1)
    await age(owner, call, "heartbeat_at", timedelta(minutes=1))
    await steward.make_round(now())
    await beat(pool, call, 2)
    for epoch in (1, 2):
        rooms.enter(call.room, agent_identity(call.call_id, epoch), is_agent=True)
    rooms.enter(call.room, guest_of(call), is_agent=False)
    await steward.make_round(now())
    assert set(rooms.people[call.room]) == {agent_identity(call.call_id, 2), guest_of(call)}
    assert epochs(rooms, call) == [1, 2]


async def test_a_call_that_has_ended_gets_no_agent(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await wanted(pool, tenant)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, call.call_id, "everybody left")
    await steward.make_round(now())
    assert rooms.dispatched == []


async def test_one_unreachable_room_does_not_keep_another_call_waiting(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from domain.errors import RoomUnavailable

    broken, fine = await wanted(pool, tenant), await wanted(pool, tenant)
    create = rooms.create

    async def create_but_one(room: str) -> None:
        if room == broken.room:
            raise RoomUnavailable
        await create(room)

    monkeypatch.setattr(rooms, "create", create_but_one)
    await steward.make_round(now())
    assert (epochs(rooms, broken), epochs(rooms, fine)) == ([], [1])


async def test_rounds_go_on_when_the_media_server_and_the_database_were_away(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await wanted(pool, tenant)
    rooms.is_away = True
    rounds = 0

    async def at_once(_seconds: float) -> None:
        nonlocal rounds
        rounds += 1
        await asyncio.sleep(0.005)

    running = asyncio.create_task(steward.run(at_once))

    async def five_rounds() -> bool:
        return rounds >= 5

    await eventually(five_rounds, "rounds go on")
    read_list = calls.that_want_an_agent
    failed = 0

    async def away(_connection: Any) -> Any:
        nonlocal failed
        failed += 1
        raise asyncpg.ConnectionDoesNotExistError("gone")

    monkeypatch.setattr(calls, "that_want_an_agent", away)

    async def three_failed() -> bool:
        return failed >= 3

    await eventually(three_failed, "rounds go on without a database")
    monkeypatch.setattr(calls, "that_want_an_agent", read_list)
    monkeypatch.setattr(stewarding, "ARRIVAL_DEADLINE", timedelta(0))
    steward._trust_heartbeats_at = 0.0
    rooms.is_away = False

    async def dispatched() -> bool:
        return bool(epochs(rooms, call))

    await eventually(dispatched, "an agent is sent for after all")
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_restart_of_the_database_does_not_cost_a_call_its_agent(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent could not beat meanwhile; it gets the time to do so before it is taken for lost."""
    call = await wanted(pool, tenant)
    await steward.make_round(now())
    await beat(pool, call, 1)
    steps = iter([asyncpg.CannotConnectNowError("starting up"), None, None])

    async def round_or_error(at: datetime, original: Any = steward.make_round) -> None:
        error = next(steps)
        if error:
            await age(owner, call, "heartbeat_at", timedelta(seconds=20))
            raise error
        await original(at)

    monkeypatch.setattr(steward, "make_round", round_or_error)

    async def at_once(_seconds: float) -> None:
        return

    with pytest.raises((StopIteration, RuntimeError)):
        await steward.run(at_once)
    assert epochs(rooms, call) == [1]
    steward._trust_heartbeats_at = 0.0
    monkeypatch.undo()
    await steward.make_round(now())
    assert epochs(rooms, call) == [1, 2]


async def test_the_log_of_a_call_whose_agent_died_is_closed_once_after_what_it_left_behind(
    steward: Steward, pool: Pool, tenant: Tenant, owner: Any, spool: Spool
) -> None:
    call = await add_call(pool, tenant.rep)
    spooled = said(call)
    spool.write(call.organization_id, call.call_id, 1, [spooled])
    await over(owner, call, seconds_ago=5)
    await steward.make_round(now())
    assert await log(pool, call) == []
    await over(owner, call, seconds_ago=11)
    for _ in range(3):
        await steward.make_round(now())
    written = await log(pool, call)
    assert [event.kind for event in written] == ["segment_added", "call_ended"]
    last = written[-1]
    assert last.kind == "call_ended"
    assert last.reason == "everybody left"
    assert 48_000 <= last.at_ms <= 50_000


async def test_nobody_is_left_in_the_room_of_a_call_that_is_over(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await add_call(pool, tenant.rep)
    rooms.enter(call.room, guest_of(call), is_agent=False)
    await over(owner, call, seconds_ago=11)
    await steward.make_round(now())
    assert await rooms.present(call.room) == []


async def test_a_log_that_its_agent_has_closed_is_left_alone(
    steward: Steward, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await add_call(pool, tenant.rep)
    await over(owner, call)
    async with transaction(pool, call.organization_id) as connection:
        await events.append(connection, call.organization_id, call.call_id, [ended(call, "all was said")])
    await steward.make_round(now())
    assert [event.kind for event in await log(pool, call)] == ["call_ended"]


async def test_a_file_in_the_spool_that_nobody_comes_back_for_is_written_all_the_same(
    steward: Steward, pool: Pool, tenant: Tenant, spool: Spool, tmp_path: Path
) -> None:
    import os

    call = await add_call(pool, tenant.rep)
    spool.write(call.organization_id, call.call_id, 1, [said(call)])
    await steward.make_round(now())
    assert await log(pool, call) == []
    (file,) = (tmp_path / "spool").iterdir()
    os.utime(file, (0, 0))
    await steward.make_round(now())
    assert len(await log(pool, call)) == 1


async def sent_away(owner: Any, call: Call, *, wanted_again: bool = False) -> None:
    await owner.execute(
        "UPDATE calls SET agent_dismissed_at = CASE WHEN $2 THEN NULL ELSE now() END WHERE id = $1",
        call.call_id, wanted_again,
    )  # fmt: skip


async def test_a_call_whose_agent_was_asked_to_leave_gets_none_until_it_is_wanted_again(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    await steward.make_round(now())
    await beat(pool, call, 1)
    rooms.enter(call.room, guest_of(call), is_agent=False)
    await sent_away(owner, call)
    await age(owner, call, "heartbeat_at", HEARTBEAT_LOST + timedelta(seconds=1))
    for _ in range(3):
        await steward.make_round(now())
    assert epochs(rooms, call) == [1]
    await sent_away(owner, call, wanted_again=True)
    for _ in range(2):
        await steward.make_round(now())
    assert epochs(rooms, call) == [1, 2]


async def test_an_agent_that_does_not_hear_that_it_should_leave_is_sent_out(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    agent = agent_identity(call.call_id, 1)
    rooms.enter(call.room, agent, is_agent=True)
    rooms.enter(call.room, guest_of(call), is_agent=False)
    await sent_away(owner, call)
    began = now()
    await steward.make_round(began)
    assert set(rooms.people[call.room]) == {agent, guest_of(call)}
    await steward.make_round(began + GONE_BY)
    assert set(rooms.people[call.room]) == {guest_of(call)}


async def test_a_call_without_an_agent_ends_when_everybody_has_been_gone_for_a_while(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await wanted(pool, tenant)
    await sent_away(owner, call)
    rooms.enter(call.room, guest_of(call), is_agent=False)
    began = now()
    for seconds in (0, 60):
        await steward.make_round(began + timedelta(seconds=seconds))
        assert await status(pool, call) != "ended"
    await rooms.remove(call.room, guest_of(call))
    left_at = began + timedelta(seconds=61)
    for later in (timedelta(0), LEFT - timedelta(seconds=1)):
        await steward.make_round(left_at + later)
        assert await status(pool, call) != "ended"
    await steward.make_round(left_at + LEFT)
    assert await status(pool, call) == "ended"
    await owner.execute("UPDATE calls SET ended_at = now() - interval '11 seconds' WHERE id = $1", call.call_id)
    for _ in range(2):
        await steward.make_round(now())
    assert await deeds(owner, call) == [("call_ended", "system")]
    assert [event.kind for event in await log(pool, call)] == ["call_ended"]


async def deeds(owner: Any, call: Call) -> list[tuple[str, str]]:
    """What the audit log says was done to it, and what kind of actor did it."""
    rows = await owner.fetch(
        "SELECT action, actor_kind FROM audit_entries WHERE subject_id = $1 ORDER BY seq", str(call.call_id)
    )
    return [(row["action"], row["actor_kind"]) for row in rows]


async def status(pool: Pool, call: Call) -> str:
    async with transaction(pool, call.organization_id) as connection:
        found = await calls.get(connection, call.organization_id, call.call_id)
    assert found is not None
    return found.status.value
