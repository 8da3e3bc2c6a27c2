"""When the audio of a track was said, in call time."""

from collections import deque

from livekit import rtc

CLOCK_FRAMES = 50
"""When the audio began, in call time, is the least of what the last second of 20 ms frames says: a frame that is late
says too much, and after a mute all of them say more."""

KEPT_READINGS = 60


class Timeline:
    """Of one track. Audio comes in real time but late: it waits in the jitter buffer, 60 to 100 ms on a quiet machine
    and over a second on a busy one, and the buffer grows and shrinks without a frame missing."""

    def __init__(self, now_ms: int) -> None:
        self._begins_ms = deque([now_ms], maxlen=CLOCK_FRAMES)
        self._readings: deque[tuple[int, int]] = deque(maxlen=KEPT_READINGS)
        self._heard_ms = 0
        self._delay_s = 0.0
        self._emitted = 0

    def heard(self, audio_ms: int, now_ms: int) -> None:
        """`audio_ms` of audio have come by now."""
        self._heard_ms = audio_ms
        self._begins_ms.append(now_ms - audio_ms)

    def read(self, stats: list[rtc.stats.RtcStats]) -> None:
        """The track's own statistics; to be read about once a second.

        Source: W3C webrtc-stats, jitterBufferDelay: seconds over all samples emitted, both since the beginning.
        """
        for inbound in (entry.inbound_rtp.inbound for entry in stats if entry.HasField("inbound_rtp")):
            emitted = inbound.jitter_buffer_emitted_count - self._emitted
            if emitted > 0:
                waited_ms = int(1000 * (inbound.jitter_buffer_delay - self._delay_s) / emitted)
                self._readings.append((self._heard_ms, min(self._begins_ms) - waited_ms))
            self._delay_s, self._emitted = inbound.jitter_buffer_delay, inbound.jitter_buffer_emitted_count

    def said_at(self, audio_ms: int) -> int:
        """Call time, ms ≥ 0, of that moment of the audio, by the first reading after it, else by the last one."""
        after = (began_ms for at_ms, began_ms in self._readings if at_ms >= audio_ms)
        last_ms = self._readings[-1][1] if self._readings else min(self._begins_ms)
        return max(0, next(after, last_ms) + audio_ms)
