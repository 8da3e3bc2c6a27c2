"""The record after a call: what it was, what came of it, and the words each claim rests on."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import SegmentId
from domain.lead import LeadStatus


class Qualification(StrEnum):
    QUALIFIED = "qualified"
    NEEDS_FOLLOW_UP = "needs_follow_up"
    UNQUALIFIED = "unqualified"


class Level(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ObjectionType(StrEnum):
    PRICE = "price"
    TIMING = "timing"
    AUTHORITY = "authority"
    NEED = "need"
    COMPETITOR = "competitor"
    TRUST = "trust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something the review says, with where it was said. One whose quote does not stand in its segment is not made."""

    text: str  # for a reader, at most 20 words
    segment_id: SegmentId
    quote: str  # words of that segment, as they stand in it
    start_ms: int  # of the segment, so that a page can jump there
    name: str  # who said it


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(Claim):
    type: ObjectionType


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Claim):
    """What the buyer says is available; a quoted price is none."""

    amount_min: int | None  # whole units of the currency
    amount_max: int | None
    currency: str | None  # ISO 4217
    period: str | None  # month, year; None: once or not said


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep(Claim):
    owner: str  # a participant's name, or who else
    due: str | None  # as it was said


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsell(Claim):
    type: str
    confidence: float  # 0–1


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingMoment(Claim):
    category: str  # rapport, explanation, objection_handling, discovery, closing
    better: str | None  # what could be said instead; None: it was done well


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReason:
    """Why the score is not 50: signed points, in words, with where it was said (None: it is about the whole call)."""

    points: int
    text: str
    segment_id: SegmentId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    summary: tuple[str, ...]  # one to five sentences, the first says what the call was
    qualification: Qualification
    qualification_reason: str
    lead_score: int  # 0–100
    score_reasons: tuple[ScoreReason, ...]  # the weightiest first
    pain_points: tuple[Claim, ...]
    buying_signals: tuple[Claim, ...]
    objections: tuple[Objection, ...]
    budget: Budget | None
    timeline: Claim | None  # when they decide, buy or go live
    decision_makers: tuple[Claim, ...]  # text is the name or role
    competitors: tuple[Claim, ...]  # text is the name
    next_steps: tuple[NextStep, ...]
    upsells: tuple[Upsell, ...]
    coaching_moments: tuple[CoachingMoment, ...]
    sentiment: float | None  # −1…1, the buyer's side, from words alone; None: switched off for this call
    engagement: Level
    follow_up_priority: Priority
    made_by: str  # rules and their version, or the language model


def lead_status_after(before: LeadStatus, qualification: Qualification) -> LeadStatus:
    """A customer stays one, whatever a single call says."""
    return before if before is LeadStatus.CUSTOMER else LeadStatus(qualification.value)
