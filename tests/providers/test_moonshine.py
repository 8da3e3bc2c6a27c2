import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import APIConnectionError, stt
from livekit.agents.types import APIConnectOptions

from providers.local.moonshine import MoonshineSTT
from providers.local.recognizer import Hearing, Moonshine, _Reading
from tests.providers.sound import (
    RATE_HZ,
    events_of,
    finals,
    kinds,
    over_noise,
    resampled,
    silence,
    spoken,
)

pytestmark = pytest.mark.unit

SENTENCE = "My brother runs the yard and he signs everything."


def bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ")


@pytest.mark.parametrize("frame_ms", [10, 20])
async def test_the_words_of_a_spoken_sentence_come_back(frame_ms: int) -> None:
    events = await events_of(over_noise(silence(0.5), spoken(SENTENCE), silence(1)), frame_ms=frame_ms)
    assert [bare(data.text) for data in finals(events)] == [bare(SENTENCE)]
    assert 0.6 < finals(events)[0].confidence <= 1.0


@pytest.mark.parametrize("word", ["Yes.", "No.", "Exactly.", "Lovely."])
async def test_an_answer_of_one_word_is_heard(word: str) -> None:
    events = await events_of(over_noise(silence(0.5), spoken(word), silence(0.6)))
    assert [bare(data.text) for data in finals(events)] == [bare(word)]


async def test_audio_of_another_rate_is_understood() -> None:
    pcm = resampled(over_noise(silence(0.5), spoken(SENTENCE), silence(1)), RATE_HZ, 48_000)
    events = await events_of(pcm, rate_hz=48_000)
    assert [bare(data.text) for data in finals(events)] == [bare(SENTENCE)]


async def test_interims_come_between_the_start_and_the_final_and_then_the_end() -> None:
    pcm = over_noise(silence(0.3), spoken(SENTENCE), silence(0.6))
    events = await events_of(pcm, pace=1.0)
    said = kinds(events)
    assert said[0] == "start_of_speech"
    assert said[-2:] == ["final_transcript", "end_of_speech"]
    assert len(said) > 3
    assert set(said[1:-2]) == {"interim_transcript", "preflight_transcript"}
    preflights = [e for e in events if e.type is stt.SpeechEventType.PREFLIGHT_TRANSCRIPT]
    assert preflights[-1].alternatives[0].text == finals(events)[0].text


async def test_the_final_comes_without_a_flush_as_soon_as_the_silence_is_long_enough() -> None:
    pcm = over_noise(silence(0.3), spoken(SENTENCE), silence(0.5))
    events = await events_of(pcm, ending=lambda stream: None)
    assert kinds(events)[-2:] == ["final_transcript", "end_of_speech"]


@pytest.mark.parametrize(
    "pcm",
    [
        silence(3),
        over_noise(silence(3)),
        over_noise(silence(3), level=1500),
        over_noise(silence(1), np.full(1600, 12_000, np.int16), silence(1)),
        over_noise(silence(1), (12_000 * np.sin(np.arange(1600) * 0.4)).astype(np.int16), silence(1)),
    ],
    ids=["digital silence", "faint noise", "loud noise", "100 ms click", "100 ms beep"],
)
async def test_what_is_no_speech_yields_no_words(pcm: np.ndarray) -> None:
    events = await events_of(pcm)
    assert not finals(events)
    assert kinds(events).count("start_of_speech") == kinds(events).count("end_of_speech")


async def test_two_sentences_with_a_gap_are_two_segments_at_the_right_times() -> None:
    one, two = spoken("Can you send me the contract by Friday?"), spoken("That sounds good to me.")
    heard = finals(await events_of(over_noise(silence(0.5), one, silence(0.8), two, silence(0.8))))
    begin_two = 0.5 + one.size / RATE_HZ + 0.8
    assert [bare(data.text) for data in heard] == [
        "can you send me the contract by friday",
        "that sounds good to me",
    ]
    assert heard[0].start_time == pytest.approx(0.5, abs=0.15)
    assert heard[0].end_time == pytest.approx(0.5 + one.size / RATE_HZ, abs=0.15)
    assert heard[1].start_time == pytest.approx(begin_two, abs=0.15)
    assert heard[1].end_time == pytest.approx(begin_two + two.size / RATE_HZ, abs=0.15)


async def test_speech_heard_as_it_is_spoken_is_dated_by_the_wall_clock() -> None:
    speech = spoken("That sounds good to me.")
    begun_at = time.time()
    events = await events_of(over_noise(silence(0.3), speech, silence(0.5)), pace=1.0)
    start, end = events[0].speech_start_time, events[-1].speech_end_time
    assert start == pytest.approx(begun_at + 0.3, abs=0.25)
    assert end == pytest.approx(begun_at + 0.3 + speech.size / RATE_HZ, abs=0.25)


async def test_a_flush_ends_the_segment_at_once() -> None:
    pcm = over_noise(silence(0.3), spoken(SENTENCE))
    events = await events_of(pcm, ending=lambda stream: stream.flush())
    assert [bare(data.text) for data in finals(events)] == [bare(SENTENCE)]


async def test_a_segment_whose_frames_stop_coming_is_finished() -> None:
    events = await events_of(over_noise(silence(0.3), spoken(SENTENCE)), ending=lambda stream: None)
    assert [bare(data.text) for data in finals(events)] == [bare(SENTENCE)]
    assert kinds(events)[-1] == "end_of_speech"


async def test_a_speaker_who_never_pauses_is_cut_and_loses_no_words() -> None:
    numbers = "one two three four five six seven eight nine ten " * 8
    pcm = over_noise(silence(0.3), spoken(numbers), silence(0.8))
    events = await events_of(pcm)
    heard = finals(events)
    assert len(heard) > 1
    assert all(a.end_time <= b.start_time for a, b in pairwise(heard))
    assert [k for k in kinds(events) if k != "interim_transcript"] == [
        "start_of_speech",
        "final_transcript",
        "end_of_speech",
    ] * len(heard)


async def test_a_whole_buffer_can_be_recognised_at_once() -> None:
    pcm = over_noise(silence(0.2), spoken(SENTENCE), silence(0.2))
    event = await MoonshineSTT().recognize(rtc.AudioFrame(pcm.tobytes(), RATE_HZ, 1, pcm.size))
    assert bare(event.alternatives[0].text) == bare(SENTENCE)
    assert event.alternatives[0].end_time == pytest.approx(pcm.size / RATE_HZ, abs=0.001)


async def test_a_model_that_fails_ends_the_segment_and_raises_what_a_fallback_understands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> Hearing:
        raise ValueError("out of memory")

    monkeypatch.setattr(Moonshine, "transcribe", fail)
    stream = MoonshineSTT().stream(conn_options=APIConnectOptions(max_retry=0))
    pcm = over_noise(silence(0.3), spoken("That sounds good to me."), silence(0.5))
    stream.push_frame(rtc.AudioFrame(pcm.tobytes(), RATE_HZ, 1, pcm.size))
    heard: list[stt.SpeechEvent] = []

    async def listen() -> None:
        async for event in stream:
            heard.append(event)

    with pytest.raises(APIConnectionError):
        await asyncio.wait_for(listen(), 5)
    assert kinds(heard) == ["start_of_speech", "end_of_speech"]
    await stream.aclose()


def test_silence_is_recognised_without_confidence() -> None:
    assert Moonshine().transcribe(silence(2)).confidence < 0.45


def test_a_draft_makes_the_recognizer_quicker_and_a_wrong_one_does_not_mislead_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pcm = over_noise(silence(0.3), spoken(SENTENCE), silence(0.3))
    hearer = Moonshine()
    plain = hearer.transcribe(pcm)
    read: list[int] = []
    original = _Reading.read

    def counted(self: _Reading, tokens: Sequence[int]) -> tuple[list[int], list[float]]:
        read.append(len(tokens))
        return original(self, tokens)

    monkeypatch.setattr(_Reading, "read", counted)
    drafted = hearer.transcribe(pcm, draft=plain.tokens[:8])
    assert bare(drafted.text) == bare(plain.text)
    assert read[0] == 9
    assert len(read) <= len(plain.tokens) - 8 + 1
    assert bare(hearer.transcribe(pcm, draft=[500] * 8).text) == bare(plain.text)
