import numpy as np
import pytest

from providers.local.hibari import SAMPLE_RATE_HZ, HibariTTS, synthesize_pcm
from providers.local.reading import readable

pytestmark = pytest.mark.unit

TEXT = "Thank you for that, Marta. Shall we go on?"


def loud(pcm: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.abs(pcm) > 327)


def test_a_sentence_begins_and_ends_without_long_silence() -> None:
    for text in (TEXT, "Farming is hard.", "She sells shoes."):
        pcm = synthesize_pcm(text, seed=1)
        assert loud(pcm)[0] < 0.08 * SAMPLE_RATE_HZ
        assert pcm.size - loud(pcm)[-1] == pytest.approx(0.06 * SAMPLE_RATE_HZ, abs=10)


def test_sentences_are_parted_by_a_natural_pause() -> None:
    gaps = np.diff(loud(synthesize_pcm(TEXT, seed=1))) / SAMPLE_RATE_HZ
    assert gaps.max() == pytest.approx(0.28, abs=0.01)


def test_equal_seeds_sound_equal_and_others_do_not() -> None:
    assert np.array_equal(synthesize_pcm(TEXT, seed=4), synthesize_pcm(TEXT, seed=4))
    assert not np.array_equal(synthesize_pcm(TEXT, seed=4), synthesize_pcm(TEXT, seed=5))


def test_speed_shortens() -> None:
    assert synthesize_pcm(TEXT, seed=4, speed=1.6).size < 0.8 * synthesize_pcm(TEXT, seed=4).size


def test_nothing_to_say_is_no_sound() -> None:
    assert synthesize_pcm(" … ", seed=1).size == 0


async def test_the_plug_in_says_the_same_at_once_and_word_by_word() -> None:
    tts = HibariTTS(seed=4)
    whole = np.concatenate([np.frombuffer(a.frame.data, np.int16) async for a in tts.synthesize(TEXT)])
    stream = tts.stream()
    for word in TEXT.split(" "):
        stream.push_text(word + " ")
    stream.end_input()
    streamed = np.concatenate([np.frombuffer(a.frame.data, np.int16) async for a in stream])
    assert np.array_equal(whole, synthesize_pcm(TEXT, seed=4))
    assert np.array_equal(streamed, whole)


async def test_a_text_without_words_is_no_error() -> None:
    frames = [audio.frame async for audio in HibariTTS(seed=4).synthesize("…")]
    assert sum(frame.duration for frame in frames) < 0.1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Mail jo.smith@fine-foods.com.", "Mail jo dot smith at fine dash foods dot com."),
        ("Call 07700 900314.", "Call 0 7 7 0 0, 9 0 0 3 1 4."),
        ("£30–35k", "30 to 35 thousand pounds"),
        ("£30k and 10K", "£30 thousand and 10 thousand"),
        ("$5/user/month", "$5 per user per month"),
        ("10%-15%, e.g. 24/7", "10% to 15%, for example 24 7"),
        ("12,000 at 10:30, about 15%, and/or 0.5", "12,000 at 10:30, about 15%, and/or 0.5"),
    ],
)
def test_what_is_written_short_is_read_in_full(written: str, said: str) -> None:
    assert readable(written) == said
