"""An interview that somebody only tries: the real interviewer on words that were typed, replayed from the greeting.

The replay keeps nothing: the same words give the same lines, and after a change of the set those that it gives now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.ids import Identity, QuestionId, SegmentId
from domain.question_set import CoverageStatus, Question
from domain.transcript import ParticipantRole, Segment, SegmentSource
from intelligence.embedding import Embedder
from intelligence.interview.coverage import Ledger
from intelligence.interview.judging import Judge, KnownTopic
from intelligence.interview.lines import Introduction, Line
from intelligence.interviewing import Interview

MS_PER_WORD = 350
"""Typed words take the time that spoken ones do, so that time boxes end where they would in a call."""

GUEST = "the guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedQuestion:
    question_id: QuestionId
    status: CoverageStatus | Literal["skipped"]  # skipped: by its rule
    answer: str | None  # the words that answered or refused


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedInterview:
    says: str  # the interviewer's next words; empty: it waits for more
    status: tuple[TriedQuestion, ...]  # of each active question, in order
    is_over: bool


def tried(
    questions: Sequence[Question],
    topics: Sequence[KnownTopic],
    embedder: Embedder,
    introduction: Introduction,
    heard: Sequence[str],
    *,
    lasts_ms: int | None,
) -> TriedInterview:
    """What comes after the guest has said all of `heard`, one turn each; before the first word that is the greeting.

    Blocks for some ms a sentence.
    """
    ledger = Ledger(questions)
    judge = Judge(questions, topics, embedder)
    interview = Interview(ledger, judge, introduction, lasts_ms=lasts_ms)
    line: Line | None = interview.greeting([])
    at_ms = said_until(interview, line, 0)
    for number, text in enumerate(heard):
        start_ms, at_ms = at_ms, at_ms + spoken_ms(text)
        line = interview.take_turn(judge.read(segment(number, text, start_ms, at_ms)), at_ms).line
        at_ms = said_until(interview, line, at_ms)
    return TriedInterview(
        says=line.text if line else "",
        status=tuple(known_of(question, ledger) for question in ledger.questions),
        is_over=interview.closed,
    )


def said_until(interview: Interview, line: Line | None, at_ms: int) -> int:
    """Says the line, and returns when it was out."""
    if line is None:
        return at_ms
    at_ms += spoken_ms(line.text)
    interview.was_said(line, line.text, at_ms)
    return at_ms


def known_of(question: Question, ledger: Ledger) -> TriedQuestion:
    answer = ledger.answer_of(question)
    return TriedQuestion(
        question_id=question.question_id,
        status="skipped" if ledger.is_skipped(question) else ledger.status(question),
        answer=answer.text if answer else None,
    )


def segment(number: int, text: str, start_ms: int, end_ms: int) -> Segment:
    return Segment(
        segment_id=SegmentId(UUID(int=number)),
        identity=Identity("guest"),
        name=GUEST,
        role=ParticipantRole.PROSPECT,
        text=text,
        start_ms=start_ms,
        end_ms=end_ms,
        confidence=1.0,
        language="en",
        source=SegmentSource.TEXT,
    )


def spoken_ms(text: str) -> int:
    return MS_PER_WORD * len(text.split())
