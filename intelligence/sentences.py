"""A segment in pieces: sentences, clauses, and the stretches that a classifier judges."""

import re
from itertools import pairwise

END = re.compile(r"(?<=[.?!])\s+")
LEAST_WORDS = 3
"""Shorter sentences ("Yeah.", "Okay then.") say nothing on their own."""

WORD = re.compile(r"\S+")
CLAUSE_END = re.compile(r"(?<=[.?!,;:])\s+|\s+(?=(?:but|because|so|and)\s)")

LEAST_STRETCH_WORDS = 4
MOST_STRETCH_WORDS = 24
RUN_WORDS = 14
RUN_OVERLAP_WORDS = 2
"""A recogniser may leave out all punctuation: what runs on longer is cut into runs of about 14 words that overlap."""


def stretches_of(text: str) -> list[str]:
    """Pieces of the text as they stand in it: sentences, short ones with their neighbour, long ones in runs."""
    joined: list[tuple[int, int]] = []
    for begin, end in _spans(text):
        if joined and len(text[slice(*joined[-1])].split()) < LEAST_STRETCH_WORDS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    if len(joined) > 1 and len(text[slice(*joined[-1])].split()) < LEAST_STRETCH_WORDS:
        joined[-2:] = [(joined[-2][0], joined[-1][1])]
    return [run for begin, end in joined for run in _runs(text[begin:end])]


def clauses_of(sentence: str) -> list[str]:
    """Its clauses of three words or more as they stand in it; the whole sentence when there is only one."""
    parts = [part.strip(" ,;:") for part in CLAUSE_END.split(sentence)]
    return [part for part in parts if len(part.split()) >= LEAST_WORDS] or [sentence]


def _spans(text: str) -> list[tuple[int, int]]:
    begin, spans = 0, []
    for found in END.finditer(text):
        spans.append((begin, found.start()))
        begin = found.end()
    spans.append((begin, len(text.rstrip())))
    return [(b, e) for b, e in spans if text[b:e].strip()]


def _runs(stretch: str) -> list[str]:
    words = list(WORD.finditer(stretch))
    if len(words) <= MOST_STRETCH_WORDS:
        return [stretch.strip()]
    count = -(-len(words) // RUN_WORDS)
    bounds = [round(at * len(words) / count) for at in range(count + 1)]
    runs = [(max(0, a - RUN_OVERLAP_WORDS), min(len(words), b + RUN_OVERLAP_WORDS)) for a, b in pairwise(bounds)]
    return [stretch[words[first].start() : words[last - 1].end()] for first, last in runs]
