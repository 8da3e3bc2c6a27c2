"""The ears with a vendor that works, and with one that fails in each way: no word is lost, and it is not waited for."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import numpy as np
import pytest
from livekit import rtc
from livekit.agents import stt

from domain.provider import Provider, ProviderChoice
from providers import vendor_line
from providers.local.moonshine import MoonshineSTT
from providers.settings import ProviderSettings
from providers.speech import speech_to_text
from providers.vendor_line import ANSWER_DEADLINE_S
from tests.fakes.deepgram import VENDOR_SURE, Deepgram, deepgram_double
from tests.providers.sound import RATE_HZ, Pcm, kinds, over_noise, silence, spoken
from tests.providers.test_moonshine import bare

pytestmark = pytest.mark.unit

FIRST = "My brother runs the yard and he signs everything."
SECOND = "Can you send me the contract by Friday?"
GAP_S = 0.8

CALL: Pcm = over_noise(silence(0.4), spoken(FIRST), silence(GAP_S), spoken(SECOND), silence(0.8))
ALL_WORDS = [bare(FIRST), bare(SECOND)]


class Heard:
    """What came out of a stream, each event with the seconds since the first sound went in."""

    def __init__(self) -> None:
        self.events: list[tuple[float, stt.SpeechEvent]] = []
        self.changes: list[tuple[bool, str]] = []

    @property
    def finals(self) -> list[stt.SpeechData]:
        return [e.alternatives[0] for _, e in self.events if e.type is stt.SpeechEventType.FINAL_TRANSCRIPT]

    @property
    def texts(self) -> list[str]:
        return [bare(data.text) for data in self.finals]

    @property
    def by_vendor(self) -> list[bool]:
        return [data.confidence == VENDOR_SURE for data in self.finals]

    @property
    def delays_s(self) -> list[float]:
        """Of each final, behind the end of the speech it is of."""
        return [
            at_s - e.alternatives[0].end_time
            for at_s, e in self.events
            if e.type is stt.SpeechEventType.FINAL_TRANSCRIPT
        ]


@pytest.fixture
async def double() -> AsyncIterator[Deepgram]:
    async with deepgram_double() as started:
        yield started


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def settings(double: Deepgram, keys: str = "one") -> ProviderSettings:
    return ProviderSettings.model_validate({"DEEPGRAM_API_KEY": keys, "PARLEY_DEEPGRAM_URL": double.url})


async def listened_to(pcm: Pcm, double: Deepgram, session: aiohttp.ClientSession, *, keys: str = "one") -> Heard:
    """The ears hear `pcm` in real time."""
    heard = Heard()
    ears = speech_to_text(
        ProviderChoice(choice=Provider.DEEPGRAM),
        settings(double, keys),
        local=MoonshineSTT(),
        names=["Robin Finch", "Harbour & Finch"],
        changed=lambda by_vendor, reason: heard.changes.append((by_vendor, reason)),
        session=session,
    )
    stream = ears.stream()
    began_s = time.perf_counter()

    async def listen() -> None:
        async for event in stream:
            heard.events.append((time.perf_counter() - began_s, event))

    listening = asyncio.create_task(listen())
    at_s = 0.0
    for frame in np.split(pcm, range(320, pcm.size, 320)):
        stream.push_frame(rtc.AudioFrame(frame.tobytes(), RATE_HZ, 1, frame.size))
        at_s += frame.size / RATE_HZ
        await asyncio.sleep(max(0.0, began_s + at_s - time.perf_counter()))
    stream.end_input()
    await asyncio.wait_for(listening, 10)
    await stream.aclose()
    return heard


def is_whole(heard: Heard) -> None:
    """Every word once, in order; every start has its end; nobody waited long for one."""
    assert heard.texts == ALL_WORDS
    assert [
        kind
        for kind in kinds([e for _, e in heard.events])
        if kind not in {"interim_transcript", "preflight_transcript"}
    ] == [
        "start_of_speech",
        "final_transcript",
        "end_of_speech",
    ] * len(ALL_WORDS)
    assert max(heard.delays_s) < ANSWER_DEADLINE_S + 2.0


async def test_a_call_is_heard_by_the_vendor(double: Deepgram, session: aiohttp.ClientSession) -> None:
    heard = await listened_to(CALL, double, session)
    is_whole(heard)
    assert heard.by_vendor == [True, True]
    assert heard.changes == []
    assert double.handshakes == ["one"]


async def test_the_vendor_is_told_the_names_of_the_call(double: Deepgram, session: aiohttp.ClientSession) -> None:
    await listened_to(over_noise(silence(0.5)), double, session)
    (query,) = double.queries
    assert [value for name, value in query if name == "keyterm"] == ["Robin Finch", "Harbour & Finch"]
    assert ("interim_results", "true") in query
    assert ("model", "nova-3") in query


async def test_times_are_those_of_the_audio_with_and_without_the_vendor(
    double: Deepgram, session: aiohttp.ClientSession
) -> None:
    with_vendor = await listened_to(CALL, double, session)
    double.is_silent = True
    without = await listened_to(CALL, double, session)
    begins_s = 0.4 + spoken(FIRST).size / RATE_HZ + GAP_S
    for heard in (with_vendor, without):
        assert heard.finals[0].start_time == pytest.approx(0.4, abs=0.15)
        assert heard.finals[1].start_time == pytest.approx(begins_s, abs=0.15)


@pytest.mark.parametrize("fault", ["is_silent", "says_garbage", "is_malformed", "cut_at_words"])
async def test_a_vendor_that_fails_loses_no_word(fault: str, double: Deepgram, session: aiohttp.ClientSession) -> None:
    setattr(double, fault, True)
    heard = await listened_to(CALL, double, session)
    is_whole(heard)
    assert heard.by_vendor == [False, False]
    assert [by_vendor for by_vendor, _ in heard.changes] == [False]


@pytest.mark.parametrize("status", [429, 401, 503])
async def test_a_vendor_that_refuses_every_key_is_not_waited_for(
    status: int, double: Deepgram, session: aiohttp.ClientSession
) -> None:
    double.refusals["*"] = status
    heard = await listened_to(CALL, double, session, keys="one,two")
    is_whole(heard)
    assert max(heard.delays_s) < 1.0
    assert [by_vendor for by_vendor, _ in heard.changes] == [False]
    assert double.handshakes == (["one"] if status == 503 else ["one", "two"])  # 503 is not about the key


async def test_another_key_takes_over_from_one_that_is_refused(
    double: Deepgram, session: aiohttp.ClientSession
) -> None:
    double.refusals["one"] = 429
    heard = await listened_to(CALL, double, session, keys="one,two")
    is_whole(heard)
    assert heard.by_vendor[-1] is True
    assert heard.changes == []


async def test_the_vendor_gets_the_call_back_when_it_answers_again(
    double: Deepgram, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor_line, "FIRST_BACK_OFF_S", 0.2)
    double.cut_at_words = True

    async def mend() -> None:
        while len(double.handshakes) < 2:
            await asyncio.sleep(0.02)
        double.cut_at_words = False

    mending = asyncio.create_task(mend())
    heard = await listened_to(np.concatenate([CALL, CALL]), double, session)
    await mending
    assert heard.texts == ALL_WORDS * 2
    assert heard.by_vendor[0] is False
    assert heard.by_vendor[-1] is True
    assert [by_vendor for by_vendor, _ in heard.changes] == [False, True]


async def test_the_vendors_words_are_shown_while_they_are_spoken(
    double: Deepgram, session: aiohttp.ClientSession
) -> None:
    heard = await listened_to(CALL, double, session)
    interims = [e for _, e in heard.events if e.type is stt.SpeechEventType.INTERIM_TRANSCRIPT]
    assert len(interims) >= 3
    assert all(e.alternatives[0].confidence == VENDOR_SURE for e in interims)


async def test_a_plug_in_that_refuses_its_settings_costs_no_word(
    double: Deepgram, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livekit.plugins.deepgram.STT.__init__", lambda *_args, **_more: 1 / 0)
    heard = await listened_to(CALL, double, session)
    is_whole(heard)
    assert heard.changes == [(False, "it cannot be used as it is set up")]
