"""Notices what a segment says, by the one stretch of it that is least like harmless talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.ids import InsightId, uuid7
from domain.insight import Insight
from domain.nudge import NudgeKind
from domain.transcript import ParticipantRole, Segment
from intelligence.detectors.classifier import Classifier
from intelligence.detectors.topics import Topic
from intelligence.embedding import DeepEmbedder
from intelligence.sentences import LEAST_WORDS, clauses_of, stretches_of
from intelligence.window import Heard

STRETCH_SHARE = 0.7
"""Against the whole segment, in judging the kind."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    most_harmless: float  # probability of harmless talk in the stretch above which nothing is noticed
    least: float  # probability of the kind, in stretch and segment together, below which nothing is noticed


BARS = {
    ParticipantRole.PROSPECT: Bar(most_harmless=0.2, least=0.32),
    ParticipantRole.REP: Bar(most_harmless=0.25, least=0.6),
}
"""Source: a sweep with `benchmarks.nudges` (2026-11-21). A rep hears about their own words only when it is clear."""


EARLY_BAR = Bar(most_harmless=0.1, least=0.65)
"""For words of a prospect who is still speaking, since a sentence may take back what it began with; two looks in a row
must agree. Source: a sweep over prefixes (2026-11-21): one nudge in six comes early, by 9 words in the median; recall,
precision and traps stay as they are, within one nudge.
"""


class WordsDetector:
    def __init__(
        self, topics: Mapping[str, Topic], classifiers: Mapping[str, Classifier], embedder: DeepEmbedder
    ) -> None:
        self._topics = topics
        self._classifiers = {role: classifiers[role.value] for role in BARS}
        self._embedder = embedder

    def notice(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
        """At most one insight. Takes about 4 ms a sentence; twice to three times that when something is noticed."""
        return self._above(BARS[segment.role], segment) if segment.role in BARS else []

    def glimpse(self, segment: Segment) -> list[Insight]:
        return self._above(EARLY_BAR, segment)

    def _above(self, bar: Bar, segment: Segment) -> list[Insight]:
        if len(segment.text.split()) < LEAST_WORDS:
            return []
        classifier, stretches = self._classifiers[segment.role], stretches_of(segment.text)
        rows = self._shares(classifier, stretches)
        harmless_by_row = rows[:, classifier.is_harmless].sum(axis=1)
        best, harmless = int(harmless_by_row.argmin()), float(harmless_by_row.min())
        if harmless > bar.most_harmless:
            return []
        shares = rows[best]
        if len(stretches) > 1:  # the whole segment knows what the stretch is said about
            whole = self._shares(classifier, [segment.text.strip()])[0]
            shares = STRETCH_SHARE * shares + (1 - STRETCH_SHARE) * whole
        kinds = kind_shares(classifier, shares)
        kind = max(kinds, key=lambda kind: kinds[kind])
        if kinds[kind] < bar.least:
            return []
        topic = self._topics[likeliest_topic(classifier, shares, kind)]
        quote = stretches[best]
        return [
            Insight(
                insight_id=InsightId(uuid7()),
                kind=topic.kind,
                topic=topic.topic,
                objection=topic.objection,
                segment_id=segment.segment_id,
                quote=quote,
                trigger=self._trigger(classifier, quote, topic),
                confidence=round(min(1.0, kinds[kind]), 3),
                reasons=(
                    f"sounds like {topic.topic.replace('_', ' ')}: {shares[label_of(classifier, topic)]:.2f}",
                    f"{kind.value.replace('_', ' ')} in all: {kinds[kind]:.2f}",
                    f"harmless talk: {harmless:.2f}",
                ),
            )
        ]

    def _shares(self, classifier: Classifier, texts: list[str]) -> NDArray[np.float32]:
        return classifier.probabilities(self._embedder.embed_deep(texts), texts)

    def _trigger(self, classifier: Classifier, quote: str, topic: Topic) -> str:
        """The clause of the quote that speaks most for the topic."""
        clauses = clauses_of(quote)
        if len(clauses) == 1:
            return clauses[0]
        column = self._shares(classifier, clauses)[:, label_of(classifier, topic)]
        return clauses[int(column.argmax())]


def kind_shares(classifier: Classifier, shares: NDArray[np.float32]) -> dict[NudgeKind, float]:
    """The sum over its topics for each kind that the classifier knows."""
    kinds: dict[NudgeKind, float] = {}
    for label, share, is_harmless in zip(classifier.labels, shares, classifier.is_harmless, strict=True):
        if not is_harmless:
            kind = NudgeKind(label.split("/")[0])
            kinds[kind] = kinds.get(kind, 0.0) + float(share)
    return kinds


def likeliest_topic(classifier: Classifier, shares: NDArray[np.float32], kind: NudgeKind) -> str:
    of_kind = [at for at, label in enumerate(classifier.labels) if label.startswith(f"{kind.value}/")]
    return classifier.labels[max(of_kind, key=lambda at: shares[at])].split("/")[1]


def label_of(classifier: Classifier, topic: Topic) -> int:
    return classifier.labels.index(f"{topic.kind.value}/{topic.topic}")
