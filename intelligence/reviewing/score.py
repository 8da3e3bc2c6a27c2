"""From what was found to the lead's score, its qualification, engagement and priority. All weights stand here."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.review import Level, ObjectionType, Priority, Qualification
from intelligence.reviewing.evidence import (
    BASE_SCORE,
    BudgetDraft,
    ClaimDraft,
    NextStepDraft,
    ObjectionDraft,
    ScoreReasonDraft,
    UpsellDraft,
)

SIGNAL_POINTS = (8, 7, 5, 3)
"""The first, the second …: each one more says less."""

OBJECTION_POINTS = {
    ObjectionType.NEED: -9,
    ObjectionType.COMPETITOR: -6,
    ObjectionType.TIMING: -6,
    ObjectionType.PRICE: -5,
    ObjectionType.TRUST: -4,
    ObjectionType.AUTHORITY: -3,
}
BUDGET_POINTS, TIMELINE_POINTS, DECIDER_POINTS = 7, 4, 4
DATED_STEP_POINTS, STEP_POINTS, NO_STEP_POINTS = 6, 3, -6
LEAVING_POINTS = -10
SENTIMENT_POINTS = 12  # at a sentiment of 1
SHORT_POINTS, NOTHING_WANTED_POINTS = -8, -25
QUALIFIED_FROM, UNQUALIFIED_BELOW = 60, 38
SHORT_WORDS = 96
"""What buyers said in a call, in words; three quarters of it are enough when they want something.
Source of all figures: judgement, checked over 16 labelled calls staged as text and 11 of our own (2026-11-21);
benchmarks/review.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the score rests on."""

    pain_points: Sequence[ClaimDraft]
    buying_signals: Sequence[ClaimDraft]
    objections: Sequence[ObjectionDraft]
    upsells: Sequence[UpsellDraft]
    budget: BudgetDraft | None
    timeline: ClaimDraft | None
    decision_makers: Sequence[ClaimDraft]
    next_steps: Sequence[NextStepDraft]
    leaving: ClaimDraft | None  # the words of a customer who may leave
    sentiment: float  # −1…1
    buyer_words: int

    @property
    def is_short(self) -> bool:
        return self.buyer_words < SHORT_WORDS * (0.75 if self.buying_signals else 1)

    @property
    def wants_nothing(self) -> bool:
        """No problem, no wish and no anger, in a call that was long enough to tell of one."""
        return not (self.pain_points or self.buying_signals or self.leaving or self.is_short)


def reasons(found: Findings) -> tuple[ScoreReasonDraft, ...]:
    """Signed points that add up from 50 to the score."""
    listed = [
        ScoreReasonDraft(points=points, text=f"Buying signal: {signal.text}", segment=signal.segment)
        for points, signal in zip(SIGNAL_POINTS, found.buying_signals, strict=False)
    ]
    listed += [
        ScoreReasonDraft(
            points=OBJECTION_POINTS[objection.type],
            text=f"Objection ({objection.type.value}): {objection.text}",
            segment=objection.segment,
        )
        for objection in found.objections
    ]
    if found.budget:
        listed.append(_reason(BUDGET_POINTS, "Money is there", found.budget))
    if found.timeline:
        listed.append(_reason(TIMELINE_POINTS, "There is a date", found.timeline))
    if found.decision_makers:
        listed.append(_reason(DECIDER_POINTS, "It is known who decides", found.decision_makers[0]))
    if dated := [step for step in found.next_steps if step.due]:
        listed.append(_reason(DATED_STEP_POINTS, "A next step has a date", dated[-1]))
    elif found.next_steps:
        listed.append(_reason(STEP_POINTS, "A next step was named", found.next_steps[-1]))
    else:
        listed.append(ScoreReasonDraft(points=NO_STEP_POINTS, text="No next step was agreed", segment=None))
    if found.leaving:
        listed.append(_reason(LEAVING_POINTS, "They may leave", found.leaving))
    if points := round(SENTIMENT_POINTS * found.sentiment):
        mood = "They sounded content" if points > 0 else "They sounded unhappy"
        listed.append(ScoreReasonDraft(points=points, text=mood, segment=None))
    if found.is_short:
        listed.append(ScoreReasonDraft(points=SHORT_POINTS, text="They said little", segment=None))
    if found.wants_nothing:
        text = "No problem was told of and nothing was asked for"
        listed.append(ScoreReasonDraft(points=NOTHING_WANTED_POINTS, text=text, segment=None))
    return tuple(listed)


def _reason(points: int, text: str, claim: ClaimDraft) -> ScoreReasonDraft:
    return ScoreReasonDraft(points=points, text=f"{text}: {claim.text}", segment=claim.segment)


def total(listed: Sequence[ScoreReasonDraft]) -> int:
    return min(100, max(0, BASE_SCORE + sum(reason.points for reason in listed)))


def qualification(found: Findings, score: int) -> tuple[Qualification, str]:
    """With the reason in words."""
    unneeded = any(objection.type is ObjectionType.NEED for objection in found.objections)
    if score < UNQUALIFIED_BELOW and unneeded and not found.leaving:
        return Qualification.UNQUALIFIED, "They see no need for it."
    if found.is_short:
        return Qualification.NEEDS_FOLLOW_UP, "Too little was said to tell."
    if found.leaving:
        if score >= QUALIFIED_FROM:
            return Qualification.QUALIFIED, "They may leave, and said what would keep them."
        return Qualification.NEEDS_FOLLOW_UP, "They may leave, and it is not settled."
    if found.wants_nothing:
        return Qualification.UNQUALIFIED, "They told of no problem and asked for nothing."
    if score < UNQUALIFIED_BELOW:
        return Qualification.UNQUALIFIED, "What speaks against it outweighs what they want."
    if score >= QUALIFIED_FROM:
        return Qualification.QUALIFIED, "They want something, and little stands in the way."
    return Qualification.NEEDS_FOLLOW_UP, "There is interest, and something still stands in the way."


def engagement(found: Findings, score: int) -> Level:
    if found.leaving:
        return Level.HIGH
    if found.is_short or (score < UNQUALIFIED_BELOW and found.sentiment < 0.3):
        return Level.LOW
    return Level.HIGH if len(found.buying_signals) >= 2 else Level.MEDIUM


def priority(found: Findings, qualified: Qualification) -> Priority:
    if found.leaving:
        return Priority.URGENT
    return {
        Qualification.QUALIFIED: Priority.HIGH,
        Qualification.NEEDS_FOLLOW_UP: Priority.MEDIUM,
        Qualification.UNQUALIFIED: Priority.LOW,
    }[qualified]
