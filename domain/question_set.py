"""What the agent asks in a discovery call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import QuestionId, QuestionSetId, UserId


class QuestionType(StrEnum):
    OPEN_ENDED = "open_ended"
    MULTIPLE_CHOICE = "multiple_choice"
    RATING = "rating"


class Depth(StrEnum):
    """How far the agent follows up on an answer."""

    LOW = "low"  # takes what is said
    MEDIUM = "medium"  # asks for more after a word or two
    HIGH = "high"  # asks for more after a short answer, twice at most
    DEEP = "deep"  # asks behind every answer, three times at most


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipIfAnswered:
    """Leaves a question out when an earlier choice or rating was answered with one of these options."""

    question_id: QuestionId
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipIfContains:
    """Leaves a question out when the answer to an earlier one has one of these words, in any case."""

    question_id: QuestionId
    contains: tuple[str, ...]


SkipRule = SkipIfAnswered | SkipIfContains


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    question_id: QuestionId
    position: int  # 0-based, in the order of asking
    text: str
    type: QuestionType
    options: tuple[str, ...]  # empty for open-ended questions
    must_ask: bool = False  # is asked before the time runs out, whatever else has to be left
    is_active: bool = True  # False: kept in the set and not asked
    depth: Depth = Depth.MEDIUM
    time_box_seconds: int | None = None  # no longer than that on this question; None: as long as it takes
    skip_if: SkipRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    question_set_id: QuestionSetId
    title: str
    questions: tuple[Question, ...]
    is_archived: bool = False  # no longer offered for new calls
    version: int = 1  # every save makes one
    is_default: bool = False  # offered first for a new discovery call
    time_box_minutes: int | None = None  # None: the call's length

    @property
    def active(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_active)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSetVersion:
    version: int
    title: str
    questions: tuple[Question, ...]
    created_at: datetime
    created_by: UserId | None  # None: it came with the installation
    created_by_name: str | None  # as that person is called today


class CoverageStatus(StrEnum):
    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"


def rule_problem(questions: Sequence[Question], number: int) -> str | None:
    """Why the skip rule of the question at `number` cannot work in this order, in words for people, or None."""
    rule = questions[number].skip_if
    if rule is None:
        return None
    before = next((one for one in questions[:number] if one.question_id == rule.question_id), None)
    if before is None:
        return "A question can only be skipped by the answer to one that stands above it."
    if isinstance(rule, SkipIfAnswered):
        if not before.options:
            return "The question above has no options to go by. Say which words its answer has instead."
        if not set(rule.answers) <= set(before.options):
            return "These are not options of the question above."
    return None
