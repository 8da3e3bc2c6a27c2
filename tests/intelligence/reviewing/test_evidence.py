"""No claim without words that stand in its segment."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.review import Level, Priority, Qualification
from domain.transcript import Segment
from intelligence.reviewing.evidence import (
    ClaimDraft,
    CoachingDraft,
    ReviewDraft,
    ScoreReasonDraft,
    UpsellDraft,
    review_of,
    standing,
)
from tests.sample import a_segment

pytestmark = pytest.mark.unit

TEXTS = (
    "We lose two days, every single week.",
    "And the vans stand still.",
    "Nobody’s told us why the vans stand still.",
)


def segments() -> list[Segment]:
    return [a_segment(text, start_ms=number * 1000) for number, text in enumerate(TEXTS)]


def draft(*claims: ClaimDraft, points: Sequence[int] = ()) -> ReviewDraft:
    return ReviewDraft(
        summary=("A call.",) * 7,
        qualification=Qualification.QUALIFIED,
        qualification_reason="Because.",
        score_reasons=tuple(ScoreReasonDraft(points=n, text=str(n), segment=99) for n in points),
        pain_points=claims,
        engagement=Level.HIGH,
        follow_up_priority=Priority.HIGH,
    )


@pytest.mark.parametrize(
    "quote", ["two days, every single week", "TWO DAYS EVERY SINGLE WEEK", "  two   days\nevery — single week!"]
)
def test_a_quote_may_differ_in_case_marks_and_spaces_and_is_kept_as_it_stands(quote: str) -> None:
    assert standing(quote, TEXTS[0]) == "two days, every single week"


@pytest.mark.parametrize("quote", ["", "...", "two weeks", "wee", "lose days", "week every"])
def test_words_that_do_not_stand_there_are_no_quote(quote: str) -> None:
    assert standing(quote, TEXTS[0]) is None


def test_an_apostrophe_of_another_kind_is_the_same_word() -> None:
    assert standing("nobody's told us", TEXTS[2]) == "Nobody’s told us"


@given(st.text(min_size=1, max_size=80), st.data())
def test_what_stands_somewhere_is_found_there(text: str, data: st.DataObject) -> None:
    words = text.split()
    if words:
        first = data.draw(st.integers(0, len(words) - 1))
        quote = standing(words[first], text)
        assert quote is None or quote in text


def test_a_claim_without_evidence_is_not_made() -> None:
    good = ClaimDraft(text="Loses two days", segment=0, quote="two days")
    invented = ClaimDraft(text="Loses money", segment=0, quote="we lose a fortune each month")
    elsewhere = ClaimDraft(text="Is out of range", segment=7, quote="the vans")
    review = review_of(draft(good, invented, elsewhere), segments(), made_by="test")
    assert [claim.text for claim in review.pain_points] == ["Loses two days"]
    assert review.pain_points[0].quote in TEXTS[0]
    assert review.made_by == "test"


def test_a_wrong_number_is_put_right_when_the_words_stand_in_one_segment_only() -> None:
    there = segments()
    long_enough = ClaimDraft(text="Asked", segment=0, quote="told us why the vans")
    in_two = ClaimDraft(text="Vans", segment=0, quote="the vans stand still")
    review = review_of(draft(long_enough, in_two), there, made_by="test")
    assert [claim.segment_id for claim in review.pain_points] == [there[2].segment_id]
    assert review.pain_points[0].start_ms == 2000


@pytest.mark.parametrize(("points", "score"), [((), 50), ((20, -5), 65), ((40, 40), 100), ((-80,), 0), ((0,), 50)])
def test_the_reasons_add_up_to_the_score(points: tuple[int, ...], score: int) -> None:
    review = review_of(draft(points=points), segments(), made_by="test")
    assert review.lead_score == score == 50 + sum(reason.points for reason in review.score_reasons)
    weights = [abs(reason.points) for reason in review.score_reasons]
    assert weights == sorted(weights, reverse=True)
    assert all(reason.segment_id is None for reason in review.score_reasons)


def test_texts_and_numbers_are_kept_within_their_bounds() -> None:
    claim = ClaimDraft(text="word " * 30, segment=0, quote="two days")
    plan = replace(
        draft(claim),
        sentiment=-3.0,
        upsells=(UpsellDraft(text="x", segment=0, quote="two days", type="plan", confidence=7.0),),
        coaching_moments=(CoachingDraft(text="x", segment=0, quote="gone", category="rapport", better=None),),
    )
    review = review_of(plan, segments(), made_by="test")
    assert len(review.pain_points[0].text.split()) <= 21
    assert (review.sentiment, review.upsells[0].confidence, review.coaching_moments) == (-1.0, 1.0, ())
    assert len(review.summary) == 5
