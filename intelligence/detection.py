"""Runs the detectors over a final segment; they are given who speaks, and say what they noticed."""

from collections.abc import Sequence
from typing import Protocol

from domain.insight import Insight
from domain.transcript import ParticipantRole, Segment


class Detector(Protocol):
    def notice(self, segment: Segment) -> list[Insight]:
        """What is noticed in one final segment, the surest first."""
        ...


class Detection:
    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = tuple(detectors)

    def notice(self, segment: Segment) -> list[Insight]:
        """Insights in what a prospect said; colleagues and the agent are not coached about their own words."""
        if segment.role is not ParticipantRole.PROSPECT:
            return []
        found = [insight for detector in self._detectors for insight in detector.notice(segment)]
        return sorted(found, key=lambda insight: -insight.confidence)
