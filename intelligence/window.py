"""The last of a call: who said what, and what was noticed in it."""

from collections import deque
from dataclasses import dataclass

from domain.insight import Insight
from domain.transcript import Segment

MOST_SEGMENTS = 24
"""About two minutes of talk; what lies further back excuses nothing and explains nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    segment: Segment
    insights: tuple[Insight, ...] = ()


class Window:
    def __init__(self) -> None:
        self._heard: deque[Heard] = deque(maxlen=MOST_SEGMENTS)

    def add(self, segment: Segment, insights: list[Insight]) -> None:
        self._heard.append(Heard(segment=segment, insights=tuple(insights)))

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Oldest first."""
        return tuple(self._heard)
