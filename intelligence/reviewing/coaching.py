"""Moments of the seller that a coach would speak about: done well, or with better words."""

import re
from collections.abc import Sequence

from domain.transcript import Segment
from intelligence.reviewing.claims import Judged
from intelligence.reviewing.evidence import CoachingDraft, ObjectionDraft
from intelligence.reviewing.utterances import is_buyer

LEAST = {"+": -0.1, "-": -0.1}
"""Source: as claims.LEAST."""

MOST = 3
PRICE_RAISED = re.compile(
    r"\b(?:price|pricing|costs?|expensive|afford|budget|too much|cheaper|discount|steep|money)\b", re.I
)
PRICE_IS_FINE = re.compile(
    r"\b(?:price|money|cost)\b[^.?!]{0,20}\b(?:not|isn't|no)\b[^.?!]{0,15}\b(?:issue|problem|point)", re.I
)

WELL = {
    "+rapport": ("rapport", "Takes the customer's side"),
    "+explanation": ("explanation", "Explains it in everyday terms"),
    "+objection_handling": ("objection_handling", "Answers the objection with something to hold on to"),
}
BETTER = {
    "-discount": ("objection_handling", "Offers a discount nobody asked for",
                  "Leave the price alone until they raise it; ask what it is worth to solve the problem."),
    "-defence": ("objection_handling", "Defends instead of asking",
                 "Ask what the price is compared with, and come back to the cost of their problem."),
    "-pushy": ("closing", "Pushes for a decision early",
               "First ask who decides and what they need to see, then agree on the next step."),
    "-promise": ("explanation", "Promises more than is certain",
                 "Say what is certain today, and by when you will have the rest in writing."),
}  # fmt: skip


def coaching_moments(
    clauses: Sequence[Judged], segments: Sequence[Segment], objections: Sequence[ObjectionDraft]
) -> tuple[CoachingDraft, ...]:
    """At most three, each of its own kind, in the order of speaking; `clauses` are the seller's."""
    best: dict[str, tuple[float, CoachingDraft]] = {}
    for judged in clauses:
        for label in (*WELL, *BETTER):
            over = judged.scores[label] - LEAST[label[0]]
            if over < 0 or not _fits(label, judged, segments, objections):
                continue
            if label not in best or over > best[label][0]:
                best[label] = over, _moment(label, judged)
    clearest = sorted(best.values(), key=lambda found: -found[0])
    chosen: dict[int, CoachingDraft] = {}
    for _, moment in clearest:
        chosen.setdefault(moment.segment, moment)
    return tuple(sorted(list(chosen.values())[:MOST], key=lambda moment: moment.segment))


def _fits(label: str, judged: Judged, segments: Sequence[Segment], objections: Sequence[ObjectionDraft]) -> bool:
    """Whether the moment is one for it: a discount after a price objection is an answer, and so on."""
    at = judged.clause.segment
    if label == "-discount":
        last = next((segment.text for segment in reversed(segments[:at]) if is_buyer(segment)), "")
        return not PRICE_RAISED.search(last) or bool(PRICE_IS_FINE.search(last))
    if label == "+objection_handling":
        return any(o.segment in range(max(0, at - 3), at) for o in objections)
    if label == "-pushy":
        return at < 0.7 * len(segments)
    return (at > 0 and any(is_buyer(segment) for segment in segments[:at])) or label.startswith("-")


def _moment(label: str, judged: Judged) -> CoachingDraft:
    clause = judged.clause
    if label in WELL:
        category, text = WELL[label]
        return CoachingDraft(text=text, segment=clause.segment, quote=clause.text, category=category, better=None)
    category, text, better = BETTER[label]
    return CoachingDraft(text=text, segment=clause.segment, quote=clause.text, category=category, better=better)
