import pytest

from agent.floor import UNFINISHED_SILENCE_MS, Floor, is_backchannel, silence_ms
from domain.ids import Identity

pytestmark = pytest.mark.unit

ANNA, BEN = Identity("prospect-anna"), Identity("prospect-ben")


def test_the_turn_is_nobodys_until_somebody_has_spoken() -> None:
    assert Floor().turn_ends_at_ms() is None


def test_the_turn_ends_a_moment_after_somebody_who_sounds_done() -> None:
    floor = Floor()
    floor.speech_started(ANNA, 1000)
    assert floor.turn_ends_at_ms() is None
    floor.said(ANNA, "We have twelve shops.", 0.9, 3000)
    ends = floor.turn_ends_at_ms()
    assert ends is not None
    assert 3000 < ends < 3500


def test_somebody_who_breaks_off_keeps_the_floor_longer() -> None:
    assert silence_ms("We have twelve shops and", 0.9) == UNFINISHED_SILENCE_MS
    assert silence_ms("I was wondering if you could.", 0.9) == UNFINISHED_SILENCE_MS
    assert silence_ms("Yes, I would.", 0.9) < UNFINISHED_SILENCE_MS
    assert silence_ms("We have twelve shops.", 0.9) < silence_ms("We have twelve shops.", 0.1) < UNFINISHED_SILENCE_MS


def test_nobodys_turn_ends_while_another_still_speaks() -> None:
    floor = Floor()
    floor.speech_started(ANNA, 0)
    floor.speech_started(BEN, 500)
    floor.said(ANNA, "Twelve.", 0.9, 1000)
    assert floor.turn_ends_at_ms() is None
    floor.said(BEN, "Thirteen, in fact.", 0.9, 2000)
    assert floor.take_turn() == "Twelve. Thirteen, in fact."


def test_a_sound_without_words_puts_the_turn_off_and_does_not_lose_it() -> None:
    floor = Floor()
    floor.said(ANNA, "Twelve.", 0.9, 1000)
    floor.speech_started(BEN, 1100)
    assert floor.turn_ends_at_ms() is None
    floor.speech_ended(BEN, 1600)
    assert floor.turn_ends_at_ms() == 1600
    assert floor.take_turn() == "Twelve."
    assert floor.take_turn() == ""


def test_somebody_who_leaves_in_the_middle_does_not_hold_the_floor() -> None:
    floor = Floor()
    floor.said(ANNA, "Twelve.", 0.9, 1000)
    floor.speech_started(BEN, 1100)
    floor.left(BEN)
    assert floor.turn_ends_at_ms() is not None


@pytest.mark.parametrize("nod", ["Mm-hmm.", "Yeah.", "Okay, right.", "I see."])
def test_the_agent_talks_on_over_a_nod(nod: str) -> None:
    floor = Floor()
    floor.speech_started(ANNA, 0)
    assert is_backchannel(nod)
    assert not floor.should_yield(nod, 400)


def test_the_agent_yields_to_words_and_to_anybody_who_goes_on() -> None:
    floor = Floor()
    assert not floor.should_yield("Sorry, one question", 0)
    floor.speech_started(ANNA, 0)
    assert floor.should_yield("Sorry, one question", 300)
    assert not floor.should_yield("yeah", 900)
    assert floor.should_yield("yeah", 1300)
