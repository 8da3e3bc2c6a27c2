"""What a rep is told now because of an insight."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import NudgeId, SegmentId


class NudgeKind(StrEnum):
    OBJECTION_RESPONSE = "objection_response"
    QUESTION = "question"
    TALKING_POINT = "talking_point"
    DATA_POINT = "data_point"
    WARNING = "warning"
    UPSELL = "upsell"
    TECHNICAL = "technical"
    COMPLIANCE = "compliance"
    ANSWER = "answer"


NUDGE_LIFETIME_MS = 15_000
"""A nudge leaves the screen by itself after this. Source: product.md row F."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    nudge_id: NudgeId
    kind: NudgeKind
    title: str
    message: str  # at most 30 words
    quote: str  # the words it rests on
    segment_id: SegmentId
    confidence: float  # 0–1
    expires_after_ms: int
    reasons: tuple[str, ...]
