"""Nobody stays in a live room without a right to be there: real people with real tokens, and the steward."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from livekit import rtc

from db import calls, people, teams
from db.pool import Pool, transaction
from db.spool import Spool
from domain.call import Call, Consent, Invitee, colleague_identity, prospect_identity
from domain.ids import Identity, InviteeId, UserId, uuid7
from domain.people import User
from domain.transcript import ParticipantRole
from jobs.steward import Steward
from parley.plan import LiveKitAccess
from providers.rooms import Rooms
from tests.conftest import eventually
from tests.sample import Tenant, add_call
from tests.simulated_people import People

pytestmark = pytest.mark.room

OUT_WITHIN_S = 5.0
CONSENT = Consent(transcription=True, recording=False)


@pytest.fixture
async def rooms(livekit: LiveKitAccess) -> AsyncIterator[Rooms]:
    made = Rooms(url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret)
    yield made
    await made.aclose()


@pytest.fixture
async def _steward(pool: Pool, rooms: Rooms, tmp_path: Path) -> AsyncIterator[None]:
    """Makes its rounds."""
    running = asyncio.create_task(Steward(pool, rooms, Spool(tmp_path / "spool")).run(asyncio.sleep))
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def call(pool: Pool, tenant: Tenant, owner: Any) -> Call:
    """Of the rep, with two invitees, and somebody has come to it. Other tests' calls want nothing more."""
    await owner.execute("UPDATE calls SET wanted_at = NULL, log_closed_at = now()")
    guests = tuple(
        Invitee(invitee_id=InviteeId(uuid7()), name=name, email=None, link_revision=1) for name in ("Robin", "Dana")
    )
    made = await add_call(pool, tenant.rep, invitees=guests)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.want_agent(connection, made)
    return made


def guest_token(rooms: Rooms, call: Call, number: int) -> tuple[Identity, str]:
    identity = prospect_identity(call.invitees[number].invitee_id)
    return identity, rooms.token(call.room, identity, "Guest", ParticipantRole.PROSPECT, CONSENT)


def colleague_token(rooms: Rooms, call: Call, user: User) -> tuple[Identity, str]:
    role = ParticipantRole.REP if user.role == "rep" else ParticipantRole.MANAGER
    identity = colleague_identity(role.value, user.user_id)
    return identity, rooms.token(call.room, identity, user.name, role, CONSENT)


async def is_out(room: rtc.Room) -> None:
    async def disconnected() -> bool:
        return room.connection_state == rtc.ConnectionState.CONN_DISCONNECTED

    await eventually(disconnected, "they are out", within_s=OUT_WITHIN_S)


async def there(rooms: Rooms, call: Call) -> set[Identity]:
    return {somebody.identity for somebody in await rooms.present(call.room)}


@pytest.mark.usefixtures("_steward")
async def test_an_invitee_who_was_removed_comes_back_with_their_token_and_is_out_again_and_the_others_stay(
    pool: Pool, rooms: Rooms, call: Call, people: People, livekit: LiveKitAccess
) -> None:
    removed, token = guest_token(rooms, call, 0)
    stays, other_token = guest_token(rooms, call, 1)
    await people.enter(livekit.url, other_token)
    room = await people.enter(livekit.url, token)
    assert await there(rooms, call) == {removed, stays}
    async with transaction(pool, call.organization_id) as connection:
        assert await calls.remove_invitee(connection, call.organization_id, call.call_id, call.invitees[0].invitee_id)
    await is_out(room)
    await is_out(await people.enter(livekit.url, token))
    assert await there(rooms, call) == {stays}


@pytest.mark.usefixtures("_steward")
async def test_a_colleague_who_is_disabled_comes_back_with_their_token_and_is_out_again(
    pool: Pool, rooms: Rooms, call: Call, people: People, livekit: LiveKitAccess, tenant: Tenant
) -> None:
    await people.enter(livekit.url, guest_token(rooms, call, 0)[1])
    manager, managers_token = colleague_token(rooms, call, tenant.manager)
    await people.enter(livekit.url, managers_token)
    rep, token = colleague_token(rooms, call, tenant.rep)
    room = await people.enter(livekit.url, token)
    assert {manager, rep} < await there(rooms, call)
    await disable(pool, tenant, tenant.rep.user_id)
    await is_out(room)
    await is_out(await people.enter(livekit.url, token))
    assert manager in await there(rooms, call)


@pytest.mark.usefixtures("_steward")
async def test_a_manager_who_no_longer_answers_for_the_owner_is_out(
    pool: Pool, rooms: Rooms, call: Call, people: People, livekit: LiveKitAccess, tenant: Tenant
) -> None:
    rep, reps_token = colleague_token(rooms, call, tenant.rep)
    await people.enter(livekit.url, reps_token)
    room = await people.enter(livekit.url, colleague_token(rooms, call, tenant.manager)[1])
    async with transaction(pool, tenant.organization_id) as connection:
        await teams.remove(connection, tenant.organization_id, tenant.team_id)
    await is_out(room)
    assert await there(rooms, call) == {rep}


@pytest.mark.usefixtures("_steward")
async def test_the_room_of_a_call_whose_agent_was_sent_away_is_watched_as_well(
    pool: Pool, rooms: Rooms, call: Call, people: People, livekit: LiveKitAccess, tenant: Tenant
) -> None:
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.dismiss_agent(connection, call)
    await people.enter(livekit.url, guest_token(rooms, call, 0)[1])
    room = await people.enter(livekit.url, colleague_token(rooms, call, tenant.rep)[1])
    await disable(pool, tenant, tenant.rep.user_id)
    await is_out(room)


async def disable(pool: Pool, tenant: Tenant, user_id: UserId) -> None:
    async with transaction(pool, tenant.organization_id) as connection:
        assert await people.disable(connection, tenant.organization_id, user_id)
