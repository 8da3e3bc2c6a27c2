"""The one place where a claim becomes part of a review: its quote stands in its segment, or the claim is not made.

Whoever makes a review, our rules or a language model, writes a `ReviewDraft`; `review_of` checks it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.review import (
    Budget,
    Claim,
    CoachingMoment,
    Level,
    NextStep,
    Objection,
    ObjectionType,
    Priority,
    Qualification,
    Review,
    ScoreReason,
    Upsell,
)
from domain.transcript import Segment

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
LEAST_WORDS_TO_MOVE = 4
"""A quote of fewer words may stand in another segment by chance; then a wrong number is not put right."""

MOST_WORDS = 20
BASE_SCORE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    text: str
    segment: int  # its place in the list of segments, from 0
    quote: str  # words copied from that segment


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDraft(ClaimDraft):
    type: ObjectionType


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetDraft(ClaimDraft):
    amount_min: int | None
    amount_max: int | None
    currency: str | None
    period: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepDraft(ClaimDraft):
    owner: str
    due: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsellDraft(ClaimDraft):
    type: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingDraft(ClaimDraft):
    category: str
    better: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReasonDraft:
    points: int
    text: str
    segment: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDraft:
    """A `Review` whose claims name their segment by its number; plain data, so that a model can write it as JSON."""

    summary: tuple[str, ...]
    qualification: Qualification
    qualification_reason: str
    score_reasons: tuple[ScoreReasonDraft, ...]  # the score is 50 and their points
    pain_points: tuple[ClaimDraft, ...] = ()
    buying_signals: tuple[ClaimDraft, ...] = ()
    objections: tuple[ObjectionDraft, ...] = ()
    budget: BudgetDraft | None = None
    timeline: ClaimDraft | None = None
    decision_makers: tuple[ClaimDraft, ...] = ()
    competitors: tuple[ClaimDraft, ...] = ()
    next_steps: tuple[NextStepDraft, ...] = ()
    upsells: tuple[UpsellDraft, ...] = ()
    coaching_moments: tuple[CoachingDraft, ...] = ()
    sentiment: float | None = None
    engagement: Level = Level.LOW
    follow_up_priority: Priority = Priority.LOW


def standing(quote: str, text: str) -> str | None:
    """The quote as it stands in the text, whatever its case, marks and spaces; None when it does not."""
    wanted = [folded(match.group()) for match in WORD.finditer(quote)]
    there = list(WORD.finditer(text))
    words = [folded(match.group()) for match in there]
    for at in range(len(words) - len(wanted) + 1 if wanted else 0):
        if words[at : at + len(wanted)] == wanted:
            return text[there[at].start() : there[at + len(wanted) - 1].end()]
    return None


def folded(word: str) -> str:
    return word.casefold().replace("’", "").replace("'", "")


def place(draft: ClaimDraft, segments: Sequence[Segment]) -> tuple[Segment, str] | None:
    """The segment a draft rests on and the quote as it stands there; None: the claim has no evidence.

    A wrong number is put right when the quote is long enough and stands in one segment only.
    """
    if 0 <= draft.segment < len(segments) and (quote := standing(draft.quote, segments[draft.segment].text)):
        return segments[draft.segment], quote
    if len(WORD.findall(draft.quote)) < LEAST_WORDS_TO_MOVE:
        return None
    found = [(segment, quote) for segment in segments if (quote := standing(draft.quote, segment.text))]
    return found[0] if len(found) == 1 else None


def review_of(draft: ReviewDraft, segments: Sequence[Segment], *, made_by: str) -> Review:
    """The draft without the claims that have no evidence; texts are cut to 20 words, numbers to their range."""

    def grounded(claim: ClaimDraft) -> dict[str, Any] | None:
        found = place(claim, segments)
        if found is None:
            return None
        segment, quote = found
        return {
            "text": shortened(claim.text),
            "segment_id": segment.segment_id,
            "quote": quote,
            "start_ms": segment.start_ms,
            "name": segment.name,
        }

    def all_grounded(claims: Sequence[ClaimDraft]) -> list[tuple[Any, dict[str, Any]]]:
        return [(claim, fields) for claim in claims if (fields := grounded(claim))]

    def plain_claims(claims: Sequence[ClaimDraft]) -> tuple[Claim, ...]:
        return tuple(Claim(**fields) for _, fields in all_grounded(claims))

    budget = all_grounded([draft.budget] if draft.budget else [])
    timeline = plain_claims([draft.timeline] if draft.timeline else [])
    score, reasons = score_of(draft.score_reasons, segments)
    return Review(
        summary=draft.summary[:5],
        qualification=draft.qualification,
        qualification_reason=draft.qualification_reason,
        lead_score=score,
        score_reasons=reasons,
        pain_points=plain_claims(draft.pain_points),
        buying_signals=plain_claims(draft.buying_signals),
        objections=tuple(Objection(**fields, type=claim.type) for claim, fields in all_grounded(draft.objections)),
        budget=next(
            (
                Budget(
                    **fields,
                    amount_min=claim.amount_min,
                    amount_max=claim.amount_max,
                    currency=claim.currency,
                    period=claim.period,
                )
                for claim, fields in budget
            ),
            None,
        ),
        timeline=next(iter(timeline), None),
        decision_makers=plain_claims(draft.decision_makers),
        competitors=plain_claims(draft.competitors),
        next_steps=tuple(
            NextStep(**fields, owner=claim.owner, due=claim.due) for claim, fields in all_grounded(draft.next_steps)
        ),
        upsells=tuple(
            Upsell(**fields, type=claim.type, confidence=min(1.0, max(0.0, claim.confidence)))
            for claim, fields in all_grounded(draft.upsells)
        ),
        coaching_moments=tuple(
            CoachingMoment(**fields, category=claim.category, better=claim.better)
            for claim, fields in all_grounded(draft.coaching_moments)
        ),
        sentiment=None if draft.sentiment is None else min(1.0, max(-1.0, draft.sentiment)),
        engagement=draft.engagement,
        follow_up_priority=draft.follow_up_priority,
        made_by=made_by,
    )


def score_of(drafts: Sequence[ScoreReasonDraft], segments: Sequence[Segment]) -> tuple[int, tuple[ScoreReason, ...]]:
    """The score, 0–100, and reasons that add up to it from 50, the weightiest first."""
    reasons = [
        ScoreReason(
            points=draft.points,
            text=draft.text,
            segment_id=segments[draft.segment].segment_id
            if draft.segment is not None and 0 <= draft.segment < len(segments)
            else None,
        )
        for draft in drafts
        if draft.points
    ]
    total = BASE_SCORE + sum(reason.points for reason in reasons)
    score = min(100, max(0, total))
    if score != total:
        reasons.append(ScoreReason(points=score - total, text="The score ends at 0 and 100", segment_id=None))
    return score, tuple(sorted(reasons, key=lambda reason: -abs(reason.points)))


def shortened(text: str, most: int = MOST_WORDS) -> str:
    words = text.split()
    return text if len(words) <= most else " ".join(words[:most]).rstrip(",;:") + " …"
