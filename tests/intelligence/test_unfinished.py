import pytest

from domain.ids import Identity, SegmentId, uuid7
from domain.transcript import Segment
from intelligence.unfinished import Unfinished
from tests.sample import a_segment

pytestmark = pytest.mark.unit

FIRST = SegmentId(uuid7())


def heard(text: str, *, who: str = "prospect-1", segment_id: SegmentId = FIRST) -> Segment:
    return a_segment(text, identity=Identity(who), segment_id=segment_id)


def texts(*hearings: Segment) -> list[str | None]:
    unfinished = Unfinished()
    settled = [unfinished.settled(one) for one in hearings]
    return [one.text if one else None for one in settled]


def test_words_stay_when_two_hearings_agree_on_them() -> None:
    assert texts(
        heard("Honestly, that sounds to"),
        heard("Honestly that sounds too expensive for."),
        heard("Honestly, that sounds too expensive for a team"),
    ) == [None, None, "Honestly, that sounds too expensive for"]


def test_what_has_been_looked_at_is_not_worth_another_look_until_there_is_more() -> None:
    five = "that sounds too expensive for"
    assert texts(heard(five), heard(five), heard(five + " a"), heard(five + " a team"), heard(five + " a team of")) == [
        None,
        five,
        None,
        None,
        five + " a team",
    ]


def test_too_few_words_say_nothing() -> None:
    assert texts(heard("That is too"), heard("That is too")) == [None, None]


def test_a_new_segment_and_another_person_begin_anew() -> None:
    words = "that sounds too expensive for us"
    unfinished = Unfinished()
    unfinished.settled(heard(words))
    assert unfinished.settled(heard(words, segment_id=SegmentId(uuid7()))) is None
    assert unfinished.settled(heard(words, who="prospect-2")) is None


def test_everything_but_the_words_is_as_it_was_heard() -> None:
    unfinished, segment = Unfinished(), heard("that sounds too expensive for us")
    unfinished.settled(segment)
    assert unfinished.settled(segment) == segment
