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
    trigger: str = ""  # the part of them that set it off
    segment_id: SegmentId
    confidence: float  # 0–1
    expires_after_ms: int
    reasons: tuple[str, ...]
    latency_ms: int = 0  # from the end of the words to when it was sent


class NudgeState(StrEnum):
    """What became of a nudge that was shown; one with neither is expired after its lifetime."""

    ACTED = "acted"
    DISMISSED = "dismissed"


class NudgeReaction(StrEnum):
    LIKE = "like"
    DISLIKE = "dislike"
