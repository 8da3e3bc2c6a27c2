"""The voices of scripted people: one local voice, a pitch and a pace for each, seeded, so that two runs are alike."""

import time
import zlib
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from providers.local.hibari import SAMPLE_RATE_HZ as VOICE_RATE
from providers.local.hibari import synthesize_pcm

RATE = 48_000
FRAME_MS = 10
LOUD = 0.01
"""-40 dBFS: what is louder is speech. Source: shared/calls/README, end of speech."""

PITCHES = ((1, 1), (7, 8), (9, 8), (15, 16), (17, 16), (5, 6), (8, 7), (11, 12), (14, 13), (10, 11))
"""Resampling ratios (longer : shorter), one for each speaker: 7:8 is higher and faster, 9:8 lower and slower."""

NOISE = 3
"""Amplitude of the microphone's noise floor, of 32,767; real microphones are never digitally silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    pcm: NDArray[np.int16]  # int16[n], 48 kHz mono
    voiced_ms: tuple[int, ...]  # ends of the stretches of speech inside, ms from its beginning

    @property
    def duration_ms(self) -> int:
        return len(self.pcm) * 1000 // RATE

    @property
    def end_of_speech_ms(self) -> int:
        return self.voiced_ms[-1] if self.voiced_ms else self.duration_ms


def speak(text: str, *, voice: int, script_id: str, turn: int) -> Utterance:
    """`voice` numbers the speaker within the call."""
    seed = zlib.crc32(f"{script_id}/{turn}".encode())
    up, down = PITCHES[voice % len(PITCHES)]
    spoken = synthesize_pcm(text, seed=seed).astype(np.float64)
    factor = RATE // VOICE_RATE
    resampled = resample_poly(spoken, up * factor, down)
    pcm = np.clip(resampled, -32_768, 32_767).astype(np.int16)
    return Utterance(pcm=pcm, voiced_ms=ends_of_speech(pcm))


def ends_of_speech(pcm: NDArray[np.int16], least_pause_ms: int = 200) -> tuple[int, ...]:
    """Where speech stops for at least `least_pause_ms`, and where it stops for good; ms from the beginning."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > LOUD * 32_768)
    if not len(loud):
        return ()
    pauses = np.flatnonzero(np.diff(loud) > least_pause_ms * RATE // 1000)
    return tuple(int(loud[i]) * 1000 // RATE for i in [*pauses, len(loud) - 1])


class Spoken:
    """One utterance on its way out of a microphone, and when each of its samples left, `time.time()`.

    On a busy machine a microphone falls behind; what was asked for is then earlier than what was said.
    """

    def __init__(self, utterance: Utterance) -> None:
        self._utterance = utterance
        self._asked_s = time.time()
        self._left_s: list[float] = []  # of each frame
        self._taken = 0

    @property
    def is_over(self) -> bool:
        return self._taken >= len(self._utterance.pcm)

    @property
    def start_s(self) -> float:
        return self._moment_s(0)

    @property
    def end_s(self) -> float:
        """Of speech. Until it was said: when it is expected."""
        return self._moment_s(self._utterance.end_of_speech_ms)

    @property
    def voiced_ends_s(self) -> tuple[float, ...]:
        return tuple(self._moment_s(ms) for ms in self._utterance.voiced_ms)

    def take(self, samples: int) -> NDArray[np.int16]:
        """The next int16[≤ samples], which leave now."""
        taken = self._utterance.pcm[self._taken : self._taken + samples]
        self._taken += samples
        self._left_s.append(time.time())
        return taken

    def _moment_s(self, ms: int) -> float:
        frame, within_ms = divmod(ms, FRAME_MS)
        if frame < len(self._left_s):
            return self._left_s[frame] + within_ms / 1000
        if not self._left_s:
            return self._asked_s + ms / 1000
        return self._left_s[-1] + (ms - (len(self._left_s) - 1) * FRAME_MS) / 1000


class Microphone:
    """What one person's microphone gives: noise, and what was put into it. int16, 48 kHz, 10 ms at a time."""

    FRAME_SAMPLES = RATE * FRAME_MS // 1000

    def __init__(self, seed: int) -> None:
        self._noise = np.random.default_rng(seed).integers(-NOISE, NOISE + 1, RATE * 2, dtype=np.int16)
        self._at = 0
        self._waiting: deque[Spoken] = deque()

    @property
    def is_speaking(self) -> bool:
        return bool(self._waiting)

    def put(self, utterance: Utterance) -> Spoken:
        """Goes out after what was put before."""
        spoken = Spoken(utterance)
        self._waiting.append(spoken)
        return spoken

    def next_frame(self) -> NDArray[np.int16]:
        """int16[480]."""
        frame = np.take(self._noise, range(self._at, self._at + self.FRAME_SAMPLES), mode="wrap")
        self._at = (self._at + self.FRAME_SAMPLES) % len(self._noise)
        if self._waiting:
            taken = self._waiting[0].take(self.FRAME_SAMPLES)
            frame[: len(taken)] += taken
            if self._waiting[0].is_over:
                self._waiting.popleft()
        return frame
