"""A call as clauses: the pieces that are judged and quoted, a sentence or a part of a long one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.transcript import ParticipantRole, Segment

SENTENCE_END = re.compile(r"(?<=[.?!…])\s+")
JOINT = re.compile(r",?\s+(?=(?:and|but|so|because|then|which|if|when|or)\s)|[,;:–—]\s+")
MOST_WORDS = 22
"""A longer sentence is cut at its joints: what a speech model brings has few full stops."""

LEAST_WORDS = 3
"""Shorter ones ("Yeah.", "Okay then.") say nothing on their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    segment: int  # number of its segment
    text: str  # as it stands in the segment
    is_buyer: bool


def is_buyer(segment: Segment) -> bool:
    return segment.role is ParticipantRole.PROSPECT


def is_seller(segment: Segment) -> bool:
    """A colleague; the agent's own words are not coached."""
    return segment.role in (ParticipantRole.REP, ParticipantRole.MANAGER)


def clauses_of(segments: Sequence[Segment]) -> list[Clause]:
    """In order; the agent's are left out, as are those of fewer than three words."""
    return [
        Clause(segment=number, text=text, is_buyer=is_buyer(segment))
        for number, segment in enumerate(segments)
        if is_buyer(segment) or is_seller(segment)
        for text in cut(segment.text)
        if len(text.split()) >= LEAST_WORDS
    ]


def cut(text: str) -> list[str]:
    """Sentences; those of more than 22 words cut at commas and conjunctions into pieces of about that length."""
    return [piece for sentence in SENTENCE_END.split(text.strip()) for piece in pieces(sentence)]


def pieces(sentence: str) -> list[str]:
    if len(sentence.split()) <= MOST_WORDS:
        return [sentence]
    middle = len(sentence) / 2
    joints = [joint for joint in JOINT.finditer(sentence) if 0.15 < joint.start() / len(sentence) < 0.85]
    if joints:
        best = min(joints, key=lambda joint: abs(joint.start() - middle))
        left, right = sentence[: best.start()], sentence[best.end() :]
    else:
        words = sentence.split()
        left, right = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    return [*pieces(left.strip()), *pieces(right.strip())]
