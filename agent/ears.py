"""One ear for each human who agreed to transcription: their own track into their own speech-to-text stream."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from livekit import rtc
from livekit.agents import APIError, stt
from numpy.typing import NDArray

from agent.timeline import Timeline
from domain.clock import Clock
from domain.ids import Identity, SegmentId, uuid7
from domain.transcript import ParticipantRole, Segment, SegmentSource
from telemetry import log

logger = log.get(__name__)

SAMPLE_RATE = 16_000
FRAME_MS = 20
STATS_EVERY_S = 0.5
STATS_DEADLINE_S = 5.0

TAIL_SAMPLES = 19_200
"""The last 1.2 s, what the end-of-turn model looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    identity: Identity
    name: str
    role: ParticipantRole


class Listener(Protocol):
    """Whom an ear tells. Called in order, one at a time for each ear; should return quickly.

    Words of an `interim` segment may still change. `expected` words become `final` if the pause that has begun lasts;
    else others come.
    """

    async def speech_started(self, speaker: Speaker) -> None: ...
    async def interim(self, speaker: Speaker, segment: Segment, track_id: str) -> None: ...
    async def expected(self, speaker: Speaker, segment: Segment) -> None: ...
    async def final(
        self, speaker: Speaker, segment: Segment, done_probability: Awaitable[float], track_id: str
    ) -> None: ...
    async def retracted(self, speaker: Speaker, segment_id: SegmentId, track_id: str) -> None: ...
    async def speech_ended(self, speaker: Speaker) -> None: ...


EndOfTurn = Callable[[NDArray[np.int16]], Coroutine[Any, Any, float]]
"""Probability 0–1 that the speaker has finished, from at most the last 1.2 s of int16 PCM at 16 kHz."""


class Ear:
    """Hears one track until it ends or `aclose()`. The owner runs `run()` as a task."""

    def __init__(
        self,
        speaker: Speaker,
        track: rtc.RemoteAudioTrack,
        speech_to_text: stt.STT[Any],
        end_of_turn: EndOfTurn,
        listener: Listener,
        clock: Clock,
    ) -> None:
        self._speaker = speaker
        self._track = track
        self._stream = speech_to_text.stream()
        self._end_of_turn = end_of_turn
        self._listener = listener
        self._clock = clock
        self._pushed_samples = 0
        self._timeline = Timeline(clock.elapsed_ms())
        self._tail: deque[NDArray[np.int16]] = deque(maxlen=TAIL_SAMPLES * 1000 // SAMPLE_RATE // FRAME_MS)
        self._done: asyncio.Task[float] | None = None
        self._done_words = ""
        self._segment_id = SegmentId(uuid7())
        self._is_shown = False  # interim words of this segment

    async def run(self) -> None:
        tasks = [asyncio.create_task(self._push()), asyncio.create_task(self._keep_time())]
        try:
            async for event in self._stream:
                await self._tell(event)
        except APIError as error:
            logger.error("ear failed", error=type(error).__name__)
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            self._drop_answer()
            await self._stream.aclose()
            await self._listener.speech_ended(self._speaker)

    async def _push(self) -> None:
        sound = rtc.AudioStream.from_track(
            track=self._track, sample_rate=SAMPLE_RATE, num_channels=1, frame_size_ms=FRAME_MS
        )
        try:
            async for event in sound:
                frame = event.frame
                self._pushed_samples += frame.samples_per_channel
                self._timeline.heard(self._pushed_samples * 1000 // SAMPLE_RATE, self._clock.elapsed_ms())
                self._tail.append(np.frombuffer(frame.data, dtype=np.int16))
                self._stream.push_frame(frame)
            self._stream.end_input()
        finally:
            await sound.aclose()

    async def _keep_time(self) -> None:
        """Segment times are by the jitter buffer's delay; without it they are late by that, and nothing is lost."""
        try:
            while True:
                async with asyncio.timeout(STATS_DEADLINE_S):
                    self._timeline.read(await self._track.get_stats())
                await asyncio.sleep(STATS_EVERY_S)
        except Exception as error:  # the SDK raises nothing narrower
            logger.warning("segment times will be late", error=type(error).__name__)

    async def _tell(self, event: stt.SpeechEvent) -> None:
        kind = stt.SpeechEventType
        match event.type:
            case kind.START_OF_SPEECH:
                await self._listener.speech_started(self._speaker)
            case kind.INTERIM_TRANSCRIPT if event.alternatives:
                self._is_shown = True
                await self._listener.interim(self._speaker, self._segment_of(event.alternatives[0]), self._track.sid)
            case kind.PREFLIGHT_TRANSCRIPT if event.alternatives and event.alternatives[0].text.strip():
                segment = self._segment_of(event.alternatives[0])
                self._ask_whether_done(segment.text)
                await self._listener.expected(self._speaker, segment)
            case kind.FINAL_TRANSCRIPT if event.alternatives and event.alternatives[0].text.strip():
                await self._final(event.alternatives[0])
            case kind.END_OF_SPEECH:
                if self._is_shown:
                    await self._listener.retracted(self._speaker, self._segment_id, self._track.sid)
                    self._next_segment()
                await self._listener.speech_ended(self._speaker)
            case _:
                pass

    async def _final(self, heard: stt.SpeechData) -> None:
        segment = self._segment_of(heard)
        await self._listener.final(self._speaker, segment, self._ask_whether_done(segment.text), self._track.sid)
        self._next_segment()

    def _segment_of(self, heard: stt.SpeechData) -> Segment:
        start_ms = self._timeline.said_at(int(heard.start_time * 1000))
        return Segment(
            segment_id=self._segment_id,
            identity=self._speaker.identity,
            name=self._speaker.name,
            role=self._speaker.role,
            text=heard.text.strip(),
            start_ms=start_ms,
            end_ms=max(start_ms, self._timeline.said_at(int(heard.end_time * 1000))),
            confidence=min(1.0, max(0.0, heard.confidence)),
            language=str(heard.language),
            source=SegmentSource.SPEECH,
        )

    def _ask_whether_done(self, words: str) -> asyncio.Task[float]:
        """Once for the same words of a segment: the answer for a pause is that for the end, when it becomes the end."""
        if self._done is None or self._done_words != words:
            self._drop_answer()
            tail = np.concatenate(self._tail) if self._tail else np.zeros(0, np.int16)
            self._done, self._done_words = asyncio.create_task(self._end_of_turn(tail)), words
        return self._done

    def _drop_answer(self) -> None:
        if self._done:
            self._done.cancel()
            self._done = None

    def _next_segment(self) -> None:
        self._drop_answer()
        self._segment_id = SegmentId(uuid7())
        self._is_shown = False
