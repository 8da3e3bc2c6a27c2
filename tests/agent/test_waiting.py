"""An agent in a real room before anybody is there: it stays, says nothing, and knows when it is no longer wanted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from livekit import api, rtc

from agent.waiting import NO_LONGER_WANTED, NOBODY_CAME_AT_ALL, ROOM_GONE, wait_for_people
from db import calls, leases
from db.pool import Pool, transaction
from domain.call import Call, CallStatus, Consent, agent_identity, colleague_identity, prospect_identity
from domain.ids import Identity
from domain.transcript import ParticipantRole
from parley.plan import LiveKitAccess
from providers.rooms import EMPTY_SECONDS, Rooms
from tests.sample import Tenant, add_call
from tests.simulated_people import People

pytestmark = pytest.mark.room

ENDS_WITHIN_S = 20.0
CONSENT = Consent(transcription=True, recording=False)


@pytest.fixture
async def rooms(livekit: LiveKitAccess) -> AsyncIterator[Rooms]:
    made = Rooms(url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret)
    yield made
    await made.aclose()


@dataclass
class Waiting:
    call: Call
    room: rtc.Room
    ending: asyncio.Task[str | None]

    async def end(self) -> str | None:
        return await asyncio.wait_for(asyncio.shield(self.ending), ENDS_WITHIN_S)


@pytest.fixture
async def waiting(
    pool: Pool, tenant: Tenant, rooms: Rooms, livekit: LiveKitAccess, people: People
) -> AsyncIterator[Waiting]:
    """The first agent of a call that wants one."""
    call = await add_call(pool, tenant.rep)
    async with transaction(pool, call.organization_id) as connection:
        await calls.want_agent(connection, call)
        await leases.take(connection, call.organization_id, call.call_id, expected_epoch=0)
    await rooms.create(call.room)
    room = await people.enter_as(livekit, call.room, agent_identity(call.call_id, 1), as_agent=True)
    ending = asyncio.create_task(wait_for_people(room, pool, call.organization_id, call.call_id, 1))
    yield Waiting(call, room, ending)
    ending.cancel()
    await asyncio.gather(ending, return_exceptions=True)


async def enter(people: People, rooms: Rooms, call: Call, identity: Identity, role: ParticipantRole) -> None:
    await people.enter(rooms.url, rooms.token(call.room, identity, "Somebody", role, CONSENT))


async def status(pool: Pool, call: Call) -> CallStatus:
    async with transaction(pool, call.organization_id) as connection:
        found = await calls.get(connection, call.organization_id, call.call_id)
    assert found is not None
    return found.status


@pytest.mark.parametrize("role", [ParticipantRole.PROSPECT, ParticipantRole.REP])
async def test_the_first_human_ends_the_wait_and_another_agent_does_not(
    role: ParticipantRole, waiting: Waiting, pool: Pool, people: People, rooms: Rooms, livekit: LiveKitAccess
) -> None:
    call = waiting.call
    await people.enter_as(livekit, call.room, agent_identity(call.call_id, 0), as_agent=True)
    assert len(await rooms.present(call.room)) == 2
    assert not waiting.ending.done()
    assert await status(pool, call) is CallStatus.SCHEDULED
    if role is ParticipantRole.PROSPECT:
        identity = prospect_identity(call.invitees[0].invitee_id)
    else:
        identity = colleague_identity("rep", call.owner.user_id)
    await enter(people, rooms, call, identity, role)
    assert await waiting.end() is None


async def test_somebody_who_is_there_before_the_agent_is_not_waited_for(
    waiting: Waiting, pool: Pool, people: People, rooms: Rooms
) -> None:
    call = waiting.call
    await enter(people, rooms, call, prospect_identity(call.invitees[0].invitee_id), ParticipantRole.PROSPECT)
    await waiting.end()
    assert await wait_for_people(waiting.room, pool, call.organization_id, call.call_id, 1) is None


async def test_in_a_call_that_is_live_nobody_is_waited_for(waiting: Waiting, pool: Pool) -> None:
    call = waiting.call
    async with transaction(pool, call.organization_id) as connection:
        await calls.start(connection, call.organization_id, call.call_id, datetime.now(UTC))
    assert await waiting.end() is None


async def test_the_agent_of_a_call_that_is_cancelled_leaves(waiting: Waiting, pool: Pool) -> None:
    call = waiting.call
    async with transaction(pool, call.organization_id) as connection:
        assert await calls.cancel(connection, call, "No time.", 0, datetime.now(UTC)) is not None
    assert await waiting.end() == NO_LONGER_WANTED


async def test_an_agent_whose_room_is_gone_leaves(waiting: Waiting, rooms: Rooms) -> None:
    await rooms.delete(waiting.call.room)
    assert await waiting.end() == ROOM_GONE


async def test_the_agent_of_a_call_that_somebody_was_let_in_to_and_never_came_to_ends_it(
    waiting: Waiting, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.waiting.GIVES_UP", timedelta(0))
    assert await waiting.end() == NOBODY_CAME_AT_ALL
    assert await status(pool, waiting.call) is CallStatus.ENDED


async def test_a_room_waits_longer_for_its_people_than_we_do(
    rooms: Rooms, livekit: LiveKitAccess, waiting: Waiting
) -> None:
    async with api.LiveKitAPI(livekit.url.replace("ws", "http", 1), livekit.api_key, livekit.api_secret) as client:
        found = await client.room.list_rooms(api.ListRoomsRequest(names=[waiting.call.room]))
    assert [(room.empty_timeout, room.departure_timeout) for room in found.rooms] == [(EMPTY_SECONDS, EMPTY_SECONDS)]
