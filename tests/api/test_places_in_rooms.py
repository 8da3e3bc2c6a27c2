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
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.figures import spread
from db.pool import Pool
from domain.call import Call, Invitee
from domain.ids import Identity, InviteeId, uuid7
from parley.plan import LiveKitAccess
from providers.rooms import Rooms
from tests.api import rounds
from tests.api.guests_at_the_door import Guest, client_of, everybody_out
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
    played, seed, waited = 0, rounds.seed(pytestconfig, SEED), Waited()
    async with telling_media(database, tmp_path) as (access, server), client_of(server) as client:
        for number in rounds.rounds(pytestconfig, ROUNDS):
            await play(random.Random(f"{seed} {number}"), client, access, pool, tenant, owner, waited)
            played += 1
    figures = {
        "rounds": played, "seed": seed,
        "let_in_after_ms": spread(waited.until_let_in), "inside_after_ms": spread(waited.until_inside),
    }  # fmt: skip
    rounds.note(pytestconfig, f"{GUESTS} before a real room for {PLACES}", figures)


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


if __name__ == "__main__":
    sys.exit(rounds.main(__file__))
