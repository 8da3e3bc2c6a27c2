import numpy as np
import pytest

from providers.local.end_of_turn import EndOfTurn
from tests.providers.sound import over_noise, silence, spoken

pytestmark = pytest.mark.unit

COMPLETE = "My brother runs the yard and he signs everything."


async def test_a_complete_sentence_is_likelier_the_end_than_one_that_breaks_off() -> None:
    model = EndOfTurn()
    whole = spoken(COMPLETE)
    cut = whole[: whole.size * 3 // 5]
    done = await model.probability(over_noise(whole, silence(0.35)))
    unfinished = await model.probability(over_noise(cut, silence(0.35)))
    assert done > 0.6
    assert done > unfinished + 0.2


async def test_digital_silence_after_a_sentence_does_not_hide_its_end() -> None:
    assert await EndOfTurn().probability(np.concatenate([spoken(COMPLETE), silence(0.35)])) > 0.6


async def test_very_little_audio_is_enough_for_an_answer() -> None:
    assert 0.0 <= await EndOfTurn().probability(silence(0.1)) <= 1.0
