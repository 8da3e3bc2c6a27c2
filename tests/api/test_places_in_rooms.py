"""More people than places before a real room: real tokens, a real media server that tells a real API who went.

In CI some rounds; `python -m tests.api.test_places_in_rooms --rounds 20` plays more, and says how long people waited
after a place was free.
"""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from livekit import rtc

from db.pool import Pool
from domain.call import Call, Invitee, prospect_identity
from domain.ids import InviteeId, uuid7
from domain.links import Link, Links
from parley.plan import LiveKitAccess
from providers.rooms import Rooms
from tests.api.conftest import PUBLIC_URL, SECRET
from tests.api.telling_media import telling_media
from tests.conftest import Database, eventually
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.room

ROUNDS = 2
SEED = 6
PLACES = 10
GUESTS = 14
WATCHED_EVERY_S = 0.05
GETS_IN_WITHIN_S = 30.0


class Guest:
    """Stands before one call as the page does: asks, waits as long as it is told, and comes in."""

    def __init__(self, client: httpx.AsyncClient, call: Call, number: int) -> None:
        invitee_id = call.invitees[number].invitee_id
        link = Link(call_id=call.call_id, invitee_id=invitee_id, revision=1)
        self.identity = prospect_identity(invitee_id)
        self._client = client
        self._secret = Links(secret=SECRET, public_url=PUBLIC_URL).secret_of(link)
        self._room = rtc.Room()
        self.entered_at: float | None = None  # by the monotonic clock

    async def ask(self) -> dict[str, Any]:
        body = {"link": self._secret, "name": "G", "transcription": True, "recording": False}
        answer = await self._client.post("/api/v1/joins/room-tokens", json=body)
        assert answer.status_code in (200, 202), answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def come_in(self, said: dict[str, Any]) -> None:
        while "place" in said:
            await asyncio.sleep(said["ask_again_ms"] / 1000)
            said = await self.ask()
        await self._room.connect(said["url"], said["token"])
        self.entered_at = time.monotonic()

    async def leave(self) -> None:
        await self._room.disconnect()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--rounds", default=ROUNDS))


@asynccontextmanager
async def watched(access: LiveKitAccess, room: str) -> AsyncIterator[list[int]]:
    """How many humans were in the room, whenever it was looked at."""
    rooms = Rooms(url=access.url, api_key=access.api_key, api_secret=access.api_secret)
    counts: list[int] = []

    async def look() -> None:
        while True:
            counts.append(sum(not one.is_agent for one in await rooms.present(room)))
            await asyncio.sleep(WATCHED_EVERY_S)

    looking = asyncio.create_task(look())
    try:
        yield counts
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await rooms.aclose()


async def test_never_more_than_ten_are_inside_and_who_waits_comes_in_by_the_order_of_asking(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path, rounds: int
) -> None:
    waited_s: list[float] = []
    async with telling_media(database, tmp_path) as (access, server):
        headers = {"Host": httpx.URL(PUBLIC_URL).host}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=30) as client:
            for number in range(rounds):
                waited_s += await play(random.Random(f"{SEED} {number}"), client, access, pool, tenant, owner)
    print(f"\n{rounds} rounds; from a place that is free to somebody inside: {max(waited_s):.2f} s at most")


async def play(
    dice: random.Random, client: httpx.AsyncClient, access: LiveKitAccess, pool: Pool, tenant: Tenant, owner: Any
) -> list[float]:
    """Seconds from each leaving to the entering that it made possible."""
    invitees = tuple(
        Invitee(invitee_id=InviteeId(uuid7()), name="G", email=None, link_revision=1) for _ in range(GUESTS)
    )
    call = await add_call(pool, tenant.rep, invitees=invitees)
    guests = [Guest(client, call, number) for number in range(GUESTS)]
    try:
        return await wait_and_enter(dice, call, guests, access, owner)
    finally:
        await everybody_out(guests)


async def everybody_out(guests: list[Guest]) -> None:
    for guest in guests:
        await guest.leave()


async def wait_and_enter(
    dice: random.Random, call: Call, guests: list[Guest], access: LiveKitAccess, owner: Any
) -> list[float]:
    waited_s = []
    async with watched(access, call.room) as counts:
        answers = await asyncio.gather(*(guest.ask() for guest in guests))
        asked = list(zip(guests, answers, strict=True))
        inside = [(guest, said) for guest, said in asked if "token" in said]
        line = sorted(((guest, said) for guest, said in asked if "place" in said), key=lambda one: one[1]["place"])
        assert [said["place"] for _, said in line] == [*range(1, GUESTS - PLACES + 1)]
        await asyncio.gather(*(guest.come_in(said) for guest, said in inside))
        coming = [asyncio.create_task(guest.come_in(said)) for guest, said in line]
        for position, (leaving, _) in enumerate(dice.sample(inside, len(line))):
            left_at = time.monotonic()
            await leaving.leave()
            async with asyncio.timeout(GETS_IN_WITHIN_S):
                await coming[position]
            entered_at = line[position][0].entered_at
            assert entered_at is not None
            waited_s.append(entered_at - left_at)
            assert not any(task.done() for task in coming[position + 1 :])
        await everybody_out(guests)

        async def is_empty() -> bool:
            return not await owner.fetchval("SELECT count(*) FROM room_places WHERE call_id = $1", call.call_id)

        await eventually(is_empty, "no place is left taken")
    assert max(counts) == PLACES
    return waited_s


async def test_a_place_is_kept_for_somebody_whose_program_was_killed(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path
) -> None:
    call = await add_call(pool, tenant.rep)
    async with telling_media(database, tmp_path) as (_, server):
        headers = {"Host": httpx.URL(PUBLIC_URL).host}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
            said = await Guest(client, call, 0).ask()
            program = await asyncio.create_subprocess_exec(
                sys.executable, "-c", IN_A_ROOM, said["url"], said["token"],
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert program.stdout is not None
            assert await program.stdout.readline() == b"inside\n"

            async def state() -> Any:
                return await owner.fetchval("SELECT state FROM room_places WHERE call_id = $1", call.call_id)

            async def is_inside() -> bool:
                return bool(await state() == "inside")

            async def is_held() -> bool:
                return bool(await state() == "held")

            await eventually(is_inside, "we were told that they came in")
            program.kill()
            await program.wait()
            await eventually(is_held, "we were told that their line broke", within_s=60)


IN_A_ROOM = """
import asyncio, sys
from livekit import rtc

async def stay():
    room = rtc.Room()
    await room.connect(sys.argv[1], sys.argv[2])
    print("inside", flush=True)
    await asyncio.sleep(600)

asyncio.run(stay())
"""


class Rounds:
    def pytest_addoption(self, parser: pytest.Parser) -> None:
        parser.addoption("--rounds", type=int, default=ROUNDS)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-s", "--timeout=3600", *sys.argv[1:]], plugins=[Rounds()]))
