"""The ear's own bookkeeping, with a recognizer that says what the test wants; hearing itself is tested with sound."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import stt
from numpy.typing import NDArray

from agent.ears import Ear, Speaker
from domain.clock import ScriptClock
from domain.ids import Identity, SegmentId
from domain.transcript import ParticipantRole, Segment

pytestmark = pytest.mark.unit

SPEAKER = Speaker(identity=Identity("prospect-1"), name="Dana", role=ParticipantRole.PROSPECT)
PAUSE = stt.SpeechEventType.PREFLIGHT_TRANSCRIPT
END = stt.SpeechEventType.FINAL_TRANSCRIPT


class ScriptedStream:
    """What a recognizer's stream says, in order, whatever is pushed."""

    def __init__(self, said: list[tuple[stt.SpeechEventType, str]]) -> None:
        self._said = said

    async def __aiter__(self) -> AsyncIterator[stt.SpeechEvent]:
        for kind, words in self._said:
            yield stt.SpeechEvent(type=kind, alternatives=[stt.SpeechData(language=cast(Any, "en"), text=words)])

    def push_frame(self, frame: rtc.AudioFrame) -> None: ...
    def end_input(self) -> None: ...
    async def aclose(self) -> None: ...


class Recognizer:
    def __init__(self, *said: tuple[stt.SpeechEventType, str]) -> None:
        self._said = list(said)

    def stream(self) -> ScriptedStream:
        return ScriptedStream(self._said)


class Notebook:
    def __init__(self) -> None:
        self.answers: list[float] = []
        self.segments: list[SegmentId] = []

    async def speech_started(self, speaker: Speaker) -> None: ...
    async def interim(self, speaker: Speaker, segment: Segment, track_id: str) -> None: ...
    async def expected(self, speaker: Speaker, segment: Segment) -> None: ...
    async def retracted(self, speaker: Speaker, segment_id: SegmentId, track_id: str) -> None: ...
    async def speech_ended(self, speaker: Speaker) -> None: ...

    async def final(
        self, speaker: Speaker, segment: Segment, done_probability: Awaitable[float], track_id: str
    ) -> None:
        self.segments.append(segment.segment_id)
        self.answers.append(await done_probability)


class Answers:
    """Another probability each time it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, tail: NDArray[np.int16]) -> float:
        self.asked += 1
        return self.asked / 10


def ear(recognizer: Recognizer, notebook: Notebook, end_of_turn: Any) -> Ear:
    track = rtc.LocalAudioTrack.create_audio_track("microphone", rtc.AudioSource(16_000, 1))
    return Ear(SPEAKER, cast(Any, track), cast(Any, recognizer), end_of_turn, notebook, ScriptClock())


async def test_the_answer_for_a_pause_is_that_for_the_end_of_the_same_words() -> None:
    notebook, answers = Notebook(), Answers()
    await ear(Recognizer((PAUSE, "Ten people."), (END, "Ten people.")), notebook, answers).run()
    assert (notebook.answers, answers.asked) == ([0.1], 1)


async def test_words_that_changed_since_the_pause_are_asked_about_anew() -> None:
    notebook, answers = Notebook(), Answers()
    await ear(Recognizer((PAUSE, "Ten."), (PAUSE, "Ten people."), (END, "Ten people and")), notebook, answers).run()
    assert len(notebook.answers) == 1
    assert answers.asked >= 1
    assert notebook.answers[0] == answers.asked / 10


async def test_the_same_words_said_again_are_asked_about_again() -> None:
    notebook, answers = Notebook(), Answers()
    await ear(Recognizer((END, "Yes."), (END, "Yes.")), notebook, answers).run()
    assert notebook.answers == [0.1, 0.2]
    assert len(set(notebook.segments)) == 2


async def test_an_answer_nobody_waits_for_ends_with_the_ear() -> None:
    ended = asyncio.Event()

    async def never(tail: NDArray[np.int16]) -> float:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0.0

    async with asyncio.timeout(10):
        await ear(Recognizer((PAUSE, "Ten people.")), Notebook(), never).run()
        await ended.wait()
