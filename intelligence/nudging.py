"""From insight to nudge or silence: one at a time, never the same twice in a row, and the reason is kept."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from domain.ids import NudgeId, uuid7
from domain.insight import Insight
from domain.nudge import NUDGE_LIFETIME_MS, Nudge
from intelligence.detectors.topics import Topic

LEAST_GAP_MS = 6_000
"""A rep reads a card in about this time; a new one before that replaces what is being read."""

SAME_TOPIC_MS = 90_000

MOST_A_MINUTE = 5
"""Past that, only what is more urgent than all of them is shown."""
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    insight: Insight
    nudge: Nudge | None  # None: silence
    reason: str


class Governor:
    """Remembers what was shown when. Times are the call's, in ms, handed in."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._topics = topics
        self._shown: deque[tuple[int, int]] = deque(maxlen=MOST_A_MINUTE)  # when, and how urgent
        self._topic_shown_ms: dict[str, int] = {}

    def decide(self, insights: list[Insight], now_ms: int) -> list[Decision]:
        """One decision for each insight, the most urgent first; at most one of them is a nudge."""
        ordered = sorted(insights, key=lambda insight: (-self._urgency(insight), -insight.confidence))
        decisions: list[Decision] = []
        for insight in ordered:
            silence = self._silence_because(insight, now_ms, any(d.nudge for d in decisions))
            nudge = None if silence else self._show(insight, now_ms)
            decisions.append(Decision(insight=insight, nudge=nudge, reason=silence or "shown"))
        return decisions

    def _urgency(self, insight: Insight) -> int:
        return self._topics[insight.topic].urgency if insight.topic in self._topics else 0

    def _silence_because(self, insight: Insight, now_ms: int, one_is_shown: bool) -> str | None:
        if insight.topic not in self._topics:
            return "there is nothing to advise"
        if insight.excuse:
            return insight.excuse
        if one_is_shown:
            return "one at a time"
        shown_ms = self._topic_shown_ms.get(insight.topic)
        if shown_ms is not None and now_ms - shown_ms < SAME_TOPIC_MS:
            return "said not long ago"
        urgency = self._urgency(insight)
        if self._shown and now_ms - self._shown[-1][0] < LEAST_GAP_MS and urgency <= self._shown[-1][1]:
            return "the rep is still reading the last one"
        lately = [other for at_ms, other in self._shown if now_ms - at_ms < MINUTE_MS]
        if len(lately) >= MOST_A_MINUTE and urgency <= max(lately):
            return "enough for this minute"
        return None

    def _show(self, insight: Insight, now_ms: int) -> Nudge:
        topic = self._topics[insight.topic]
        self._shown.append((now_ms, topic.urgency))
        self._topic_shown_ms[insight.topic] = now_ms
        return nudge_of(insight, topic)


def nudge_of(insight: Insight, topic: Topic) -> Nudge:
    """How it is said; whoever sends it sets `latency_ms`."""
    return Nudge(
        nudge_id=NudgeId(uuid7()),
        kind=insight.kind,
        title=topic.title,
        message=topic.message_about(insight.trigger),
        quote=insight.quote,
        trigger=insight.trigger,
        segment_id=insight.segment_id,
        confidence=insight.confidence,
        expires_after_ms=NUDGE_LIFETIME_MS,
        reasons=insight.reasons,
    )
