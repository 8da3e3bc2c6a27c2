"""The fake and the real media server, by the same questions."""

from collections.abc import AsyncIterator

import pytest

from domain.errors import RoomUnavailable
from domain.ids import Identity, uuid7
from parley.plan import LiveKitAccess
from providers.rooms import Rooms
from tests.fakes.rooms import FakeRooms
from tests.simulated_people import People

pytestmark = pytest.mark.room


@pytest.fixture(params=["fake", "real"])
async def rooms(request: pytest.FixtureRequest, livekit: LiveKitAccess) -> AsyncIterator[Rooms]:
    if request.param == "fake":
        yield FakeRooms()
        return
    real = Rooms(url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret)
    yield real
    await real.aclose()


async def enter(rooms: Rooms, people: People, livekit: LiveKitAccess, room: str, identity: str, is_agent: bool) -> None:
    if isinstance(rooms, FakeRooms):
        rooms.enter(room, identity, is_agent=is_agent)
    else:
        await people.enter_as(livekit, room, identity, as_agent=is_agent)


async def test_a_room_that_is_not_there_is_empty_and_nothing_can_be_taken_from_it(rooms: Rooms) -> None:
    room = f"call-{uuid7()}"
    assert await rooms.present(room) == []
    await rooms.remove(room, Identity("nobody"))


async def test_people_and_agents_are_told_apart_and_removed_one_by_one(
    rooms: Rooms, people: People, livekit: LiveKitAccess
) -> None:
    room = f"call-{uuid7()}"
    await rooms.create(room)
    await rooms.create(room)
    await enter(rooms, people, livekit, room, "prospect-1", False)
    await enter(rooms, people, livekit, room, "agent-1", True)
    assert {(one.identity, one.is_agent) for one in await rooms.present(room)} == {
        ("prospect-1", False), ("agent-1", True),
    }  # fmt: skip
    await rooms.remove(room, Identity("agent-1"))
    await rooms.remove(room, Identity("agent-1"))
    assert [one.identity for one in await rooms.present(room)] == ["prospect-1"]


async def test_a_dispatch_is_taken_for_a_room(rooms: Rooms) -> None:
    room = f"call-{uuid7()}"
    await rooms.create(room)
    await rooms.dispatch(room, {"epoch": 1})


async def test_a_media_server_that_is_away_says_so_in_every_answer() -> None:
    fake = FakeRooms()
    fake.is_away = True
    real = Rooms(url="ws://127.0.0.1:1", api_key="k", api_secret="a secret of thirty-two characters")
    for rooms in (fake, real):
        for asked in (
            rooms.present("r"), rooms.create("r"), rooms.remove("r", Identity("i")), rooms.dispatch("r", {}),
        ):  # fmt: skip
            with pytest.raises(RoomUnavailable):
                await asked
    await real.aclose()
