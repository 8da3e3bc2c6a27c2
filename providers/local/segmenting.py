"""Where a stretch of speech begins and ends: a state machine on 32 ms frames without model or clock."""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from providers.local.silero import FRAME_S, FRAME_SAMPLES, SAMPLE_RATE_HZ

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True)
class SegmentingRules:
    """Counts are frames of 32 ms, probabilities are Silero's. The defaults were measured on 4 staged calls.

    Source: livekit-plugins-silero for the two thresholds (0.5 to begin, 0.15 less to go on).
    """

    voiced_from: float = 0.5
    silent_below: float = 0.35

    # 96 ms: a click or a key press is shorter, the shortest word is longer.
    begin_frames: int = 3

    # 0.4 s kept from before the first voiced frame: Silero misses soft consonants, and Moonshine hears a
    # first word better when it does not begin abruptly.
    pre_roll_frames: int = 12

    # After 160 ms the words are decoded in the hope that nothing follows ...
    pause_frames: int = 5

    # ... and after 352 ms the segment ends: pauses between words of one thought are mostly shorter, and the
    # decoding begun 192 ms before is then finished, so that the final text comes at once.
    end_frames: int = 11

    # After 10 s any breath (192 ms) will do: decoding time and errors grow with length.
    long_frames: int = 312
    long_end_frames: int = 6

    # 18 s: nobody breathes; cut where the voice was weakest within the last 4 s.
    cut_frames: int = 562
    cut_within_frames: int = 125


# Silero calls 2 frames voiced after the last sample above -40 dBFS (54 to 86 ms measured on 6 utterances).
_LINGERING_FRAMES = 2


@dataclass(frozen=True)
class Segment:
    """A stretch of speech. Times are seconds of the stream's own audio; `samples` has a margin of silence."""

    samples: Samples
    start_s: float
    end_s: float
    voiced_frames: int

    @property
    def voiced_s(self) -> float:
        return self.voiced_frames * FRAME_S


@dataclass(frozen=True)
class Began:
    """Someone speaks, since `start_s`."""

    start_s: float


@dataclass(frozen=True)
class Paused:
    """The voice has stopped for a moment; `segment` is what would end if it stays silent."""

    segment: Segment


@dataclass(frozen=True)
class Ended:
    """The segment is over. Each Began is followed by exactly one Ended."""

    segment: Segment


Step = Began | Paused | Ended


@dataclass(frozen=True)
class _Frame:
    samples: Samples
    probability: float
    voiced: bool
    at: int  # samples from the start of the stream


class Segmenter:
    """Owns the frames of the segment that is open, at most `cut_frames` of them, and a short pre-roll."""

    def __init__(self, rules: SegmentingRules | None = None) -> None:
        self._rules = rules or SegmentingRules()
        self._before: deque[_Frame] = deque(maxlen=self._rules.pre_roll_frames + self._rules.begin_frames)
        self._frames: list[_Frame] = []
        self._first_voiced = 0
        self._silent = 0
        self._voiced = False
        self._position = 0

    @property
    def is_open(self) -> bool:
        return bool(self._frames)

    @property
    def is_pausing(self) -> bool:
        return self._silent >= self._rules.pause_frames

    @property
    def start_s(self) -> float:
        """Where the open segment's speech begins; only while one is open."""
        return self._start_s()

    @property
    def spoken_s(self) -> float:
        """Seconds since the open segment's first voiced frame; 0 when none is open."""
        return (len(self._frames) - self._first_voiced) * FRAME_S

    @property
    def position_s(self) -> float:
        """Seconds of audio taken so far."""
        return self._position / SAMPLE_RATE_HZ

    def skip(self, samples: int) -> None:
        """Move the clock over audio that was lost."""
        self._position += samples

    def push(self, samples: Samples, probability: float) -> list[Step]:
        """Take the next 512 samples and the probability 0–1 of voice in them; say what they changed."""
        self._voiced = probability >= (self._rules.silent_below if self._voiced else self._rules.voiced_from)
        frame = _Frame(samples, probability, self._voiced, self._position)
        self._position += FRAME_SAMPLES
        return self._go_on(frame) if self._frames else self._wait(frame)

    def snapshot(self) -> Segment:
        """The open segment as it stands now."""
        return self._segment(self._frames)

    def end(self) -> Segment | None:
        """Close the open segment at once, if there is one; nothing of it is pre-roll of what follows."""
        segment = self.snapshot() if self._frames else None
        self._close()
        self._before.clear()
        self._voiced = False
        return segment

    def _wait(self, frame: _Frame) -> list[Step]:
        self._before.append(frame)
        run = list(self._before)[-self._rules.begin_frames :]
        if len(run) < self._rules.begin_frames or not all(f.voiced for f in run):
            return []
        self._open(list(self._before))
        return [Began(self._start_s())]

    def _go_on(self, frame: _Frame) -> list[Step]:
        rules = self._rules
        self._frames.append(frame)
        self._silent = 0 if frame.voiced else self._silent + 1
        is_long = len(self._frames) >= rules.long_frames
        if self._silent >= (rules.long_end_frames if is_long else rules.end_frames):
            segment = self.snapshot()
            self._before.extend(self._frames[-self._silent :])
            self._close()
            return [Ended(segment)]
        if len(self._frames) >= rules.cut_frames:
            return self._cut()
        if self._silent == rules.pause_frames:
            return [Paused(self.snapshot())]
        return []

    def _cut(self) -> list[Step]:
        window = [f.probability for f in self._frames[-self._rules.cut_within_frames :]]
        smooth = np.convolve(window, np.ones(3) / 3, mode="valid")
        at = len(self._frames) - len(window) + int(smooth.argmin()) + 1
        first, rest = self._segment(self._frames[:at]), self._frames[at:]
        silent = self._silent
        self._close()
        self._open(rest)
        self._silent = silent
        return [Ended(first), Began(self._start_s())]

    def _open(self, frames: list[_Frame]) -> None:
        self._frames = frames
        self._before.clear()
        self._silent = 0
        voiced = [i for i, frame in enumerate(frames) if frame.voiced]
        run = self._rules.begin_frames
        # Of the pre-roll only the run of voiced frames at its end is speech.
        self._first_voiced = next((i for i in voiced if all(f.voiced for f in frames[i : i + run])), 0)

    def _close(self) -> None:
        self._frames = []
        self._first_voiced = self._silent = 0

    def _start_s(self) -> float:
        return self._frames[self._first_voiced].at / SAMPLE_RATE_HZ

    def _segment(self, frames: list[_Frame]) -> Segment:
        start_s = self._start_s()
        voiced = [f for f in frames[self._first_voiced :] if f.voiced]
        lingering = _LINGERING_FRAMES if not frames[-1].voiced else 0
        last = voiced[-1].at + FRAME_SAMPLES * (1 - lingering) if voiced else 0
        return Segment(
            samples=np.concatenate([f.samples for f in frames]),
            start_s=start_s,
            end_s=max(start_s, last / SAMPLE_RATE_HZ),
            voiced_frames=len(voiced),
        )
