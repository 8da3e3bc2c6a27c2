"""Problems, buying signals, objections and openings for more, picked from what the buyer's clauses resemble."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.review import ObjectionType
from domain.transcript import Segment
from intelligence.embedding import Embedder
from intelligence.reviewing import cues
from intelligence.reviewing.classifier import Classifier, plain
from intelligence.reviewing.evidence import ClaimDraft, ObjectionDraft, UpsellDraft
from intelligence.reviewing.readable import told
from intelligence.reviewing.utterances import Clause

LEAST = {"pain": -0.26, "signal": -0.26, "objection": -0.05, "upsell": -0.3}
FIRST_IS_EASIER = 0.1
"""A call about something has a problem and a wish somewhere: the best of a kind needs less than those after it.
Source for both: chosen over 16 labelled calls staged as text and 11 of our own (2026-11-21); benchmarks/review.py."""

RIVALS = {"signal": ("objection", "pain"), "objection": ("signal",)}
"""One clause is not two things that contradict each other."""

EXISTING = re.compile(
    r"\b(?:renew\w*|tickets?|support|warranty|inspection|maintenance|check-?up"
    r"|service plan|last visit|unit|furnace|boiler|heat(?:er|ing)"
    r"|air con\w*|repair\w*|leak\w*|filter|your (?:app|software|update|driver|last"
    r"|proposal)|we pay you|paying you|the contract|the case"
    r"|credit|add-on|another year|first check|technician|as (?:usual|always)"
    r"|your year|your site|(?:every|once a|twice a|yearly) (?:autumn|spring|year|visit)|your account|stays? with us)\b",
    re.I,
)
EXISTING_FROM = 1
"""So many of these words make it a call with somebody who is a customer already; only then there is more to sell."""

LEAVING_FROM = -0.42
"""Of the label `churn`. Source: as LEAST; the calls' clearest clauses lie below −0.54 or above −0.38."""

MOST = {"pain": 4, "signal": 5, "objection": 4, "upsell": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A clause and how much it resembles each label, −1…1; turns of phrase are counted in."""

    clause: Clause
    scores: dict[str, float]

    @property
    def valence(self) -> float:
        return min(0.5, max(-0.5, self.scores["positive"] - self.scores["negative"]))


def judged(clauses: Sequence[Clause], classifier: Classifier, embedder: Embedder) -> list[Judged]:
    if not clauses:
        return []
    scores = classifier.scores(embedder.embed([plain(clause.text) for clause in clauses]))
    return [
        Judged(
            clause=clause,
            scores={
                label: float(score) + cues.points(label, clause.text)
                for label, score in zip(classifier.labels, row, strict=True)
            },
        )
        for clause, row in zip(clauses, scores, strict=True)
    ]


def picked(label: str, clauses: Sequence[Judged]) -> list[Judged]:
    """The clearest clause of each segment that is clear enough, at most MOST of them, in the order of speaking."""
    best: dict[int, Judged] = {}
    for judged in clauses:
        if any(judged.scores[rival] > judged.scores[label] for rival in RIVALS.get(label, ())):
            continue
        if label == "signal" and judged.scores["churn"] >= LEAVING_FROM:
            continue
        at = judged.clause.segment
        if at not in best or judged.scores[label] > best[at].scores[label]:
            best[at] = judged
    ordered = sorted(best.values(), key=lambda judged: -judged.scores[label])
    clear = [
        judged
        for rank, judged in enumerate(ordered[: MOST[label]])
        if judged.scores[label] >= LEAST[label] - FIRST_IS_EASIER * (rank == 0)
    ]
    return sorted(clear, key=lambda judged: judged.clause.segment)


def pain_points(clauses: Sequence[Judged]) -> tuple[ClaimDraft, ...]:
    return tuple(_claim(judged) for judged in picked("pain", clauses))


def buying_signals(clauses: Sequence[Judged]) -> tuple[ClaimDraft, ...]:
    return tuple(_claim(judged) for judged in picked("signal", clauses))


def objections(clauses: Sequence[Judged]) -> tuple[ObjectionDraft, ...]:
    found = []
    for judged in picked("objection", clauses):
        claim = _claim(judged)
        kind = max(ObjectionType, key=lambda kind: judged.scores[f"objection:{kind.value}"])
        found.append(ObjectionDraft(text=claim.text, segment=claim.segment, quote=claim.quote, type=kind))
    return tuple(found)


def upsells(clauses: Sequence[Judged], segments: Sequence[Segment]) -> tuple[UpsellDraft, ...]:
    """Openings to sell more to somebody who is a customer."""
    if sum(len(EXISTING.findall(segment.text)) for segment in segments) < EXISTING_FROM:
        return ()
    found = []
    for judged in picked("upsell", clauses):
        claim = _claim(judged)
        kinds = [label for label in judged.scores if label.startswith("upsell:")]
        found.append(
            UpsellDraft(
                text=claim.text,
                segment=claim.segment,
                quote=claim.quote,
                type=max(kinds, key=lambda label: judged.scores[label]).partition(":")[2],
                confidence=round(float(np.clip(0.6 + judged.scores["upsell"], 0.3, 0.95)), 2),
            )
        )
    return tuple(found)


def _claim(judged: Judged) -> ClaimDraft:
    clause = judged.clause
    return ClaimDraft(text=told(clause.text), segment=clause.segment, quote=clause.text)
