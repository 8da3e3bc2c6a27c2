"""The coverage ledger: which question is open, asked, answered or refused, by whom and with which words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.ids import Identity, QuestionId, SegmentId
from domain.question_set import CoverageStatus, Question, QuestionType
from intelligence.interview.choices import is_clear_choice
from intelligence.interview.skipping import is_needless

CORRECTING = re.compile(
    r"\b(?:actually|correction|i mean|make (?:that|it)|correct (?:that|myself)|i was wrong|i misspoke|wait|scratch that"
    r"|better say|in fact|to be (?:exact|precise))\b|^\W*(?:no|sorry|well no)\b"
)

CHOICE_WORDS = 6
"""Who says more than that tells something and does not choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    question: Question
    segment_id: SegmentId
    identity: Identity
    text: str  # the words as they were said
    volunteered: bool
    refused: bool = False


class Ledger:
    """What is known of each question that is active. `open` is the one that people were asked last and have not dealt
    with."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(question for question in questions if question.is_active)
        self._status = {question.question_id: CoverageStatus.OPEN for question in self.questions}
        self._answers: dict[QuestionId, Answer] = {}
        self._said: dict[QuestionId, list[str]] = {}
        self._follows_up = False  # the open question has been answered, and was asked further
        self.open: Question | None = None

    def status(self, question: Question) -> CoverageStatus:
        return self._status[question.question_id]

    def answer_of(self, question: Question) -> Answer | None:
        return self._answers.get(question.question_id)

    def is_covered(self, question: Question) -> bool:
        return self.status(question) in {CoverageStatus.ANSWERED, CoverageStatus.REFUSED}

    def is_skipped(self, question: Question) -> bool:
        """True when its rule leaves it out, as far as people have answered; it may come back with a correction."""
        rule = question.skip_if
        if rule is None or self.status(question) is not CoverageStatus.OPEN:
            return False
        before = next((one for one in self.questions if one.question_id == rule.question_id), None)
        return before is not None and is_needless(rule, before, self._said.get(rule.question_id, ()))

    def waiting(self) -> list[Question]:
        """Those that nobody has asked or answered and no rule leaves out, in the order of asking."""
        return [q for q in self.questions if self.status(q) is CoverageStatus.OPEN and not self.is_skipped(q)]

    def asked(self, question: Question) -> None:
        if not self.is_covered(question):
            self._status[question.question_id] = CoverageStatus.ASKED
            self.open = question
            self._follows_up = False

    def follow_up(self, question: Question) -> None:
        """Asked for more: what comes next may answer it better."""
        self.open = question
        self._follows_up = True

    def leave(self) -> None:
        """Nobody answers the open question; it stays asked."""
        self.open = None

    def note(self, answer: Answer) -> bool:
        """Of several for one question the last counts; behind a follow-up it must say more, or False: it does not."""
        question = answer.question
        is_open = self.open is not None and self.open.question_id == question.question_id
        before = self._answers.get(question.question_id)
        counts = not (before and is_open and self._follows_up) or says_more(before, answer)
        if is_open:
            self.open = None
        if not answer.refused and (counts or question.type is QuestionType.OPEN_ENDED):
            self._said.setdefault(question.question_id, []).append(answer.text)
        if counts:
            self._status[question.question_id] = CoverageStatus.REFUSED if answer.refused else CoverageStatus.ANSWERED
            self._answers[question.question_id] = answer
        return counts

    def restore(
        self,
        asked: Sequence[Question],
        answered: Sequence[Question],
        refused: Sequence[Question],
        said: Mapping[QuestionId, Sequence[str]] = MappingProxyType({}),
    ) -> Question | None:
        """As the log has it; returns the question that was open when the earlier agent broke off.

        `said` are the words of the answers, oldest first: what is skipped follows from them.
        """
        known = set(self._status)
        for status, questions in (
            (CoverageStatus.ASKED, asked), (CoverageStatus.ANSWERED, answered), (CoverageStatus.REFUSED, refused),
        ):  # fmt: skip
            self._status.update({one.question_id: status for one in questions if one.question_id in known})
        self._said = {question_id: list(texts) for question_id, texts in said.items()}
        last = asked[-1] if asked else None
        self.open = last if last and last.question_id in known and not self.is_covered(last) else None
        return self.open


def says_more(before: Answer, answer: Answer) -> bool:
    """Whether what came behind a follow-up counts instead of the answer before it: a longer answer, or another choice
    as short as one is made. A reason that has a number in it is no choice."""
    if answer.refused:
        return False
    if CORRECTING.search(answer.text.lower()) or not is_clear_choice(before.question, before.text):
        return True
    words = len(answer.text.split())
    if answer.question.type is not QuestionType.OPEN_ENDED:
        return words <= CHOICE_WORDS and is_clear_choice(answer.question, answer.text)
    return words > len(before.text.split())
