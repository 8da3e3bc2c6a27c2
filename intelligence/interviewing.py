"""The conversation of a discovery call without a language model: greet, ask one after the other, close.

A plan that always works; a language model will make the wording better, never possible.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.question_set import Question, QuestionType

THANKS = ("Thank you.", "Understood.", "Thanks, that helps.", "Got it.", "I see, thank you.", "All right.")

REPEAT_REQUESTS = re.compile(
    r"\b(say that again|repeat (that|the question)|didn'?t (catch|hear)|come again|what was the question|pardon me)\b"
)


UNDERSTOOD_SHARE = 0.7
"""Of a line's characters; people answer a question before its last words."""


class LineKind(StrEnum):
    GREETING = "greeting"
    QUESTION = "question"
    REPEAT = "repeat"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    kind: LineKind
    text: str
    question: Question | None  # for QUESTION and REPEAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    question: Question
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    agent_name: str
    organization_name: str
    owner_name: str


class Interview:
    """Where the conversation stands. `take_turn` with what people said gives what was answered and what to say next."""

    def __init__(self, questions: Sequence[Question], introduction: Introduction) -> None:
        self._questions = tuple(questions)
        self._introduction = introduction
        self._next = 0
        self._open: Question | None = None
        self._greeted = False
        self.closed = False

    def resume(self, asked: Iterable[Question], answered: Iterable[Question]) -> Line:
        """Goes on where an earlier agent broke off; asks the open question again."""
        asked_positions = {question.position for question in asked}
        answered_positions = {question.position for question in answered}
        self._greeted = True
        self._next = max(asked_positions, default=-1) + 1
        last = self._next - 1
        self._open = self._questions[last] if last >= 0 and last not in answered_positions else None
        apology = "Sorry, I lost the connection for a moment, nothing of what you said is lost."
        if self._open:
            return Line(kind=LineKind.REPEAT, text=f"{apology} {asked_as(self._open)}", question=self._open)
        following = self._advance()
        return Line(kind=following.kind, text=f"{apology} {following.text}", question=following.question)

    def greeting(self, names: Sequence[str]) -> Line:
        """The first sentence tells that an AI is talking. Source: product.md, consent."""
        first_names = [name.split()[0] for name in names if name.split()]
        hello = f"Hello {listed(first_names)}" if first_names else "Hello"
        who = self._introduction
        count = len(self._questions)
        text = (
            f"{hello}, I am {who.agent_name}, an AI assistant for {who.organization_name}. "
            f"I have {spoken_count(count)} for you, and {who.owner_name.split()[0]} will get the notes. "
            "You can interrupt me at any time. Is that all right with you?"
        )
        self._greeted = True
        return Line(kind=LineKind.GREETING, text=text, question=None)

    def take_turn(self, said: str) -> tuple[Answer | None, Line | None]:
        """After people have spoken: the answer that this was, if any, and the next line, None when all is said."""
        if self.closed:
            return None, None
        if REPEAT_REQUESTS.search(said.lower()) and len(said.split()) < 15:
            return None, self.repeat()
        answer = Answer(question=self._open, text=said) if self._open else None
        self._open = None
        passed_on = asks_back(said)
        line = self._advance()
        owner = self._introduction.owner_name.split()[0]
        if passed_on:
            lead = f"Good question, I will pass it on to {owner}."
        else:
            lead = THANKS[(self._next + len(said)) % len(THANKS)] if answer else "Great."
        return answer, Line(kind=line.kind, text=f"{lead} {line.text}", question=line.question)

    def repeat(self) -> Line:
        """The open question once more, for somebody who did not hear or has been silent."""
        if self._open is None:
            return self._advance()
        return Line(kind=LineKind.REPEAT, text=f"Of course. {asked_as(self._open)}", question=self._open)

    def was_understood(self, line: Line, said: str) -> bool:
        """True when enough was out before the cut: of the greeting that an AI talks, of a question most."""
        if line.kind is LineKind.GREETING:
            return len(said) >= len(line.text.partition(".")[0])
        return len(said) >= UNDERSTOOD_SHARE * len(line.text)

    def again(self, line: Line) -> Line:
        """A line that was cut off, without the thanks before it, which have been heard."""
        text = asked_as(line.question) if line.question else line.text
        return Line(kind=line.kind, text=text, question=line.question)

    def go_on(self) -> Line | None:
        """Nobody answered: leaves the question open in the record and goes on."""
        if self.closed:
            return None
        self._open = None
        line = self._advance()
        return Line(kind=line.kind, text=f"Let us go on. {line.text}", question=line.question)

    def _advance(self) -> Line:
        if self._next < len(self._questions):
            self._open = self._questions[self._next]
            self._next += 1
            return Line(kind=LineKind.QUESTION, text=asked_as(self._open), question=self._open)
        self.closed = True
        owner = self._introduction.owner_name.split()[0]
        text = f"That was my last question. Thank you for your time. {owner} will be in touch with you. Goodbye."
        return Line(kind=LineKind.CLOSING, text=text, question=None)


def asked_as(question: Question) -> str:
    """The question as it is spoken: the options of a choice are read out, a rating's scale is in its text."""
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return f"{question.text} Would you say {listed(question.options, last='or')}?"
    return question.text


def asks_back(said: str) -> bool:
    """True when the last sentence of a turn is a question, so that the people expect an answer."""
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", said.strip()) if part]
    return bool(sentences) and sentences[-1].endswith("?") and len(sentences[-1].split()) >= 4


def listed(names: Sequence[str], *, last: str = "and") -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def spoken_count(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    number = words[count] if count < len(words) else "some"
    return f"{number} short question{'' if count == 1 else 's'}"
