"""What the agent asks in a discovery call."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import QuestionId, QuestionSetId


class QuestionType(StrEnum):
    OPEN_ENDED = "open_ended"
    MULTIPLE_CHOICE = "multiple_choice"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    question_id: QuestionId
    position: int  # 0-based, in the order of asking
    text: str
    type: QuestionType
    options: tuple[str, ...]  # empty for open-ended questions


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    question_set_id: QuestionSetId
    title: str
    questions: tuple[Question, ...]
    is_archived: bool = False  # no longer offered for new calls


class CoverageStatus(StrEnum):
    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"
