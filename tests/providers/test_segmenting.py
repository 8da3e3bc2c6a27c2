import numpy as np
import pytest

from providers.local.phantoms import is_phantom
from providers.local.recognizer import Hearing, _without_runaway
from providers.local.segmenting import Began, Ended, Paused, Segmenter, SegmentingRules, Step

pytestmark = pytest.mark.unit


def steps(probabilities: list[float], rules: SegmentingRules | None = None) -> list[Step]:
    segmenter = Segmenter(rules)
    found: list[Step] = []
    for i, probability in enumerate(probabilities):
        found += segmenter.push(np.full(512, i % 1000, np.int16), probability)
    return found


def test_speech_begins_with_its_third_voiced_frame_and_is_dated_from_the_first() -> None:
    assert steps([0.0] * 20 + [0.9] * 2) == []
    assert steps([0.0] * 20 + [0.9] * 3) == [Began(20 * 0.032)]


def test_a_lone_voiced_frame_before_the_speech_is_not_its_beginning() -> None:
    assert steps([0.0] * 20 + [0.9, 0.0, 0.0, 0.9, 0.9, 0.9]) == [Began(23 * 0.032)]


def test_a_segment_holds_what_came_before_it_and_some_silence_after() -> None:
    *_, ended = steps([0.0] * 40 + [0.9] * 30 + [0.0] * 11)
    assert isinstance(ended, Ended)
    assert ended.segment.samples.size == (12 + 30 + 11) * 512
    assert ended.segment.start_s == pytest.approx(40 * 0.032)
    assert ended.segment.end_s == pytest.approx(68 * 0.032)
    assert ended.segment.voiced_frames == 30


def test_a_pause_is_announced_each_time_and_only_a_long_one_ends_the_segment() -> None:
    found = steps(([0.9] * 20 + [0.0] * 7) * 2 + [0.9] * 5 + [0.0] * 11)
    assert [type(step) for step in found] == [Began, Paused, Paused, Paused, Ended]


def test_a_doubtful_frame_continues_speech_but_does_not_begin_it() -> None:
    assert steps([0.4] * 50) == []
    assert [type(step) for step in steps([0.9] * 5 + [0.4] * 50)] == [Began]


def test_after_ten_seconds_a_breath_is_enough() -> None:
    assert isinstance(steps([0.9] * 320 + [0.0] * 6)[-1], Ended)
    assert not any(isinstance(step, Ended) for step in steps([0.9] * 100 + [0.0] * 6))


def test_a_segment_without_any_breath_is_cut_at_its_weakest_moment() -> None:
    began, first, again, *_ = steps([0.9] * 500 + [0.6] * 3 + [0.9] * 60)
    assert isinstance(began, Began)
    assert isinstance(first, Ended)
    assert isinstance(again, Began)
    assert first.segment.samples.size == 501 * 512
    assert again.start_s == pytest.approx(501 * 0.032)
    assert first.segment.end_s == pytest.approx(again.start_s)


def test_audio_that_was_lost_still_counts_as_time() -> None:
    segmenter = Segmenter()
    segmenter.skip(16_000)
    found = [step for _ in range(3) for step in segmenter.push(np.zeros(512, np.int16), 0.9)]
    assert found == [Began(1.0)]


@pytest.mark.parametrize(
    ("text", "confidence", "voiced_s", "dropped"),
    [
        ("Yes.", 0.8, 0.4, False),
        ("Yes.", 0.8, 0.2, True),
        ("Yes.", 0.4, 2.0, True),
        ("You", 0.77, 1.0, True),
        ("You", 0.95, 1.0, False),
        ("You know it.", 0.7, 0.6, False),
        (" ... ", 0.9, 1.0, True),
    ],
)
def test_words_that_nobody_said_are_dropped(text: str, confidence: float, voiced_s: float, dropped: bool) -> None:
    assert is_phantom(Hearing(text, confidence), voiced_s) is dropped


def test_a_decoder_in_a_loop_is_stopped_and_one_copy_kept() -> None:
    assert _without_runaway([5, 6, 7, *[8, 9] * 8]) == [5, 6, 7, 8, 9]
    assert _without_runaway([5, 6, *[8, 9] * 7]) is None
