"""An agent in a real room before anybody is there: what it has made by the time that somebody comes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from livekit import api, rtc
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions

from agent import models
from agent.call_providers import CallProviders
from agent.host import NO_VOICE, Host
from agent.models import Models
from agent.preparing import Prepared
from agent.record import open_record
from db import leases
from db.pool import Pool, transaction
from db.spool import Spool
from domain.call import Call, CallKind, agent_identity
from domain.ids import CallId, OrganizationId, uuid7
from parley.plan import LiveKitAccess
from providers.local.hibari import HibariTTS
from providers.settings import ProviderSettings
from tests.conftest import eventually
from tests.sample import Tenant, add_call
from tests.simulated_people import People

pytestmark = pytest.mark.room


class Recording(HibariTTS):
    """The voice of this machine, which remembers what it was to say."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def synthesize(self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) -> Any:
        self.asked.append(text)
        return super().synthesize(text, conn_options=conn_options)


@pytest.fixture(scope="module")
def loaded() -> Models:
    return models.load()


@pytest.fixture
def voice() -> Recording:
    return Recording()


@pytest.fixture
async def room(livekit: LiveKitAccess, people: People) -> rtc.Room:
    return await people.enter_as(livekit, f"room-{uuid7()}", agent_identity(CallId(uuid7()), 1), as_agent=True)


@pytest.fixture
async def prepared(room: rtc.Room, loaded: Models, voice: Recording) -> AsyncIterator[Prepared]:
    made = Prepared(room, replace(loaded, text_to_speech=voice))
    yield made
    await made.aclose()


@pytest.fixture
async def call(pool: Pool, tenant: Tenant) -> Call:
    return await add_call(pool, tenant.rep, question_set_id=tenant.question_set.question_set_id)


class Tracks:
    """Of everybody in the room, as the media server knows them."""

    def __init__(self, livekit: LiveKitAccess, room: rtc.Room) -> None:
        self._access = livekit.url.replace("ws", "http", 1), livekit.api_key, livekit.api_secret
        self._room = room

    async def names(self) -> list[str]:
        async with api.LiveKitAPI(*self._access) as client:
            found = await client.room.list_participants(api.ListParticipantsRequest(room=self._room.name))
        return [track.name for somebody in found.participants for track in somebody.tracks]

    async def has_a_voice(self) -> bool:
        return await self.names() == ["agent-voice"]


@pytest.fixture
def tracks(livekit: LiveKitAccess, room: rtc.Room) -> Tracks:
    return Tracks(livekit, room)


async def test_before_anybody_comes_the_voice_is_in_the_room_and_the_greeting_is_made(
    prepared: Prepared, voice: Recording, pool: Pool, call: Call, tenant: Tenant, tracks: Tracks
) -> None:
    await prepared.prepare(pool, call.organization_id, call.call_id)
    await eventually(tracks.has_a_voice, "the voice is in the room")
    (greeting,) = voice.asked
    assert call.invitees[0].name.split()[0] in greeting
    await prepared.voice.publish()
    assert await tracks.names() == ["agent-voice"]
    assert await prepared.voice.say(greeting, lambda: prepared.voice.interrupt()) != greeting
    assert voice.asked == [greeting], "what was made before is what is said"
    judge = await prepared.judge(tenant.question_set.active)
    assert await prepared.judge(tenant.question_set.active) is judge


async def test_who_comes_by_another_name_is_greeted_by_that(
    prepared: Prepared, voice: Recording, pool: Pool, call: Call
) -> None:
    await prepared.prepare(pool, call.organization_id, call.call_id)
    await prepared.voice.say("Hello Olive.", lambda: None)
    assert voice.asked[1:] == ["Hello Olive."]


@pytest.mark.parametrize("why", ["it only listens", "there is nothing to ask", "it is staged as text"])
async def test_an_agent_that_will_be_silent_brings_no_voice(
    why: str,
    prepared: Prepared,
    room: rtc.Room,
    voice: Recording,
    pool: Pool,
    tenant: Tenant,
) -> None:
    asked = tenant.question_set.question_set_id
    call = {
        "it only listens": await add_call(pool, tenant.rep, kind=CallKind.ASSISTED, question_set_id=asked),
        "there is nothing to ask": await add_call(pool, tenant.rep, question_set_id=None),
        "it is staged as text": await add_call(pool, tenant.rep, staged_as_text=True, question_set_id=asked),
    }[why]
    await prepared.prepare(pool, call.organization_id, call.call_id)
    assert (dict(room.local_participant.track_publications), voice.asked) == ({}, [])


async def test_an_agent_that_finds_nothing_to_prepare_by_can_speak_all_the_same(
    prepared: Prepared, pool: Pool, tracks: Tracks
) -> None:
    await prepared.prepare(pool, OrganizationId(uuid7()), CallId(uuid7()))
    await prepared.voice.publish()
    await eventually(tracks.has_a_voice, "the voice is in the room")
    assert await prepared.voice.say("Hello.", lambda: None) == "Hello."


async def test_an_agent_that_cannot_bring_its_voice_leaves_the_call_to_another(
    prepared: Prepared,
    room: rtc.Room,
    loaded: Models,
    pool: Pool,
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails() -> None:
        raise TimeoutError

    monkeypatch.setattr(prepared.voice, "publish", fails)
    await prepared.prepare(pool, call.organization_id, call.call_id)
    async with transaction(pool, call.organization_id) as connection:
        await leases.take(connection, call.organization_id, call.call_id, expected_epoch=0)
    record = await open_record(pool, call.organization_id, call.call_id, 1)
    assert record is not None
    providers = CallProviders(record.providers, ProviderSettings(), call, loaded.speech_to_text)
    judge = await prepared.judge(record.questions)
    async with asyncio.timeout(10):
        reason = await Host(room, record, 1, loaded, providers, pool, Spool(tmp_path), prepared.voice, judge).run()
    assert reason == NO_VOICE
    assert await open_record(pool, call.organization_id, call.call_id, 1) is not None, "the call goes on"
