"""One ear's line to a vendor's speech-to-text: one stream at a time, with what it has said so far, and its way back.

The line never decides what was said. It has words with their place in the audio, knows how far the vendor has come,
and says "not in time" within a deadline, so that whoever asks can turn to this machine.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from livekit import rtc
from livekit.agents import APIError, APIStatusError, stt

from providers.keys import REFUSALS, KeyRing, retry_after_s
from telemetry import log

logger = log.get(__name__)

ANSWER_DEADLINE_S = 1.0
"""For the words of a stretch of speech, from when its end is noticed. Source: streaming endpoints answer a Finalize
within 0.3 s as a rule; later than this, the machine's own words are worth more to a conversation."""

FIRST_BACK_OFF_S = 10.0
LONGEST_BACK_OFF_S = 120.0

MOST_UNPROVEN = 3
"""Stretches of speech that a line on trial may leave unanswered."""

CLOSE_DEADLINE_S = 1.0

MOST_WAITING_FRAMES = 1_500
MOST_WORDS = 2_000

_SAMPLE_RATE_HZ = 16_000
_LOST_S = 0.05
_FUTURE_S = 2.0


@dataclass(frozen=True, slots=True)
class Word:
    """Times are seconds of the audio that the ear was given."""

    text: str
    start_s: float
    end_s: float
    confidence: float

    @property
    def middle_s(self) -> float:
        return (self.start_s + self.end_s) / 2


class VendorStream(Protocol):
    """A LiveKit stream that also says how far it has come, by a PREFLIGHT event: `end_time` is the second of its audio
    up to which it has heard, `metadata["is_final"]` whether that is its last word on it."""

    def push_frame(self, frame: rtc.AudioFrame) -> None: ...
    def flush(self) -> None: ...
    async def aclose(self) -> None: ...
    def __aiter__(self) -> AsyncIterator[stt.SpeechEvent]: ...
    @property
    def waiting_frames(self) -> int: ...


Open = Callable[[str], VendorStream]
"""Opens a stream with this key; connecting goes on by itself."""

Changed = Callable[[bool, str], None]
"""Told when the vendor takes over (True) or is given up for now (False), and why."""


class VendorLine:
    """The owner runs `run()` as a task and cancels it. `heard` is called after each thing the vendor says."""

    def __init__(self, open_stream: Open, keys: KeyRing, changed: Changed, heard: Callable[[], None]) -> None:
        self._open = open_stream
        self._keys = keys
        self._changed = changed
        self._heard = heard
        self._stream: VendorStream | None = None
        self._broken: asyncio.Future[str] | None = None  # why the stream is given up
        self._begins_s = 0.0  # where in the audio the stream begins
        self._pushed_s = 0.0  # how much it was given
        self._final_s = 0.0  # how much of it is final, and
        self._shown_s = 0.0  # how much is at least interim
        self._words: list[Word] = []
        self._interim: list[Word] = []
        self._forgotten_s = 0.0
        self._unproven = 0
        self._slow = 0
        self._failures = 0
        self._news = asyncio.Event()
        self.is_trusted = True

    async def run(self) -> None:
        while True:
            key = self._keys.take()
            if key is None:
                self._give_up("every key was refused")
                await asyncio.sleep(max(0.1, min(self._keys.free_in_s(), LONGEST_BACK_OFF_S)))
                continue
            reason, was_refused = await self._hold(key)
            if was_refused and not self._keys.free_in_s():
                continue  # with another key
            self._give_up("every key was refused" if was_refused else reason)
            if not was_refused:
                self._failures += 1
                await asyncio.sleep(min(FIRST_BACK_OFF_S * 2 ** (self._failures - 1), LONGEST_BACK_OFF_S))

    def push(self, samples: npt.NDArray[np.int16], at_s: float) -> None:
        """The next samples at 16 kHz, which begin at this second of the audio."""
        stream = self._stream
        if stream is None:
            return
        if not self._pushed_s:
            self._begins_s = at_s
        if abs(self._begins_s + self._pushed_s - at_s) > _LOST_S:
            self._fail("sound was lost on the way to it")
            return
        if stream.waiting_frames > MOST_WAITING_FRAMES:
            self._fail("it does not take the sound")
            return
        self._pushed_s += samples.size / _SAMPLE_RATE_HZ
        with suppress(RuntimeError):  # it has just closed; the reader says so
            stream.push_frame(rtc.AudioFrame(samples.tobytes(), _SAMPLE_RATE_HZ, 1, samples.size))

    async def words_of(self, start_s: float, end_s: float, until_s: float) -> list[Word] | None:
        """The vendor's words up to `until_s` for speech from `start_s` to `end_s`, in their order; they are then
        forgotten. None when the vendor cannot say, or not within ANSWER_DEADLINE_S."""
        stream = self._stream
        if stream is None or not self._pushed_s or self._begins_s > start_s:
            return None
        if self._begins_s + self._final_s < end_s:
            with suppress(RuntimeError):
                stream.flush()
        if not self.is_trusted:
            self._unproven += 1
            if self._unproven > MOST_UNPROVEN:
                self._fail("it still does not answer")
            return None
        shown_s = self._shown_s
        try:
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                while stream is self._stream and self._begins_s + self._final_s < end_s:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            self._slow += 1
            if self._slow > 1 or self._shown_s == shown_s:
                self._fail("it did not answer in time")
            return None
        if stream is not self._stream:
            return None
        self._slow = 0
        return self._take(until_s)

    def forget(self, until_s: float) -> None:
        """Words before this second were said otherwise."""
        self._take(until_s)

    def left_over(self, until_s: float) -> list[Word]:
        """Words before this second that belong to no stretch of speech that was asked for."""
        return self._take(until_s) if self.is_trusted else []

    @property
    def has_words(self) -> bool:
        return bool(self._words)

    def shown_since(self, start_s: float) -> list[Word]:
        """What the vendor has heard since, the last of it not final."""
        return [word for word in (*self._words, *self._interim) if word.middle_s >= start_s]

    def _take(self, until_s: float) -> list[Word]:
        taken = [word for word in self._words if word.middle_s < until_s]
        self._words = [word for word in self._words if word.middle_s >= until_s]
        self._interim = [word for word in self._interim if word.middle_s >= until_s]
        self._forgotten_s = max(self._forgotten_s, until_s)
        return taken

    async def _hold(self, key: str) -> tuple[str, bool]:
        """Keeps one stream until it breaks: why, and whether it was the key that was refused."""
        self._broken = asyncio.get_running_loop().create_future()
        self._pushed_s = self._final_s = self._shown_s = 0.0
        self._unproven = self._slow = 0
        self._words, self._interim = [], []
        try:
            stream = self._stream = self._open(key)
        except Exception as error:  # a plug-in that refuses a setting must not cost the ear
            logger.error("speech-to-text vendor cannot be used", exc_info=error)
            return "it cannot be used as it is set up", False
        reading = asyncio.create_task(self._read(stream))
        try:
            await asyncio.wait((reading, self._broken), return_when=asyncio.FIRST_COMPLETED)
            if self._broken.done():
                return self._broken.result(), False
            reading.result()
            return "it closed the line", False
        except APIStatusError as error:
            status = error.status_code
            logger.warning("speech-to-text vendor refuses", status=status)
            if status in REFUSALS:
                self._keys.refused(key, status, _retry_after_s(error))
                return "every key was refused", True
            return (f"it answered with {status}" if status >= 400 else "the line was cut"), False
        except APIError as error:
            logger.warning("speech-to-text vendor fails", error=type(error).__name__)
            return "it cannot be reached", False
        except Exception as error:  # whatever its plug-in does, this machine goes on hearing
            logger.error("speech-to-text vendor broke", exc_info=error)
            return "it broke", False
        finally:
            self._stream = None
            self._news.set()
            reading.cancel()
            with suppress(TimeoutError):  # a dead server does not say goodbye
                async with asyncio.timeout(CLOSE_DEADLINE_S):
                    await asyncio.gather(reading, return_exceptions=True)
                    await stream.aclose()

    async def _read(self, stream: VendorStream) -> None:
        kind = stt.SpeechEventType
        async for event in stream:
            for data in event.alternatives[:1]:
                match event.type:
                    case kind.FINAL_TRANSCRIPT:
                        self._words.extend(word for word in self._placed(data) if word.middle_s >= self._forgotten_s)
                        del self._words[:-MOST_WORDS]
                        self._failures = 0
                    case kind.INTERIM_TRANSCRIPT:
                        self._interim = [w for w in self._placed(data) if w.middle_s >= self._forgotten_s]
                    case kind.PREFLIGHT_TRANSCRIPT:
                        self._advance(data)
            self._news.set()
            self._heard()

    def _advance(self, data: stt.SpeechData) -> None:
        if data.end_time > self._pushed_s + _FUTURE_S:
            self._fail("its times make no sense")
            return
        self._shown_s = max(self._shown_s, data.end_time)
        if (data.metadata or {}).get("is_final"):
            self._final_s = max(self._final_s, data.end_time)
            self._prove()
            self._interim = [word for word in self._interim if word.middle_s >= self._begins_s + self._final_s]

    def _placed(self, data: stt.SpeechData) -> list[Word]:
        words: list[Any] = data.words or []
        if not words and data.text.strip():
            return [self._word(data.text.strip(), data.start_time, data.end_time, data.confidence)]
        return [
            self._word(str(word), float(word.start_time), float(word.end_time), data.confidence)
            for word in words
            if str(word).strip()
        ]

    def _word(self, text: str, start_s: float, end_s: float, confidence: float) -> Word:
        return Word(text, self._begins_s + start_s, self._begins_s + end_s, confidence)

    def _prove(self) -> None:
        """A result, even for silence, shows that the vendor listens; only words make its earlier failures forgotten."""
        self._unproven = 0
        if not self.is_trusted:
            self.is_trusted = True
            self._changed(True, "it answers again")

    def _fail(self, reason: str) -> None:
        if self._broken and not self._broken.done():
            self._broken.set_result(reason)
        self._give_up(reason)

    def _give_up(self, reason: str) -> None:
        if self.is_trusted:
            self.is_trusted = False
            self._changed(False, reason)


def _retry_after_s(error: APIError) -> float | None:
    """The plug-in raises its own error in place of the HTTP client's, which has the headers."""
    return retry_after_s(getattr(error.__context__, "headers", None))
