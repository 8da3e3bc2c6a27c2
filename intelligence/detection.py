"""Runs the detectors over what is said; they know what was said before it, and say what they noticed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from domain.insight import Insight
from domain.transcript import ParticipantRole, Segment
from intelligence.detectors.excuses import excuse_for
from intelligence.window import Heard

COACHED_WORDS = frozenset({ParticipantRole.PROSPECT, ParticipantRole.REP})
"""Managers listen in, and the agent follows its own rules."""


class Detector(Protocol):
    def notice(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
        """What is noticed in one final segment after `heard` (oldest first), the surest first."""
        ...

    def glimpse(self, segment: Segment) -> list[Insight]:
        """The same in words of a segment that goes on: what is clear already, whatever comes after."""
        ...


class Detection:
    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = tuple(detectors)

    def notice(self, segment: Segment, heard: Sequence[Heard] = ()) -> list[Insight]:
        """Insights in what a prospect or a rep said, the surest first."""
        if segment.role not in COACHED_WORDS:
            return []
        found = [insight for detector in self._detectors for insight in detector.notice(segment, heard)]
        return excused(found, heard)

    def glimpse(self, segment: Segment, heard: Sequence[Heard] = ()) -> list[Insight]:
        """What is clear already in words of a prospect's segment that goes on, the surest first."""
        return excused([insight for detector in self._detectors for insight in detector.glimpse(segment)], heard)


def excused(found: list[Insight], heard: Sequence[Heard]) -> list[Insight]:
    """The surest first, each with its excuse if it has one."""
    found = [replace(insight, excuse=excuse_for(insight, heard)) for insight in found]
    return sorted(found, key=lambda insight: -insight.confidence)
