"""What the agent can say: a line, why it is said, and who the agent is."""

from dataclasses import dataclass
from enum import StrEnum

from domain.question_set import Question
from intelligence.interview.coverage import Answer


class LineKind(StrEnum):
    GREETING = "greeting"
    QUESTION = "question"
    REPEAT = "repeat"
    FOLLOW_UP = "follow_up"
    REMARK = "remark"  # says something and asks nothing
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    kind: LineKind
    lead: str = ""  # answers or acknowledges what was said; may be worded in another way
    body: str  # what must be said
    question: Question | None = None  # for QUESTION, REPEAT and FOLLOW_UP

    @property
    def text(self) -> str:
        return f"{self.lead} {self.body}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    answers: tuple[Answer, ...]
    line: Line | None  # None: people are not done, or all is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    agent_name: str
    organization_name: str
    owner_name: str
    can_hear: bool = True  # False: the call's transcript is off, so that people can only write

    @property
    def owner(self) -> str:
        return self.owner_name.split()[0] if self.owner_name.split() else self.organization_name
