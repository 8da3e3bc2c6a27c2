"""Whole calls with the real embeddings: our own labelled ones, and those in which hardly anything is said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.review import call_of, segments_of
from domain.call import Call, CallKind, Switches
from domain.ids import OrganizationId, uuid7
from domain.lead import LeadStatus
from domain.people import UserRole
from domain.review import Claim, Level, ObjectionType, Priority, Qualification, Review, lead_status_after
from domain.transcript import ParticipantRole, Segment, SegmentSource
from intelligence.reviewing import Reviewer
from parley.stage.script import Script, load
from providers.local.minilm import MiniLM
from tests.sample import a_call, a_segment, a_user

pytestmark = pytest.mark.unit

SCRIPTS = [load(path) for path in sorted((Path(__file__).parent / "calls").glob("*.json"))]


@pytest.fixture(scope="module")
def reviewer() -> Reviewer:
    return Reviewer(MiniLM())


@pytest.fixture(scope="module")
def call() -> Call:
    return a_call(a_user(OrganizationId(uuid7()), UserRole.REP))


def claims_of(review: Review) -> Iterator[Claim]:
    yield from (
        *review.pain_points, *review.buying_signals, *review.objections, *review.decision_makers, *review.competitors,
        *review.next_steps, *review.upsells, *review.coaching_moments,
    )  # fmt: skip
    yield from (claim for claim in (review.budget, review.timeline) if claim)


def must_be_sound(review: Review, segments: list[Segment]) -> None:
    texts = {segment.segment_id: segment for segment in segments}
    for claim in claims_of(review):
        segment = texts[claim.segment_id]
        assert claim.quote
        assert claim.quote in segment.text
        assert (claim.name, claim.start_ms) == (segment.name, segment.start_ms)
        assert claim.text.strip()
        assert len(claim.text.split()) <= 22
        assert len(claim.quote.split()) <= 25, "a quote is a clause, not a monologue"
    assert 0 <= review.lead_score <= 100
    assert review.lead_score == 50 + sum(reason.points for reason in review.score_reasons)
    assert 1 <= len(review.summary) <= 5


@pytest.mark.parametrize("as_heard", [False, True], ids=["written", "without marks"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.id))
def test_every_claim_rests_on_words_and_every_point_has_its_reason(
    reviewer: Reviewer, script: Script, as_heard: bool
) -> None:
    segments = segments_of(script, as_heard=as_heard)
    review = reviewer.review(call_of(script), segments)
    must_be_sound(review, segments)
    assert review == reviewer.review(call_of(script), segments)


def test_most_of_our_own_calls_are_judged_as_their_author_judged_them(reviewer: Reviewer) -> None:
    qualified = priority = 0
    for script in SCRIPTS:
        review = reviewer.review(call_of(script), segments_of(script, as_heard=False))
        wanted = script.labels["analysis"]
        qualified += review.qualification == wanted["qualification_status"]
        priority += review.follow_up_priority == wanted["follow_up_priority"]
    assert qualified / len(SCRIPTS) >= 0.6
    assert priority / len(SCRIPTS) >= 0.6


def test_a_call_in_which_nobody_speaks_has_no_claims(reviewer: Reviewer, call: Call) -> None:
    review = reviewer.review(call, [])
    must_be_sound(review, [])
    assert list(claims_of(review)) == []
    assert (review.qualification, review.engagement) == (Qualification.NEEDS_FOLLOW_UP, Level.LOW)
    assert review.summary == ("Discovery call in which no guest said anything.",)
    assert review.sentiment is None


def test_what_only_the_agent_says_is_no_claim_about_the_buyer(reviewer: Reviewer, call: Call) -> None:
    words = "Hello, this is Nova. Is the price too high for you, and who decides?"
    segments = [a_segment(words, role=ParticipantRole.AGENT, source=SegmentSource.AGENT, name="Nova")]
    review = reviewer.review(call, segments)
    must_be_sound(review, segments)
    assert list(claims_of(review)) == []


@pytest.mark.parametrize("text", ["Yeah.", "…", "um", "?!", "🙂", "a" * 2000, "word " * 400])
def test_next_to_nothing_is_said_to_be_next_to_nothing(reviewer: Reviewer, call: Call, text: str) -> None:
    segments = [a_segment(text)]
    review = reviewer.review(call, segments)
    must_be_sound(review, segments)
    assert review.budget is None
    assert review.timeline is None


def test_a_customer_who_threatens_to_leave_is_urgent(reviewer: Reviewer, call: Call) -> None:
    segments = [
        a_segment("The system has been down since Monday and nobody called me back, this is ridiculous."),
        a_segment("We'll look it up for you.", role=ParticipantRole.REP, name="Ada Lee", start_ms=4_000),
        a_segment("If it isn't fixed by tomorrow we are cancelling the contract.", start_ms=9_000),
    ]
    review = reviewer.review(call, segments)
    assert review.follow_up_priority is Priority.URGENT
    assert review.sentiment is not None
    assert review.sentiment < 0
    assert any("may leave" in reason.text for reason in review.score_reasons)


def test_an_objection_has_its_type_and_the_words_it_rests_on(reviewer: Reviewer, call: Call) -> None:
    segments = [a_segment("We had a look at it. To be honest, that is far too expensive for a company like ours.")]
    review = reviewer.review(call, segments)
    assert [objection.type for objection in review.objections] == [ObjectionType.PRICE]
    assert "too expensive" in review.objections[0].quote
    assert "We had a look" not in review.objections[0].quote


def test_a_discount_nobody_asked_for_is_a_coaching_moment_with_better_words(reviewer: Reviewer, call: Call) -> None:
    rep = {"role": ParticipantRole.REP, "name": "Ada Lee"}
    segments = [
        a_segment("We are looking for something that plans our drivers."),
        a_segment("Sure. I can give you twenty percent off if that helps.", start_ms=4_000, **rep),
    ]
    moments = reviewer.review(replace(call, kind=CallKind.ASSISTED), segments).coaching_moments
    assert [moment.segment_id for moment in moments] == [segments[1].segment_id]
    assert moments[0].better


def test_sentiment_is_left_out_of_a_call_that_wants_none(reviewer: Reviewer, call: Call) -> None:
    quiet = replace(call, switches=Switches(sentiment=False))
    assert reviewer.review(quiet, [a_segment("That is great, I love it, thank you so much.")]).sentiment is None


def test_a_customer_stays_a_customer() -> None:
    assert lead_status_after(LeadStatus.CUSTOMER, Qualification.UNQUALIFIED) is LeadStatus.CUSTOMER
    assert lead_status_after(LeadStatus.NEW, Qualification.QUALIFIED) is LeadStatus.QUALIFIED
