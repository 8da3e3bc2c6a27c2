"""The agent's voice: text to speech into the room, with an end that is known to the word when somebody interrupts."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any, Protocol

from livekit import rtc
from livekit.agents import tts

from domain.clock import ScriptClock

QUEUE_MS = 1_000
"""Sound waiting ahead of the speaker, so that a busy moment is no gap. An interruption clears it."""

MS_PER_CHARACTER = 66
"""Pace of speech, to tell which words were out when it was cut. Source: local voice, 15 characters a second."""

PUBLISH_DEADLINE_S = 5.0

SCRIPT_MS_PER_WORD = 350
"""Source: shared/calls/README, time of a call staged as text."""


class Voice(Protocol):
    def prepare(self, text: str) -> None:
        """Makes the sound of what is probably said next. It costs nothing but work if something else is."""
        ...

    async def say(self, text: str, on_start: Callable[[], None]) -> str:
        """Speaks to the end or until interrupted, and gives the words that were out; `on_start` is called with the
        first sound."""
        ...

    def interrupt(self) -> None: ...

    @property
    def is_speaking(self) -> bool: ...


class RoomVoice:
    """Speaks through a microphone track of the agent. One utterance at a time; the caller awaits each."""

    def __init__(self, room: rtc.Room, synthesizer: tts.TTS[Any]) -> None:
        self._room = room
        self._synthesizer = synthesizer
        self._source = rtc.AudioSource(synthesizer.sample_rate, synthesizer.num_channels, queue_size_ms=QUEUE_MS)
        self._pumping: asyncio.Task[None] | None = None
        self._pushed_ms = 0.0
        self._publication: rtc.LocalTrackPublication | None = None
        self._prepared: tts.ChunkedStream | None = None
        self._dropping: set[asyncio.Task[None]] = set()

    async def publish(self) -> None:
        """Once, however often it is called. Raises TimeoutError or PublishTrackError."""
        if self._publication:
            return
        track = rtc.LocalAudioTrack.create_audio_track("agent-voice", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        async with asyncio.timeout(PUBLISH_DEADLINE_S):
            self._publication = await self._room.local_participant.publish_track(track, options)

    async def wait_for_listener(self, deadline_s: float) -> None:
        """Until somebody has subscribed, or `deadline_s`, so that the first words are not lost."""
        if self._publication:
            with suppress(TimeoutError):
                async with asyncio.timeout(deadline_s):
                    await self._publication.wait_for_subscription()

    @property
    def is_speaking(self) -> bool:
        return self._pumping is not None

    def prepare(self, text: str) -> None:
        if self._prepared is None or self._prepared.input_text != text:
            self._drop_prepared()
            self._prepared = self._synthesizer.synthesize(text)

    async def say(self, text: str, on_start: Callable[[], None]) -> str:
        self._pushed_ms = 0.0
        pumping = asyncio.create_task(self._pump(text, on_start))
        self._pumping = pumping
        was_interrupted = False
        try:
            await asyncio.wait([pumping])
            was_interrupted = pumping.cancelled()
            if not was_interrupted:
                pumping.result()
                await self._source.wait_for_playout()
        finally:
            pumping.cancel()
            self._pumping = None
        if not was_interrupted:
            return text
        played_ms = max(0.0, self._pushed_ms - self._source.queued_duration * 1000)
        self._source.clear_queue()
        return words_within(text, played_ms)

    def interrupt(self) -> None:
        if self._pumping is not None:
            self._pumping.cancel()

    async def aclose(self) -> None:
        self.interrupt()
        self._drop_prepared()
        await asyncio.gather(*self._dropping, return_exceptions=True)
        with suppress(Exception):
            await self._source.aclose()

    async def _pump(self, text: str, on_start: Callable[[], None]) -> None:
        self.prepare(text)
        assert self._prepared is not None
        stream, self._prepared = self._prepared, None
        async with aclosing(stream):
            async for sound in stream:
                if self._pushed_ms == 0.0:
                    on_start()
                await self._source.capture_frame(sound.frame)
                self._pushed_ms += sound.frame.duration * 1000

    def _drop_prepared(self) -> None:
        if self._prepared:
            dropping = asyncio.create_task(self._prepared.aclose())
            self._dropping.add(dropping)
            dropping.add_done_callback(self._dropping.discard)
            self._prepared = None


class ScriptVoice:
    """The voice of a call staged as text: takes the script's time and makes no sound."""

    def __init__(self, clock: ScriptClock) -> None:
        self._clock = clock

    @property
    def is_speaking(self) -> bool:
        return False

    def prepare(self, text: str) -> None:
        pass

    async def say(self, text: str, on_start: Callable[[], None]) -> str:
        on_start()
        self._clock.advance_to(self._clock.elapsed_ms() + SCRIPT_MS_PER_WORD * len(text.split()))
        return text

    def interrupt(self) -> None:
        pass


def words_within(text: str, played_ms: float) -> str:
    """The whole words of `text` that fit into `played_ms` of speech."""
    characters = int(played_ms / MS_PER_CHARACTER)
    if characters >= len(text):
        return text
    return text[:characters].rpartition(" ")[0]
