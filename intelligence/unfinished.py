"""What of a sentence that is still being said will stay: the words on which two hearings in a row agree."""

from dataclasses import dataclass, replace
from itertools import takewhile

from domain.ids import Identity, SegmentId
from domain.transcript import Segment

LEAST_WORDS = 4
"""Fewer say nothing yet."""

LEAST_MORE_WORDS = 2
"""Than at the last look, or it is not worth another."""


@dataclass(slots=True)
class Hearing:
    segment_id: SegmentId
    words: list[str]
    looked_at: int = 0  # how many words there were at the last look


class Unfinished:
    """Remembers the last hearing of each person."""

    def __init__(self) -> None:
        self._last: dict[Identity, Hearing] = {}

    def settled(self, segment: Segment) -> Segment | None:
        """The segment with what will stay of it; None when that is too little, or hardly more than at the last look."""
        words = segment.text.split()
        last = self._last.get(segment.identity)
        if last is None or last.segment_id != segment.segment_id:
            self._last[segment.identity] = Hearing(segment.segment_id, words)
            return None
        pairs = zip(last.words, words, strict=False)
        agreed = sum(1 for _ in takewhile(lambda pair: bare(pair[0]) == bare(pair[1]), pairs))
        last.words = words
        if agreed < max(LEAST_WORDS, last.looked_at + LEAST_MORE_WORDS):
            return None
        last.looked_at = agreed
        return replace(segment, text=" ".join(words[:agreed]))


def bare(word: str) -> str:
    return word.strip(".,?!;:—-").casefold()
