"""People who are interviewed: scripted ones, and the words of a test."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.ids import Identity, QuestionId, SegmentId, uuid7
from domain.question_set import Question, QuestionType
from domain.transcript import ParticipantRole, Segment
from intelligence.interview import topics
from intelligence.interview.coverage import Answer, Ledger
from intelligence.interview.judging import Judge, KnownTopic, known_topics
from intelligence.interview.lines import Introduction, Line, Reply
from intelligence.interviewing import Interview
from providers.local.minilm import DIMENSIONS, MiniLM
from tests.sample import a_segment

INTRODUCTION = Introduction(agent_name="Nova", organization_name="Acme", owner_name="Tom Okafor")


class RememberingEmbedder:
    """The real embeddings; what was embedded once is not embedded again."""

    def __init__(self) -> None:
        self._model = MiniLM()
        self._known: dict[str, NDArray[np.float32]] = {}

    def embed(self, sentences: list[str]) -> NDArray[np.float32]:
        fresh = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._known]
        self._known.update(zip(fresh, self._model.embed(fresh), strict=True))
        return np.array([self._known[sentence] for sentence in sentences], np.float32).reshape(-1, DIMENSIONS)


@cache
def embedder() -> RememberingEmbedder:
    return RememberingEmbedder()


@cache
def known() -> tuple[KnownTopic, ...]:
    return known_topics(topics.load(), embedder())


def question(
    text: str, position: int = 0, type: str = "open_ended", options: Sequence[str] = (), **other: Any
) -> Question:
    return Question(
        question_id=QuestionId(uuid7()),
        position=position,
        text=text,
        type=QuestionType(type),
        options=tuple(options),
        **other,
    )


def questions(*texts: str) -> tuple[Question, ...]:
    return tuple(question(text, position) for position, text in enumerate(texts))


def spoken(text: str, who: str = "robin", role: ParticipantRole = ParticipantRole.PROSPECT) -> Segment:
    return a_segment(text, segment_id=SegmentId(uuid7()), identity=Identity(who), name=who, role=role)


@dataclass
class Talk:
    """An interview whose every line is said to its end, at `at_ms`: time stands still unless the test moves it."""

    asked: tuple[Question, ...]
    introduction: Introduction = INTRODUCTION
    lasts_ms: int | None = None
    at_ms: int = 0
    lines: list[Line] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.judge = Judge(self.asked, known(), embedder())
        self.ledger = Ledger(self.asked)
        self.interview = Interview(self.ledger, self.judge, self.introduction, lasts_ms=self.lasts_ms)

    def greet(self) -> "Talk":
        self.say(self.interview.greeting(["Robin Finch"]))
        return self

    def say(self, line: Line | None, *, share: float = 1.0) -> None:
        if line:
            self.lines.append(line)
            self.interview.was_said(line, line.text[: int(share * len(line.text))], self.at_ms)

    def hear(self, *segments: Segment | str, share: float = 1.0) -> Reply:
        """People say this in one turn, and the agent answers; `share` of its line is out when it is cut off."""
        said = [spoken(segment) if isinstance(segment, str) else segment for segment in segments]
        readings = [reading for segment in said for reading in self.judge.read(segment)]
        imagined = self.interview.imagined_line(readings, self.at_ms)
        reply = self.interview.take_turn(readings, self.at_ms)
        assert imagined == reply.line, "the answer that is prepared is the one that is given"
        self.answers += reply.answers
        self.say(reply.line, share=share)
        return reply

    def answer_of(self, position: int) -> str | None:
        answer = self.ledger.answer_of(self.asked[position])
        return answer.text if answer else None


def scripts() -> list[dict[str, Any]]:
    """Interviews as they might be, with what is covered in the end. Own words; none was heard anywhere."""
    found: list[dict[str, Any]] = json.loads((Path(__file__).parent / "interviews.json").read_text())
    return found


def played(script: dict[str, Any], *, bare: bool = False) -> Talk:
    """`bare`: without capitals and punctuation, as a recognizer may write it down."""
    talk = Talk(tuple(question(position=n, **entry) for n, entry in enumerate(script["questions"]))).greet()
    for turn in script["turns"]:
        text = turn["text"]
        if bare:
            text = "".join(char for char in text.lower() if char.isalnum() or char in " '-")
        talk.hear(spoken(text, turn["speaker"]))
    return talk
