"""How much time there is, for the whole and for each question, and what is asked next because of it.

Instants are milliseconds since the call started, handed in by whoever has the clock.
"""

from collections.abc import Sequence

from domain.question_set import Question

QUESTION_MS = 45_000
"""What a question without a time box takes, asked and answered: time is kept free for so much of each must-ask."""


class Pace:
    def __init__(self, lasts_ms: int | None) -> None:
        self._lasts_ms = lasts_ms  # None: nobody said how long
        self._began_ms = 0
        self._asked_ms: dict[int, int] = {}
        self.is_brief = False  # somebody has little time

    def began(self, at_ms: int) -> None:
        """The greeting is out: the time counts from here. After a break it counts from the start of the call."""
        self._began_ms = at_ms

    def asked(self, question: Question, at_ms: int) -> None:
        """The first time counts: asking again gives no more time."""
        self._asked_ms.setdefault(question.position, at_ms)

    def is_over(self, question: Question, at_ms: int) -> bool:
        """Whether its time box is used up."""
        asked_ms = self._asked_ms.get(question.position)
        if question.time_box_seconds is None or asked_ms is None:
            return False
        return at_ms - asked_ms >= question.time_box_seconds * 1000

    def following(self, waiting: Sequence[Question], at_ms: int) -> Question | None:
        """The first in order while there is time for it and for every must-ask behind it; then only must-asks.

        Those are asked also when the time is over: somebody may have talked through all of it.
        """
        musts = [question for question in waiting if question.must_ask]
        if not waiting or (not musts and self._left_ms(at_ms) <= 0):
            return None
        first = waiting[0]
        needed_ms = sum(map(takes_ms, musts)) + (0 if first.must_ask else takes_ms(first))
        return musts[0] if musts and (self.is_brief or self._left_ms(at_ms) < needed_ms) else first

    def is_short(self, waiting: Sequence[Question], at_ms: int) -> bool:
        """Whether there is no time for what need not be: somebody is in a hurry, or must-asks need what is left."""
        needed_ms = sum(takes_ms(question) for question in waiting if question.must_ask)
        return self.is_brief or self._left_ms(at_ms) < needed_ms + QUESTION_MS

    def _left_ms(self, at_ms: int) -> float:
        return float("inf") if self._lasts_ms is None else self._began_ms + self._lasts_ms - at_ms


def takes_ms(question: Question) -> int:
    return question.time_box_seconds * 1000 if question.time_box_seconds else QUESTION_MS
