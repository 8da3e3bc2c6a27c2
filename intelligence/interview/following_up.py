"""What is asked behind an answer, by the depth that the question set wants."""

import re
from collections.abc import Sequence

from domain.question_set import Depth, Question, QuestionType
from intelligence.interview import phrases
from intelligence.interview.choices import is_clear_choice
from intelligence.interview.forms import Form, expected_of, forms_in

THIN_WORDS = 2
SHORT_WORDS = 12

MOST_UNASKED = 2
"""Follow-ups in one call that the question set did not ask for; more would be an interrogation."""

MOST = {Depth.LOW: 0, Depth.MEDIUM: 1, Depth.HIGH: 2, Depth.DEEP: 3}
"""Behind one question."""

WANTS_MORE = re.compile(r"\W*(?:why|how|what (?:made|prompted))\b")


def is_wanted(question: Question) -> bool:
    """The question set asks for follow-ups by itself, so that they do not count against MOST_UNASKED."""
    return question.depth in {Depth.HIGH, Depth.DEEP}


def behind(question: Question, answer: str, asked: int) -> str | None:
    """The next follow-up in words; `asked` says how many there were behind this question. None: enough."""
    if asked >= MOST[question.depth]:
        return None
    if question.type is not QuestionType.OPEN_ENDED and not is_clear_choice(question, answer):
        return phrases.options_again(question)
    if question.depth is Depth.MEDIUM:
        return phrases.TELL_ME_MORE if is_thin(question, answer) else None
    if Form.UNKNOWN in forms_in(answer):
        return None
    if question.depth is Depth.HIGH and len(answer.split()) > SHORT_WORDS:
        return None
    return deeper(question)[asked]


def is_thin(question: Question, answer: str) -> bool:
    """A word or two to an open question that wants more."""
    if question.type is not QuestionType.OPEN_ENDED or expected_of(question):
        return False
    return bool(WANTS_MORE.match(question.text.lower())) and len(answer.split()) <= THIN_WORDS


def deeper(question: Question) -> Sequence[str]:
    """A number on a scale has a reason; how many people there are has none."""
    return phrases.REASONS if question.type is QuestionType.RATING else phrases.DEEPER
