"""What somebody says in a turn, cut into clauses: one clause answers one question, if any."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import Identity, SegmentId
from domain.transcript import ParticipantRole, Segment

SENTENCE_END = re.compile(r"(?<=[.?!…])\s+")
JOINT = re.compile(r",?\s+(?=(?:and|but|so|because|though|plus)\s+(?:\w+\s+){2})", re.IGNORECASE)
"""Where a long sentence goes on to something else; recognized speech often has no full stops."""

LONG_WORDS = 12
LEAST_WORDS = 2, 4
"""Before the joint, and after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    segment_id: SegmentId
    identity: Identity
    is_prospect: bool
    text: str  # as it was said
    before: str  # what the segment has before it, so that neighbours can be joined again
    index: int  # within the segment


def clauses_of(segment: Segment) -> list[Clause]:
    """All clauses of a segment in order; put together they are its text."""
    found = []
    at = 0
    for index, text in enumerate(cut(segment.text)):
        start = segment.text.index(text, at)
        found.append(
            Clause(
                segment_id=segment.segment_id,
                identity=segment.identity,
                is_prospect=segment.role is ParticipantRole.PROSPECT,
                text=text,
                before=segment.text[at:start],
                index=index,
            )
        )
        at = start + len(text)
    return found


def cut(text: str) -> list[str]:
    parts = []
    for sentence in SENTENCE_END.split(text.strip()):
        if len(sentence.split()) < LONG_WORDS:
            parts.append(sentence)
            continue
        rest = sentence
        for joint in list(JOINT.finditer(sentence)):
            head = rest[: len(rest) - len(sentence) + joint.start()]
            tail = sentence[joint.end() :]
            if len(head.split()) >= LEAST_WORDS[0] and len(tail.split()) >= LEAST_WORDS[1]:
                parts.append(head)
                rest = tail
        parts.append(rest)
    return [part for part in parts if part]


def joined(clauses: Sequence[Clause]) -> str:
    """Neighbouring clauses of one segment as they were said."""
    return clauses[0].text + "".join(clause.before + clause.text for clause in clauses[1:])
