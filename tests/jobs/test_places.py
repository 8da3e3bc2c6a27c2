"""Rounds over places, with a real database and a media server that tells nothing by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db import calls, places
from db.places import Place, PlaceState
from db.pool import Pool, transaction
from domain.call import Call
from domain.ids import Identity
from jobs.places import Places
from tests.fakes.rooms import FakeRooms
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=2)
ROBIN, SAM, KIM = (Identity(f"prospect-{name}") for name in ("robin", "sam", "kim"))


@pytest.fixture
def rooms() -> FakeRooms:
    return FakeRooms()


@pytest.fixture
async def call(pool: Pool, tenant: Tenant, owner: Any) -> Call:
    """For two people, and somebody has come to it. Other tests' calls want nothing more."""
    await owner.execute("UPDATE calls SET wanted_at = NULL, log_closed_at = now()")
    made = await add_call(pool, tenant.rep)
    await owner.execute("UPDATE calls SET most_participants = 2 WHERE id = $1", made.call_id)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.want_agent(connection, made)
    return made


async def ask(pool: Pool, call: Call, who: Identity, now: datetime) -> Place | int:
    async with transaction(pool, call.organization_id) as connection:
        return await places.ask(connection, call, who, now)


async def enter(pool: Pool, rooms: FakeRooms, call: Call, who: Identity, now: datetime) -> None:
    assert isinstance(await ask(pool, call, who, now), Place)
    rooms.enter(call.room, who, is_agent=False)
    async with transaction(pool, call.organization_id) as connection:
        assert await places.entered(connection, call, who, now)


async def states(owner: Any, call: Call) -> dict[str, str]:
    rows = await owner.fetch("SELECT identity, state FROM room_places WHERE call_id = $1", call.call_id)
    return {row["identity"]: row["state"] for row in rows}


async def test_somebody_whose_going_nobody_told_keeps_the_place_for_half_a_minute_and_then_it_is_free(
    pool: Pool, rooms: FakeRooms, call: Call
) -> None:
    await enter(pool, rooms, call, ROBIN, NOW)
    await enter(pool, rooms, call, SAM, NOW)
    await rooms.remove(call.room, SAM)
    await Places(pool, rooms).make_round(NOW)
    assert await ask(pool, call, KIM, NOW + timedelta(seconds=29)) == 1
    assert isinstance(await ask(pool, call, KIM, NOW + timedelta(seconds=30)), Place)


async def test_looking_again_does_not_keep_it_longer(pool: Pool, rooms: FakeRooms, call: Call) -> None:
    await enter(pool, rooms, call, ROBIN, NOW)
    await enter(pool, rooms, call, SAM, NOW)
    await rooms.remove(call.room, SAM)
    for seconds in range(0, 30, 2):
        await Places(pool, rooms).make_round(NOW + timedelta(seconds=seconds))
    assert isinstance(await ask(pool, call, KIM, NOW + timedelta(seconds=30)), Place)


async def test_somebody_whose_coming_nobody_told_has_a_place_as_long_as_they_are_there(
    pool: Pool, rooms: FakeRooms, call: Call, owner: Any
) -> None:
    rooms.enter(call.room, ROBIN, is_agent=False)
    watching = Places(pool, rooms)
    await watching.make_round(NOW)
    assert await states(owner, call) == {ROBIN: PlaceState.HELD}
    await watching.make_round(LATER)
    assert await states(owner, call) == {ROBIN: PlaceState.INSIDE}
    await enter(pool, rooms, call, SAM, NOW + timedelta(hours=1))
    assert await ask(pool, call, KIM, NOW + timedelta(hours=1)) == 1


async def test_somebody_who_was_seen_and_went_in_the_same_moment_takes_nobodys_place(
    pool: Pool, rooms: FakeRooms, call: Call
) -> None:
    await enter(pool, rooms, call, ROBIN, NOW)
    async with transaction(pool, call.organization_id) as connection:
        await places.seen(connection, call, {ROBIN, SAM}, NOW)
    await Places(pool, rooms).make_round(LATER)
    assert isinstance(await ask(pool, call, KIM, NOW + timedelta(seconds=5)), Place)


async def test_whoever_is_in_a_full_room_without_a_place_is_sent_out_and_the_others_and_the_agent_stay(
    pool: Pool, rooms: FakeRooms, call: Call
) -> None:
    await enter(pool, rooms, call, ROBIN, NOW)
    await enter(pool, rooms, call, SAM, NOW)
    rooms.enter(call.room, KIM, is_agent=False)
    rooms.enter(call.room, "agent-1", is_agent=True)
    await Places(pool, rooms).make_round(NOW)
    assert {one.identity for one in await rooms.present(call.room)} == {ROBIN, SAM, Identity("agent-1")}


async def test_a_place_that_is_held_for_somebody_on_their_way_is_not_given_to_somebody_without_one(
    pool: Pool, rooms: FakeRooms, call: Call, owner: Any
) -> None:
    await enter(pool, rooms, call, ROBIN, NOW)
    assert isinstance(await ask(pool, call, SAM, NOW), Place)
    rooms.enter(call.room, KIM, is_agent=False)
    await Places(pool, rooms).make_round(LATER)
    assert {one.identity for one in await rooms.present(call.room)} == {ROBIN}
    assert await states(owner, call) == {ROBIN: PlaceState.INSIDE, SAM: PlaceState.HELD}


async def test_a_room_that_cannot_be_reached_takes_nobodys_place_and_does_not_keep_other_calls_waiting(
    pool: Pool, rooms: FakeRooms, call: Call, tenant: Tenant, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from domain.errors import RoomUnavailable

    other = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.want_agent(connection, other)
    for one in (call, other):
        await enter(pool, rooms, one, ROBIN, NOW)
        await rooms.remove(one.room, ROBIN)
    present = rooms.present

    async def all_but_one(room: str) -> Any:
        if room == call.room:
            raise RoomUnavailable
        return await present(room)

    monkeypatch.setattr(rooms, "present", all_but_one)
    await Places(pool, rooms).make_round(NOW)
    assert await states(owner, call) == {ROBIN: PlaceState.INSIDE}
    assert await states(owner, other) == {ROBIN: PlaceState.HELD}
