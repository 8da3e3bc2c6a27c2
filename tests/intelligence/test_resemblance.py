"""The detector with the real embeddings: what is noticed in sentences that stand in no list of examples."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.insight import Insight, InsightKind
from domain.transcript import ParticipantRole
from intelligence.detection import Detection
from intelligence.detectors import prototypes
from intelligence.detectors.resemblance import ResemblanceDetector, looks_like_question
from intelligence.sentences import sentences_of
from providers.local.minilm import MiniLM
from tests.sample import a_segment

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def detector() -> ResemblanceDetector:
    return ResemblanceDetector(prototypes.load(), MiniLM())


def first(detector: ResemblanceDetector, text: str) -> Insight:
    found = detector.notice(a_segment(text))
    assert found, f"nothing was noticed in {text!r}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "kind", "topic"),
    [
        ("That is too much money for a shop like ours.", InsightKind.OBJECTION, "price"),
        ("We are already talking to another vendor about this.", InsightKind.OBJECTION, "competitor"),
        ("We could maybe look at it again next year.", InsightKind.OBJECTION, "timing"),
    ],
)
def test_an_objection_in_new_words_is_noticed_with_its_topic(
    detector: ResemblanceDetector, text: str, kind: InsightKind, topic: str
) -> None:
    insight = first(detector, text)
    assert (insight.kind, insight.topic) == (kind, topic)


def test_every_example_of_an_insight_is_noticed_for_what_it_is_more_often_than_not(
    detector: ResemblanceDetector,
) -> None:
    families = [family for family in prototypes.load() if family.insight_kind is not None]
    for family in families:
        noticed = [detector.notice(a_segment(example)) for example in family.examples]
        right = sum(any(insight.topic == family.topic for insight in found) for found in noticed)
        assert right / len(noticed) > 0.5, f"{family.topic}: {right} of {len(noticed)}"


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "Yeah.", "Okay then.", "...", "?", "🙂🙂🙂", "Good morning, nice to meet you.",
        "The weather is lovely here today.", "Thanks a lot, have a nice weekend.",
    ],
)  # fmt: skip
def test_small_talk_and_noise_are_left_alone(detector: ResemblanceDetector, text: str) -> None:
    assert detector.notice(a_segment(text)) == []


def test_of_a_long_turn_the_sentence_it_rests_on_is_quoted_and_each_kind_comes_once(
    detector: ResemblanceDetector,
) -> None:
    text = "We had a lovely summer. That is too expensive for a company of our size. It is double what we spend today."
    found = detector.notice(a_segment(text))
    assert len({insight.kind for insight in found}) == len(found)
    assert [insight.confidence for insight in found] == sorted((i.confidence for i in found), reverse=True)
    objection = next(insight for insight in found if insight.kind is InsightKind.OBJECTION)
    assert objection.quote in text
    assert objection.quote in sentences_of(text)
    assert 0 <= objection.confidence <= 1
    assert len(objection.reasons) >= 2


def test_only_what_prospects_say_is_looked_at(detector: ResemblanceDetector) -> None:
    detection = Detection([detector])
    text = "That is too expensive for a company of our size."
    assert detection.notice(a_segment(text, role=ParticipantRole.PROSPECT))
    for role in (ParticipantRole.REP, ParticipantRole.MANAGER, ParticipantRole.AGENT):
        assert detection.notice(a_segment(text, role=role)) == []


class Blind:
    """Sees the same in everything."""

    def embed(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(sentences), 4), 0.5, np.float32)


def test_what_resembles_harmless_talk_as_much_as_anything_else_is_left_alone() -> None:
    detector = ResemblanceDetector(prototypes.load(), Blind())
    assert detector.notice(a_segment("This is a sentence of some words.")) == []


@pytest.mark.parametrize(
    ("sentence", "is_question"),
    [("Can it do that", True), ("It can do that?", True), ("Does, it work", True), ("It can do that.", False)],
)
def test_a_question_is_known_by_its_mark_or_its_first_word(sentence: str, is_question: bool) -> None:
    assert looks_like_question(sentence) == is_question
