"""When it was said: by frames that come late and by what waited in the jitter buffer."""

import pytest
from livekit import rtc

from agent.timeline import Timeline

pytestmark = pytest.mark.unit


def emitted(seconds_each: float, samples: int) -> rtc.stats.RtcStats:
    """Statistics of a track of which `samples` have come out, each after `seconds_each` in the buffer on average."""
    stats = rtc.stats.RtcStats()
    stats.inbound_rtp.inbound.jitter_buffer_delay = seconds_each * samples
    stats.inbound_rtp.inbound.jitter_buffer_emitted_count = samples
    return stats


def hear(timeline: Timeline, from_ms: int, to_ms: int, *, came_ms: int) -> None:
    """Frames of 20 ms in real time, audio position `from_ms` coming at `came_ms`."""
    for audio_ms in range(from_ms + 20, to_ms + 20, 20):
        timeline.heard(audio_ms, came_ms + audio_ms - from_ms)


def test_without_statistics_what_comes_now_was_said_now() -> None:
    timeline = Timeline(5000)
    hear(timeline, 0, 2000, came_ms=5000)
    assert timeline.said_at(1500) == 6500


def test_frames_that_come_in_a_burst_after_a_standstill_were_not_said_late() -> None:
    timeline = Timeline(5000)
    hear(timeline, 0, 2000, came_ms=5000)
    for audio_ms in range(2020, 2720, 20):
        timeline.heard(audio_ms, 7700)
    assert timeline.said_at(2100) == 7100


def test_a_mute_moves_what_comes_after_it() -> None:
    timeline = Timeline(0)
    hear(timeline, 0, 2000, came_ms=0)
    hear(timeline, 2000, 4000, came_ms=12_000)
    assert timeline.said_at(3000) == 13_000


def test_what_waited_in_the_jitter_buffer_was_said_before() -> None:
    timeline = Timeline(0)
    hear(timeline, 0, 1000, came_ms=800)
    timeline.read([emitted(0.7, 16_000)])
    assert timeline.said_at(500) == 600


def test_each_moment_has_the_wait_of_its_own_time() -> None:
    timeline = Timeline(0)
    hear(timeline, 0, 1000, came_ms=100)
    timeline.read([emitted(0.1, 16_000)])
    hear(timeline, 1000, 2000, came_ms=1100)
    timeline.read([emitted(0.5, 32_000)])  # 0.9 s on average over the second second
    assert (timeline.said_at(400), timeline.said_at(1900), timeline.said_at(2100)) == (400, 1100, 1300)


def test_statistics_of_a_muted_track_say_nothing_new() -> None:
    timeline = Timeline(0)
    hear(timeline, 0, 1000, came_ms=100)
    for _ in range(3):
        timeline.read([emitted(0.1, 16_000)])
    assert timeline.said_at(400) == 400


def test_nothing_was_said_before_the_call_began() -> None:
    timeline = Timeline(0)
    timeline.heard(20, 30)
    timeline.read([emitted(2.0, 320)])
    assert timeline.said_at(0) == 0
