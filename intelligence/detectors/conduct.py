"""Notices how a rep talks, from who said what before: monologues, and going on past a problem."""

from collections.abc import Sequence

from domain.ids import InsightId, uuid7
from domain.insight import Insight
from domain.nudge import NudgeKind
from domain.transcript import ParticipantRole, Segment
from intelligence.sentences import LEAST_WORDS, stretches_of
from intelligence.window import Heard

MONOLOGUE_MS = 75_000
"""So long a rep may talk before it is a lecture. Ours: about a minute of explanation, and a sentence."""

PAINS = frozenset({"unquantified_pain", "anger", "churn_threat", "broken_promise"})
PITCH_WORDS = 25
"""Fewer are an answer or a transition, not a pitch."""

CARING = frozenset("sorry understand hear sounds awful right frustrating apologise apologize acknowledge".split())


class ConductDetector:
    def notice(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
        if segment.role is not ParticipantRole.REP:
            return []
        return [*self._monologue(segment, heard), *self._over_pain(segment, heard)]

    def glimpse(self, segment: Segment) -> list[Insight]:
        """How somebody talks shows at the end."""
        return []

    def _monologue(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
        begin_ms = uninterrupted_since_ms(segment, heard)
        lasted_ms = segment.end_ms - begin_ms
        if lasted_ms < MONOLOGUE_MS or segment.text.rstrip().endswith("?"):
            return []
        return [noticed(segment, "monologue", 0.9, f"nobody else has spoken for {lasted_ms // 1000} s")]

    def _over_pain(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
        if not heard or heard[-1].segment.role is not ParticipantRole.PROSPECT:
            return []
        pain = next((insight for insight in heard[-1].insights if insight.topic in PAINS), None)
        words = [word.strip(".,?!;:").lower() for word in segment.text.split()]
        if pain is None or len(words) < PITCH_WORDS or "?" in segment.text or CARING & set(words):
            return []
        return [noticed(segment, "over_pain", 0.6, f"they had just said: {pain.quote}", "no question and no sympathy")]


def uninterrupted_since_ms(segment: Segment, heard: Sequence[Heard]) -> int:
    """When this person began to talk; a word or two of somebody else ("Mhm.") is no interruption."""
    since_ms = segment.start_ms
    for before in reversed(heard):
        if before.segment.identity == segment.identity:
            since_ms = before.segment.start_ms
        elif len(before.segment.text.split()) >= LEAST_WORDS:
            return since_ms
    return since_ms


def noticed(segment: Segment, topic: str, confidence: float, *reasons: str) -> Insight:
    quote = stretches_of(segment.text)[-1]
    return Insight(
        insight_id=InsightId(uuid7()),
        kind=NudgeKind.WARNING,
        topic=topic,
        segment_id=segment.segment_id,
        quote=quote,
        trigger=quote,
        confidence=confidence,
        reasons=reasons,
    )
