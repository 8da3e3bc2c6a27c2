"""Something true that was noticed in what was said, with the segment it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import InsightId, SegmentId


class InsightKind(StrEnum):
    OBJECTION = "objection"  # the buyer holds back: price, timing, authority, need, competitor, trust
    PRODUCT_QUESTION = "product_question"  # the buyer asks what the product or the seller can do
    PAIN = "pain"  # the buyer tells of a problem worth asking more about


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    insight_id: InsightId
    kind: InsightKind
    topic: str  # which prototype family it resembles, such as "price"
    segment_id: SegmentId
    quote: str
    confidence: float  # 0–1
    reasons: tuple[str, ...]  # what spoke for it, in words a rep can read
