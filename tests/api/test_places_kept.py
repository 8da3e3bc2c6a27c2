"""The place of somebody whose program was killed, and of whose coming we could not write down what we were told.

`python -m tests.api.test_places_kept` also says how long it took.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db import places
from db.pool import Pool
from domain.call import Call, Invitee
from domain.ids import InviteeId, uuid7
from tests.api import rounds
from tests.api.guests_at_the_door import Guest, client_of, everybody_out
from tests.api.telling_media import telling_media
from tests.conftest import Database, eventually
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.room


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
    rounds.note(pytestconfig, "a killed program's place", figures)


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
        await eventually(lambda: has(owner, robin, "held"), "we were told that their line broke", within_s=60)
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


if __name__ == "__main__":
    sys.exit(rounds.main(__file__))
