from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import InsightId, SegmentId, uuid7
from domain.insight import Insight
from domain.nudge import NudgeKind
from intelligence.detectors import topics
from intelligence.detectors.topics import MOST_SLOT_WORDS, Topic
from intelligence.nudging import LEAST_GAP_MS, MINUTE_MS, MOST_A_MINUTE, SAME_TOPIC_MS, Decision, Governor

pytestmark = pytest.mark.unit

URGENCY = {"anger": 3, "price": 2, "timing": 2, "ask_price": 1, "vague": 0}
TOPICS = {
    name: Topic(
        topic=name,
        kind=NudgeKind.WARNING if urgency == 3 else NudgeKind.OBJECTION_RESPONSE,
        urgency=urgency,
        title=name.title(),
        message="Ask about {words}.",
        objection=None,
    )
    for name, urgency in URGENCY.items()
}


def noticed(topic: str, confidence: float = 0.6) -> Insight:
    return Insight(
        insight_id=InsightId(uuid7()),
        kind=NudgeKind.OBJECTION_RESPONSE,
        topic=topic,
        segment_id=SegmentId(uuid7()),
        quote="Well, it is too expensive.",
        trigger="it is too expensive.",
        confidence=confidence,
        reasons=("sounds like price: 0.60",),
    )


def topics_shown(decisions: list[Decision]) -> list[str]:
    return [decision.insight.topic for decision in decisions if decision.nudge]


def test_a_nudge_says_what_it_rests_on_and_uses_the_words() -> None:
    insight = noticed("price")
    (decision,) = Governor(TOPICS).decide([insight], 1_000)
    nudge = decision.nudge
    assert nudge is not None
    assert (nudge.segment_id, nudge.quote, nudge.trigger) == (insight.segment_id, insight.quote, insight.trigger)
    assert nudge.message == "Ask about “it is too expensive”."
    assert nudge.reasons == insight.reasons
    assert nudge.expires_after_ms == 15_000


def test_words_too_many_for_a_glance_stay_in_the_quote() -> None:
    trigger = " ".join(["word"] * (MOST_SLOT_WORDS + 1))
    assert TOPICS["price"].message_about(trigger) == "Ask about that."


def test_of_several_at_once_the_most_urgent_is_shown_and_the_others_say_why_not() -> None:
    decisions = Governor(TOPICS).decide([noticed("vague", 0.9), noticed("ask_price", 0.8), noticed("price", 0.5)], 0)
    assert topics_shown(decisions) == ["price"]
    assert [decision.reason for decision in decisions] == ["shown", "one at a time", "one at a time"]


def test_among_equals_the_surer_is_shown() -> None:
    assert topics_shown(Governor(TOPICS).decide([noticed("price", 0.5), noticed("timing", 0.7)], 0)) == ["timing"]


@pytest.mark.parametrize(("later_ms", "is_shown"), [(SAME_TOPIC_MS - 1, False), (SAME_TOPIC_MS, True)])
def test_the_same_topic_comes_again_only_after_a_minute_and_a_half(later_ms: int, is_shown: bool) -> None:
    governor = Governor(TOPICS)
    governor.decide([noticed("price")], 5_000)
    (again,) = governor.decide([noticed("price", 0.99)], 5_000 + later_ms)
    assert again.reason == ("shown" if is_shown else "said not long ago")
    assert (again.nudge is not None) == is_shown


@pytest.mark.parametrize(("later_ms", "is_shown"), [(LEAST_GAP_MS - 1, False), (LEAST_GAP_MS, True)])
def test_what_is_not_more_urgent_waits_until_the_last_one_has_been_read(later_ms: int, is_shown: bool) -> None:
    governor = Governor(TOPICS)
    governor.decide([noticed("price")], 0)
    assert bool(topics_shown(governor.decide([noticed("timing")], later_ms))) == is_shown


@pytest.mark.parametrize(("first", "then", "is_shown"), [
    ("vague", "price", True), ("price", "anger", True), ("vague", "ask_price", True),
    ("price", "ask_price", False), ("anger", "price", False), ("price", "vague", False),
])  # fmt: skip
def test_what_is_more_urgent_does_not_wait(first: str, then: str, is_shown: bool) -> None:
    governor = Governor(TOPICS)
    governor.decide([noticed(first)], 0)
    assert bool(topics_shown(governor.decide([noticed(then)], 100))) == is_shown


def test_what_was_not_shown_counts_for_nothing() -> None:
    governor = Governor(TOPICS)
    governor.decide([noticed("price")], 0)
    governor.decide([noticed("timing")], 1_000)
    assert topics_shown(governor.decide([noticed("timing")], LEAST_GAP_MS)) == ["timing"]


def test_after_so_many_in_a_minute_only_a_warning_passes() -> None:
    names = [f"price {number}" for number in range(MOST_A_MINUTE + 1)]
    governor = Governor({**TOPICS, **dict.fromkeys(names, TOPICS["price"])})
    for number, name in enumerate(names[:-1]):
        assert topics_shown(governor.decide([noticed(name)], number * LEAST_GAP_MS)) == [name]
    now_ms = MOST_A_MINUTE * LEAST_GAP_MS
    (held,) = governor.decide([noticed(names[-1])], now_ms)
    assert (held.nudge, held.reason) == (None, "enough for this minute")
    assert topics_shown(governor.decide([noticed("anger")], now_ms)) == ["anger"]


@pytest.mark.parametrize(("insight", "reason"), [
    (noticed("weather"), "there is nothing to advise"),
    (replace(noticed("price"), excuse="they had asked for it"), "they had asked for it"),
])  # fmt: skip
def test_what_needs_no_word_is_kept_silent_with_its_reason(insight: Insight, reason: str) -> None:
    (decision,) = Governor(TOPICS).decide([insight], 0)
    assert (decision.nudge, decision.reason) == (None, reason)


@given(st.lists(st.tuples(st.integers(0, 4_000), st.lists(st.sampled_from(sorted(TOPICS)), max_size=4)), max_size=60))
def test_whatever_is_noticed_a_rep_is_never_overrun(steps: list[tuple[int, list[str]]]) -> None:
    governor, now_ms = Governor(TOPICS), 0
    shown: list[tuple[int, str]] = []
    for gap_ms, names in steps:
        now_ms += gap_ms
        decisions = governor.decide([noticed(name) for name in names], now_ms)
        assert len(decisions) == len(names)
        assert len(topics_shown(decisions)) <= 1
        shown += [(now_ms, name) for name in topics_shown(decisions)]
    for (before_ms, before), (after_ms, after) in pairwise(shown):
        assert after_ms - before_ms >= LEAST_GAP_MS or URGENCY[after] > URGENCY[before]
    for name in TOPICS:
        times = [at_ms for at_ms, one in shown if one == name]
        assert all(later - earlier >= SAME_TOPIC_MS for earlier, later in pairwise(times))
    for at_ms, name in shown:
        lately = [other for other_ms, other in shown if 0 < at_ms - other_ms < MINUTE_MS]
        assert len(lately) < MOST_A_MINUTE or URGENCY[name] > min(URGENCY[other] for other in lately)


def test_every_message_of_ours_can_be_read_at_a_glance() -> None:
    for topic in topics.load().values():
        message = topic.message_about(" ".join(["word"] * MOST_SLOT_WORDS))
        assert 0 < len(message.split()) <= 30, topic.topic
        assert 0 < len(topic.title.split()) <= 8, topic.topic
        assert "!" not in message + topic.title, topic.topic
        assert (topic.kind is NudgeKind.OBJECTION_RESPONSE) == (topic.objection is not None), topic.topic


def test_all_nine_kinds_have_topics() -> None:
    assert {topic.kind for topic in topics.load().values()} == set(NudgeKind)
