"""More people than places before a real room: real tokens, a real media server that tells a real API who went.

In CI some rounds; `python -m tests.api.test_places_in_rooms --rounds 20` plays more, and says how long people waited
after somebody had left (`tests/api/rounds.py`).
"""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from livekit import rtc

from benchmarks.figures import spread
from db import places
from db.pool import Pool
from domain.call import Call, Invitee, prospect_identity
from domain.ids import Identity, InviteeId, uuid7
from domain.links import Link, Links
from parley.plan import LiveKitAccess
from providers.rooms import Rooms
from tests.api.conftest import PUBLIC_URL, SECRET
from tests.api.real_server import RealServer
from tests.api.rounds import main, note, number_of
from tests.api.telling_media import telling_media
from tests.conftest import Database, eventually
from tests.sample import Tenant, add_call
from tests.simulated_people import People

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
        self.let_in_at = self.entered_at = 0.0  # by the monotonic clock

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
        self.let_in_at = time.monotonic()
        await self._room.connect(said["url"], said["token"])
        self.entered_at = time.monotonic()

    async def leave(self) -> None:
        await self._room.disconnect()


class Looks:
    """Who was in a room, and when that was known."""

    def __init__(self, rooms: Rooms, room: str) -> None:
        self._rooms = rooms
        self._room = room
        self.most = 0
        self._looks: list[tuple[float, set[Identity]]] = []

    async def go_on(self) -> None:
        """Until cancelled."""
        while True:
            there = {one.identity for one in await self._rooms.present(self._room) if not one.is_agent}
            self.most = max(self.most, len(there))
            self._looks.append((time.monotonic(), there))
            await asyncio.sleep(WATCHED_EVERY_S)

    def last_seen(self, identity: Identity) -> float:
        """Just before the media server had let them go."""
        return max(at for (at, there), (_, next_there) in pairwise(self._looks) if identity in there - next_there)


@asynccontextmanager
async def watched(access: LiveKitAccess, room: str) -> AsyncIterator[Looks]:
    rooms = Rooms(url=access.url, api_key=access.api_key, api_secret=access.api_secret)
    looks = Looks(rooms, room)
    looking = asyncio.create_task(looks.go_on())
    try:
        yield looks
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await rooms.aclose()


@dataclass
class Waited:
    """Milliseconds, each from when the media server knew that somebody had left."""

    until_let_in: list[int] = field(default_factory=list)
    until_inside: list[int] = field(default_factory=list)


async def test_never_more_than_ten_are_inside_and_who_waits_comes_in_by_the_order_of_asking(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    rounds, seed = number_of(pytestconfig, "rounds", ROUNDS), number_of(pytestconfig, "seed", SEED)
    waited = Waited()
    async with telling_media(database, tmp_path) as (access, server), client_of(server) as client:
        for number in range(rounds):
            await play(random.Random(f"{seed} {number}"), client, access, pool, tenant, owner, waited)
    figures = {
        "rounds": rounds, "seed": seed,
        "let_in_after_ms": spread(waited.until_let_in), "inside_after_ms": spread(waited.until_inside),
    }  # fmt: skip
    note(pytestconfig, f"{GUESTS} before a real room for {PLACES}", figures)


def client_of(server: RealServer) -> httpx.AsyncClient:
    headers = {"Host": httpx.URL(PUBLIC_URL).host}
    return httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=30)


async def play(
    dice: random.Random,
    client: httpx.AsyncClient,
    access: LiveKitAccess,
    pool: Pool,
    tenant: Tenant,
    owner: Any,
    waited: Waited,
) -> None:
    invitees = tuple(
        Invitee(invitee_id=InviteeId(uuid7()), name="G", email=None, link_revision=1) for _ in range(GUESTS)
    )
    call = await add_call(pool, tenant.rep, invitees=invitees)
    guests = [Guest(client, call, number) for number in range(GUESTS)]
    try:
        await wait_and_enter(dice, call, guests, access, owner, waited)
    finally:
        await everybody_out(guests)


async def everybody_out(guests: list[Guest]) -> None:
    for guest in guests:
        await guest.leave()


async def wait_and_enter(
    dice: random.Random, call: Call, guests: list[Guest], access: LiveKitAccess, owner: Any, waited: Waited
) -> None:
    async with watched(access, call.room) as looks:
        answers = await asyncio.gather(*(guest.ask() for guest in guests))
        asked = list(zip(guests, answers, strict=True))
        inside = [(guest, said) for guest, said in asked if "token" in said]
        line = sorted(((guest, said) for guest, said in asked if "place" in said), key=lambda one: one[1]["place"])
        assert [said["place"] for _, said in line] == [*range(1, GUESTS - PLACES + 1)]
        await asyncio.gather(*(guest.come_in(said) for guest, said in inside))
        coming = [asyncio.create_task(guest.come_in(said)) for guest, said in line]
        for position, (leaving, _) in enumerate(dice.sample(inside, len(line))):
            await leaving.leave()
            async with asyncio.timeout(GETS_IN_WITHIN_S):
                await coming[position]
            entering = line[position][0]
            left_at = looks.last_seen(leaving.identity)
            waited.until_let_in.append(round((entering.let_in_at - left_at) * 1000))
            waited.until_inside.append(round((entering.entered_at - left_at) * 1000))
            assert not any(task.done() for task in coming[position + 1 :])
        await everybody_out(guests)

        async def is_empty() -> bool:
            return not await owner.fetchval("SELECT count(*) FROM room_places WHERE call_id = $1", call.call_id)

        await eventually(is_empty, "no place is left taken")
    assert looks.most == PLACES


async def test_a_place_is_kept_half_a_minute_for_somebody_whose_program_was_killed_and_then_it_is_the_next_ones(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    call = await called_for_two(pool, tenant, owner)
    async with telling_media(database, tmp_path) as (_, server), client_of(server) as client:
        robin, sam, kim = (Guest(client, call, number) for number in range(3))
        program = await somebody_in_a_program(await robin.ask())
        await sam.come_in(await sam.ask())
        await eventually(lambda: has(owner, robin, "inside"), "we were told that they came in")
        program.kill()
        killed_at = datetime.now(UTC)
        await program.wait()

        while True:  # as Kim's page does
            said, asked_at = await kim.ask(), datetime.now(UTC)
            if "token" in said:
                break
            state, until = await place_of(owner, robin)
            assert said["place"] == 1
            assert until is None or asked_at < until
            await asyncio.sleep(said["ask_again_ms"] / 1000)
        assert state == "held"
        assert until is not None
        assert asked_at >= until
        await kim.come_in(said)
        await everybody_out([sam, kim])
    figures = {
        "noticed_after_ms": round(((until - places.HELD_FOR_A_LINE) - killed_at).total_seconds() * 1000),
        "kept_for_ms": round((asked_at - until + places.HELD_FOR_A_LINE).total_seconds() * 1000),
    }
    note(pytestconfig, "a killed program's place", figures)


async def test_somebody_whose_program_was_killed_comes_back_to_their_place(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path
) -> None:
    call = await called_for_two(pool, tenant, owner)
    async with telling_media(database, tmp_path) as (_, server), client_of(server) as client:
        robin, sam, kim = (Guest(client, call, number) for number in range(3))
        program = await somebody_in_a_program(await robin.ask())
        await sam.come_in(await sam.ask())
        await eventually(lambda: has(owner, robin, "inside"), "we were told that they came in")
        program.kill()
        await program.wait()
        assert (await kim.ask())["place"] == 1
        await robin.come_in(await robin.ask())
        await eventually(lambda: has(owner, robin, "inside"), "we were told that they are there again")
        assert (await kim.ask())["place"] == 1
        await everybody_out([robin, sam])


async def called_for_two(pool: Pool, tenant: Tenant, owner: Any) -> Call:
    """Three are invited."""
    invitees = tuple(Invitee(invitee_id=InviteeId(uuid7()), name="G", email=None, link_revision=1) for _ in range(3))
    call = await add_call(pool, tenant.rep, invitees=invitees)
    await owner.execute("UPDATE calls SET most_participants = 2 WHERE id = $1", call.call_id)
    return call


async def place_of(owner: Any, guest: Guest) -> tuple[str, datetime | None]:
    row = await owner.fetchrow("SELECT state, until FROM room_places WHERE identity = $1", guest.identity)
    return row["state"], row["until"]


async def has(owner: Any, guest: Guest, state: str) -> bool:
    return (await place_of(owner, guest))[0] == state


async def somebody_in_a_program(said: dict[str, Any]) -> asyncio.subprocess.Process:
    """By this token, until somebody kills it."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IN_A_ROOM, said["url"], said["token"], stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    assert await program.stdout.readline() == b"inside\n"
    return program


async def test_what_could_not_be_written_down_is_told_again_by_the_media_server(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path
) -> None:
    call = await called_for_two(pool, tenant, owner)
    async with telling_media(database, tmp_path) as (_, server), client_of(server) as client:
        robin = Guest(client, call, 0)
        said = await robin.ask()

        async def has_failed() -> bool:
            return "InsufficientPrivilege" in server.log.read_text()

        await owner.execute("REVOKE INSERT ON room_places FROM parley_app")
        try:
            await robin.come_in(said)
            await eventually(has_failed, "we could not write it down")
        finally:
            await owner.execute("GRANT INSERT ON room_places TO parley_app")
        await eventually(lambda: has(owner, robin, "inside"), "we were told again that they came in")
        await everybody_out([robin])


async def test_the_media_server_turns_nobody_away_who_has_a_place(livekit: LiveKitAccess, people: People) -> None:
    """However many are inside without one and on their way out, and whoever listens or speaks for us."""
    rooms = Rooms(url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret)
    room = f"call-{uuid7()}"
    await rooms.create(room)
    for number in range(PLACES):
        await people.enter_as(livekit, room, f"without-a-place-{number}")
    await people.enter_as(livekit, room, "agent", as_agent=True)
    for number in range(PLACES):
        await people.enter_as(livekit, room, f"with-a-place-{number}")
    assert len(await rooms.present(room)) == 2 * PLACES + 1
    await rooms.aclose()


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


if __name__ == "__main__":
    sys.exit(main(__file__))
