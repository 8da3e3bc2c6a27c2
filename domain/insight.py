"""Something true that was noticed in what was said, with the segment it rests on."""

from dataclasses import dataclass

from domain.ids import InsightId, SegmentId
from domain.nudge import NudgeKind
from domain.review import ObjectionType


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    insight_id: InsightId
    kind: NudgeKind  # what a rep would be told because of it
    topic: str  # a topic of intelligence/detectors/topics.json, such as "price"
    objection: ObjectionType | None = None  # of an objection_response
    segment_id: SegmentId
    quote: str  # words of that segment, as they stand in it
    trigger: str  # the part of the quote that set it off
    confidence: float  # 0–1
    reasons: tuple[str, ...]  # what spoke for it, in words a rep can read
    excuse: str | None = None  # why the rep need not be told after all, in words for a log
