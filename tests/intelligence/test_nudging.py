from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import InsightId, SegmentId, uuid7
from domain.insight import Insight, InsightKind
from domain.nudge import NudgeKind
from intelligence.detectors import prototypes
from intelligence.detectors.prototypes import Advice
from intelligence.nudging import LEAST_GAP_MS, PRIORITY, SAME_TOPIC_MS, Decision, Governor

pytestmark = pytest.mark.unit

TOPICS = {
    "price": InsightKind.OBJECTION,
    "timing": InsightKind.OBJECTION,
    "feature": InsightKind.PRODUCT_QUESTION,
    "waste": InsightKind.PAIN,
}
ADVICE = {
    topic: Advice(nudge_kind=NudgeKind.OBJECTION_RESPONSE, title=topic.title(), message=f"About {topic}.")
    for topic in TOPICS
}


def noticed(topic: str, confidence: float = 0.6) -> Insight:
    return Insight(
        insight_id=InsightId(uuid7()),
        kind=TOPICS.get(topic, InsightKind.OBJECTION),
        topic=topic,
        segment_id=SegmentId(uuid7()),
        quote="It is too expensive.",
        confidence=confidence,
        reasons=("resembles price: 0.60",),
    )


def topics_shown(decisions: list[Decision]) -> list[str]:
    return [decision.insight.topic for decision in decisions if decision.nudge]


def test_a_nudge_says_what_it_rests_on() -> None:
    insight = noticed("price")
    (decision,) = Governor(ADVICE).decide([insight], 1_000)
    assert decision.nudge is not None
    assert decision.nudge.segment_id == insight.segment_id
    assert decision.nudge.quote == insight.quote
    assert decision.nudge.reasons == insight.reasons
    assert decision.nudge.expires_after_ms == 15_000


def test_of_several_at_once_the_most_urgent_is_shown_and_the_others_say_why_not() -> None:
    decisions = Governor(ADVICE).decide([noticed("waste", 0.9), noticed("feature", 0.8), noticed("price", 0.5)], 0)
    assert topics_shown(decisions) == ["price"]
    assert [decision.reason for decision in decisions] == ["shown", "one at a time", "one at a time"]


def test_among_equals_the_surer_is_shown() -> None:
    assert topics_shown(Governor(ADVICE).decide([noticed("price", 0.5), noticed("timing", 0.7)], 0)) == ["timing"]


@pytest.mark.parametrize(("later_ms", "is_shown"), [(SAME_TOPIC_MS - 1, False), (SAME_TOPIC_MS, True)])
def test_the_same_topic_comes_again_only_after_a_minute_and_a_half(later_ms: int, is_shown: bool) -> None:
    governor = Governor(ADVICE)
    governor.decide([noticed("price")], 5_000)
    (again,) = governor.decide([noticed("price", 0.99)], 5_000 + later_ms)
    assert (again.nudge is not None) == is_shown
    assert again.reason == ("shown" if is_shown else "said not long ago")


@pytest.mark.parametrize(("later_ms", "is_shown"), [(LEAST_GAP_MS - 1, False), (LEAST_GAP_MS, True)])
def test_what_is_not_more_urgent_waits_until_the_last_one_has_been_read(later_ms: int, is_shown: bool) -> None:
    governor = Governor(ADVICE)
    governor.decide([noticed("price")], 0)
    (next_one,) = governor.decide([noticed("timing")], later_ms)
    assert (next_one.nudge is not None) == is_shown


@pytest.mark.parametrize(("first", "then", "is_shown"), [
    ("waste", "price", True), ("feature", "price", True), ("waste", "feature", True),
    ("price", "feature", False), ("price", "waste", False), ("feature", "waste", False),
])  # fmt: skip
def test_what_is_more_urgent_does_not_wait(first: str, then: str, is_shown: bool) -> None:
    governor = Governor(ADVICE)
    governor.decide([noticed(first)], 0)
    assert bool(topics_shown(governor.decide([noticed(then)], 100))) == is_shown


def test_what_was_not_shown_counts_for_nothing() -> None:
    governor = Governor(ADVICE)
    governor.decide([noticed("price")], 0)
    governor.decide([noticed("timing")], 1_000)
    assert topics_shown(governor.decide([noticed("timing")], LEAST_GAP_MS)) == ["timing"]


def test_what_nobody_has_advice_for_is_kept_silent() -> None:
    (decision,) = Governor(ADVICE).decide([noticed("weather")], 0)
    assert (decision.nudge, decision.reason) == (None, "there is nothing to advise")


@given(st.lists(st.tuples(st.integers(0, 4_000), st.lists(st.sampled_from(sorted(TOPICS)), max_size=4)), max_size=60))
def test_whatever_is_noticed_a_rep_is_never_overrun(steps: list[tuple[int, list[str]]]) -> None:
    governor, now_ms = Governor(ADVICE), 0
    shown: list[tuple[int, str]] = []
    for gap_ms, topics in steps:
        now_ms += gap_ms
        insights = [noticed(topic) for topic in topics]
        decisions = governor.decide(insights, now_ms)
        assert len(decisions) == len(insights)
        assert len(topics_shown(decisions)) <= 1
        shown += [(now_ms, topic) for topic in topics_shown(decisions)]
    for (before_ms, before), (after_ms, after) in pairwise(shown):
        assert after_ms - before_ms >= LEAST_GAP_MS or PRIORITY[TOPICS[after]] > PRIORITY[TOPICS[before]]
    for topic in TOPICS:
        times = [at_ms for at_ms, one in shown if one == topic]
        assert all(later - earlier >= SAME_TOPIC_MS for earlier, later in pairwise(times))


def test_every_message_of_ours_is_at_most_thirty_words_and_every_family_can_be_told_apart() -> None:
    families = prototypes.load()
    for family in families:
        assert (family.advice is None) == (family.insight_kind is None), family.topic
        if family.advice:
            assert 0 < len(family.advice.message.split()) <= 30, family.topic
            assert 0 < len(family.advice.title.split()) <= 8, family.topic
        assert len(family.examples) >= 2, family.topic
    assert len({family.topic for family in families}) == len(families)
    assert any(family.insight_kind is None for family in families)
    examples = [example for family in families for example in family.examples]
    assert len({example.lower() for example in examples}) == len(examples)
