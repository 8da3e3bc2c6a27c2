"""From insight to nudge or silence: one at a time, never the same twice in a row, and the reason is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.ids import NudgeId, uuid7
from domain.insight import Insight, InsightKind
from domain.nudge import NUDGE_LIFETIME_MS, Nudge
from intelligence.detectors.prototypes import Advice

LEAST_GAP_MS = 6_000
"""A rep reads a card in about this time; a new one before that replaces what is being read."""

SAME_TOPIC_MS = 90_000

PRIORITY = {InsightKind.OBJECTION: 2, InsightKind.PRODUCT_QUESTION: 1, InsightKind.PAIN: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    insight: Insight
    nudge: Nudge | None  # None: silence
    reason: str


class Governor:
    """Remembers what was shown when. Times are the call's, in ms, handed in."""

    def __init__(self, advice: Mapping[str, Advice]) -> None:
        self._advice = advice
        self._last_shown_ms: int | None = None
        self._last_priority = -1
        self._topic_shown_ms: dict[str, int] = {}

    def decide(self, insights: list[Insight], now_ms: int) -> list[Decision]:
        """One decision for each insight, in order of priority; at most one of them is a nudge."""
        ordered = sorted(insights, key=lambda insight: (-PRIORITY[insight.kind], -insight.confidence))
        decisions: list[Decision] = []
        for insight in ordered:
            silence = self._silence_because(insight, now_ms, any(d.nudge for d in decisions))
            if silence:
                decisions.append(Decision(insight=insight, nudge=None, reason=silence))
            else:
                decisions.append(Decision(insight=insight, nudge=self._show(insight, now_ms), reason="shown"))
        return decisions

    def _silence_because(self, insight: Insight, now_ms: int, one_is_shown: bool) -> str | None:
        if insight.topic not in self._advice:
            return "there is nothing to advise"
        if one_is_shown:
            return "one at a time"
        shown_ms = self._topic_shown_ms.get(insight.topic)
        if shown_ms is not None and now_ms - shown_ms < SAME_TOPIC_MS:
            return "said not long ago"
        is_read = self._last_shown_ms is None or now_ms - self._last_shown_ms >= LEAST_GAP_MS
        if not is_read and PRIORITY[insight.kind] <= self._last_priority:
            return "the rep is still reading the last one"
        return None

    def _show(self, insight: Insight, now_ms: int) -> Nudge:
        advice = self._advice[insight.topic]
        self._last_shown_ms = now_ms
        self._last_priority = PRIORITY[insight.kind]
        self._topic_shown_ms[insight.topic] = now_ms
        return Nudge(
            nudge_id=NudgeId(uuid7()),
            kind=advice.nudge_kind,
            title=advice.title,
            message=advice.message,
            quote=insight.quote,
            segment_id=insight.segment_id,
            confidence=insight.confidence,
            expires_after_ms=NUDGE_LIFETIME_MS,
            reasons=insight.reasons,
        )
