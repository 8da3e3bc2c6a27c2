"""A whole call on Deepgram and Gemini by their real clients, and the same call with both failing in each way.

A real room, real speech, a real database; only the vendors are doubles on loopback. What must hold whatever they do:
every word is in the log once, the agent answers without a long pause, and the owner can see what happened.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from livekit import api, rtc
from livekit.agents import utils

from agent import models
from agent.call_providers import CallProviders
from agent.host import Host
from agent.models import Models
from agent.preparing import Prepared
from agent.record import open_record
from db import events, leases, question_sets
from db.pool import Pool, transaction
from db.spool import Spool
from domain.call import Consent, agent_identity, colleague_identity, prospect_identity
from domain.event import Event, NudgeShown, ProviderChanged, QuestionAnswered, SegmentAdded
from domain.ids import QuestionSetId, uuid7
from domain.question_set import QuestionSet
from domain.transcript import ParticipantRole, Segment, SegmentSource
from parley.plan import LiveKitAccess
from parley.stage.front_door import Access
from parley.stage.people import Person
from parley.stage.speech import speak
from providers.rooms import Rooms
from providers.settings import ProviderSettings
from providers.vendor_line import ANSWER_DEADLINE_S
from tests.conftest import eventually
from tests.fakes.deepgram import VENDOR_SURE, Deepgram, deepgram_double
from tests.fakes.gemini import Gemini, gemini_double, said_to
from tests.providers.test_moonshine import bare
from tests.sample import Tenant, add_call, questions

pytestmark = pytest.mark.room

QUESTION = "When do you want to start?"
GEMINI_ASKS = "When would you like to get started?"
GEMINI_ADVISES = "Ask what that price is compared with."
CONSENTS = "Yes, that is fine with me."
ANSWERS = "We want to start in March, but honestly your price is too expensive for us."
NOTICED_AFTER_S = 0.35
"""Of silence speech has ended; the attempt to get the vendor's words begins there."""

LONGEST_PAUSE_S = NOTICED_AFTER_S + ANSWER_DEADLINE_S + 2.0
HEARD_WITHIN_S = 40.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """These calls are about vendors; a machine that has other work may take its time over noticing."""
    monkeypatch.setattr("agent.coach.DETECTION_DEADLINE_S", 10.0)


@pytest.fixture(scope="module")
def loaded() -> Models:
    return models.load()


@dataclass
class Held:
    """What came of the call."""

    log: list[Event]
    pauses_s: list[float]  # from the end of each thing the prospect said to the agent's voice
    nudges: list[dict[str, Any]]  # that the rep was sent

    @property
    def said(self) -> list[Segment]:
        segments = [event.segment for event in self.log if isinstance(event, SegmentAdded)]
        return [segment for segment in segments if segment.source is SegmentSource.SPEECH]

    @property
    def agent_said(self) -> str:
        segments = [event.segment for event in self.log if isinstance(event, SegmentAdded)]
        return " ".join(segment.text for segment in segments if segment.source is SegmentSource.AGENT)

    @property
    def changes(self) -> list[tuple[str, str]]:
        return [(event.part, event.provider) for event in self.log if isinstance(event, ProviderChanged)]

    @property
    def reasons(self) -> list[str]:
        return [event.reason for event in self.log if isinstance(event, ProviderChanged)]


@dataclass
class Vendors:
    deepgram: Deepgram
    gemini: Gemini

    @property
    def settings(self) -> ProviderSettings:
        return ProviderSettings.model_validate(
            {
                "DEEPGRAM_API_KEY": "one,two",
                "PARLEY_DEEPGRAM_URL": self.deepgram.url,
                "GOOGLE_API_KEY": "three,four",
                "PARLEY_GEMINI_URL": self.gemini.url,
            }
        )


@pytest.fixture
async def vendors() -> AsyncIterator[Vendors]:
    async with deepgram_double() as deepgram, gemini_double() as gemini:
        gemini.answer = lambda asked: (
            {"message": GEMINI_ADVISES} if "Advice:" in said_to(asked) else {"question": GEMINI_ASKS}
        )
        yield Vendors(deepgram, gemini)


async def enter_as_agent(access: LiveKitAccess, name: str, identity: str) -> rtc.Room:
    grants = api.VideoGrants(room_join=True, room=name, agent=True, can_update_own_metadata=True)
    token = api.AccessToken(access.api_key, access.api_secret).with_identity(identity).with_kind("agent")
    room = rtc.Room()
    await room.connect(access.url, token.with_grants(grants).to_jwt(), rtc.RoomOptions(auto_subscribe=False))
    return room


@asynccontextmanager
async def people_in(rooms: Rooms, name: str, prospect: str, rep: str) -> AsyncIterator[tuple[Person, Person]]:
    consent = Consent(transcription=True, recording=False)
    entered: list[Person] = []
    for identity, role, seed in ((prospect, ParticipantRole.PROSPECT, 1), (rep, ParticipantRole.REP, 2)):
        token = rooms.token(name, identity, "Robin Finch", role, consent)  # type: ignore[arg-type]
        person = Person(role.value, Access(url=rooms.url, token=token, identity=identity), seed=seed)
        await person.connect(with_microphone=role is ParticipantRole.PROSPECT)
        entered.append(person)
    try:
        yield entered[0], entered[1]
    finally:
        for person in entered:
            await person.aclose()


async def is_quiet(person: Person) -> bool:
    return bool(person.agent_sound.starts) and person.agent_sound.silent_for_s() > 0.9


async def says(person: Person, text: str, turn: int) -> float:
    """When the agent is done, and how long the agent then takes to answer, in seconds."""

    async def is_done() -> bool:
        return await is_quiet(person)

    await eventually(is_done, "the agent has finished", within_s=HEARD_WITHIN_S)
    spoken = person.speak(speak(text, voice=1, script_id="vendors", turn=turn))

    async def is_answered() -> bool:
        return spoken.is_over and person.agent_sound.starts[-1] > spoken.end_s

    await eventually(is_answered, f"the agent answers {text}", within_s=HEARD_WITHIN_S)
    return person.agent_sound.starts[-1] - spoken.end_s


async def held_call(
    pool: Pool, tenant: Tenant, access: LiveKitAccess, loaded: Models, vendors: Vendors, spool: Path
) -> Held:
    """The agent greets, the prospect agrees and answers the one question, the agent says goodbye."""
    organization_id = tenant.organization_id
    asked = QuestionSet(question_set_id=QuestionSetId(uuid7()), title="One", questions=questions(QUESTION))
    async with transaction(pool, organization_id) as connection:
        await question_sets.add(connection, organization_id, asked)
    call = await add_call(pool, tenant.rep, question_set_id=asked.question_set_id)
    async with transaction(pool, organization_id) as connection:
        await leases.take(connection, organization_id, call.call_id, expected_epoch=0)
    rooms = Rooms(url=access.url, api_key=access.api_key, api_secret=access.api_secret)
    await rooms.create(call.room)
    record = await open_record(pool, organization_id, call.call_id, 1)
    assert record is not None
    prospect_id = prospect_identity(call.invitees[0].invitee_id)
    rep_id = colleague_identity("rep", tenant.rep.user_id)
    async with utils.http_context.open():
        room = await enter_as_agent(access, call.room, agent_identity(call.call_id, 1))
        providers = CallProviders(record.providers, vendors.settings, record.call, loaded.speech_to_text)
        prepared = Prepared(room, loaded)
        judge = await prepared.judge(record.questions)
        host = Host(room, record, 1, loaded, providers, pool, Spool(spool), prepared.voice, judge)
        hosting = asyncio.create_task(host.run())
        try:
            async with people_in(rooms, call.room, prospect_id, rep_id) as (prospect, rep):
                pauses_s = [await says(prospect, CONSENTS, 1), await says(prospect, ANSWERS, 2)]

                async def is_over() -> bool:
                    return await is_quiet(prospect)

                await eventually(is_over, "the agent has said goodbye", within_s=HEARD_WITHIN_S)
                nudges = [nudge for _, nudge in rep.received.nudges.values()]
            await rooms.delete(call.room)
            await asyncio.wait_for(hosting, 15)
        finally:
            hosting.cancel()
            await asyncio.gather(hosting, return_exceptions=True)
            await prepared.aclose()
            await providers.aclose()
            await room.disconnect()
            await rooms.aclose()
    async with transaction(pool, organization_id) as connection:
        log = await events.after(connection, organization_id, call.call_id, 0, most=1_000)
    return Held(log, pauses_s, nudges)


def is_whole(held: Held) -> None:
    """Whatever the vendors did."""
    assert " ".join(bare(segment.text) for segment in held.said) == f"{bare(CONSENTS)} {bare(ANSWERS)}"
    assert max(held.pauses_s) < LONGEST_PAUSE_S
    answers = [event for event in held.log if isinstance(event, QuestionAnswered)]
    assert answers, "the question was answered"
    assert "March" in answers[-1].text
    assert "Goodbye" in held.agent_said


async def test_a_call_is_heard_and_worded_by_the_vendors(
    pool: Pool, tenant: Tenant, livekit: LiveKitAccess, loaded: Models, vendors: Vendors, tmp_path: Path
) -> None:
    held = await held_call(pool, tenant, livekit, loaded, vendors, tmp_path)
    is_whole(held)
    assert {segment.confidence for segment in held.said} == {VENDOR_SURE}
    assert GEMINI_ASKS in held.agent_said
    assert held.changes == []
    shown = [event.nudge for event in held.log if isinstance(event, NudgeShown)]
    assert [nudge.message for nudge in shown] == [GEMINI_ADVISES]
    assert [nudge["message"] for nudge in held.nudges] == [GEMINI_ADVISES]


FAULTS = ("cut", "silent", "refused", "away", "garbage")


def fail(vendors: Vendors, fault: str) -> None:
    deepgram, gemini = vendors.deepgram, vendors.gemini
    match fault:
        case "cut":
            deepgram.cut_at_words, gemini.cuts = True, True
        case "silent":
            deepgram.is_silent, gemini.is_silent = True, True
        case "refused":
            deepgram.refusals["*"] = gemini.refusals["*"] = 429
        case "away":
            deepgram.refusals["*"] = gemini.refusals["*"] = 503
        case "garbage":
            deepgram.says_garbage = True
            gemini.answer = lambda _asked: "<html>{{"


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_same_call_goes_on_when_both_vendors_fail(
    fault: str,
    pool: Pool,
    tenant: Tenant,
    livekit: LiveKitAccess,
    loaded: Models,
    vendors: Vendors,
    tmp_path: Path,
) -> None:
    fail(vendors, fault)
    held = await held_call(pool, tenant, livekit, loaded, vendors, tmp_path)
    print(f"{fault}: pauses {[round(pause, 2) for pause in held.pauses_s]} s, changes {held.changes}")
    is_whole(held)
    assert QUESTION in held.agent_said
    assert ("speech_to_text", "local") in held.changes, "the owner sees who hears now"
    assert any(reason.startswith("Deepgram") and reason.endswith(".") for reason in held.reasons), "and why"
    assert all(segment.confidence != VENDOR_SURE for segment in held.said)
    if fault in {"refused", "away"}:
        assert ("language_model", "local") in held.changes
    shown = [event.nudge for event in held.log if isinstance(event, NudgeShown)]
    assert shown, "the rep is helped by the rules"
    assert shown[0].message != GEMINI_ADVISES
