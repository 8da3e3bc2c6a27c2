"""The coverage ledger: which question is open, asked, answered or refused, by whom and with which words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import Identity, QuestionId, SegmentId
from domain.question_set import CoverageStatus, Question, QuestionType
from intelligence.interview.clauses import joined
from intelligence.interview.forms import Form, expected_of, is_yes_no
from intelligence.interview.judging import Reading, fits, names_option
from intelligence.interview.moves import Move

OPEN_WITHOUT_FORM = 0.30
"""What was just asked is answered by almost anything; only a missing amount, time or person speaks against it."""

ELSEWHERE = frozenset({Move.STOP, Move.HURRY, Move.COMMAND})
RELATED_AT_ALL = 0.20
"""An answer to "do you …" without yes or no, or a word or two beside another answer, is about the same thing."""

WHILE_ELSEWHERE = 0.38
"""Who is about to hang up mostly talks about that; only what clearly speaks to the open question answers it."""

REST_WORDS = 4
"""Fewer, beside an answer to another question, say nothing on their own."""

CLEARLY_ANOTHERS = 0.45
MARGIN = 0.20
"""So much more than the open question, words speak to another one: then they do not answer what was asked."""

ASKED_BEFORE = 0.38
"""Least relation to a question that was asked and left, or that was answered and is now corrected."""

VOLUNTEERED = 0.58
VOLUNTEERED_WORDS = 5
"""Least relation, and words, of an answer to what nobody has asked: a bare number may be the answer to anything."""

FITTING_WORDS = 100
"""A stretch with the amount, time or person that was asked for goes before any without."""

CORRECTING = re.compile(
    r"\b(?:actually|correction|i mean|make (?:that|it)|correct (?:that|myself)|i was wrong|i misspoke|wait|scratch that"
    r"|better say|in fact|to be (?:exact|precise))\b|^\W*(?:no|sorry|well no)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    question: Question
    segment_id: SegmentId
    identity: Identity
    text: str  # the words as they were said
    volunteered: bool
    refused: bool = False


class Ledger:
    """What is known of each question. `open` is the one that people were asked last and have not dealt with."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self._status = {question.question_id: CoverageStatus.OPEN for question in self.questions}
        self._answers: dict[QuestionId, Answer] = {}
        self.open: Question | None = None

    def status(self, question: Question) -> CoverageStatus:
        return self._status[question.question_id]

    def answer_of(self, question: Question) -> Answer | None:
        return self._answers.get(question.question_id)

    def is_covered(self, question: Question) -> bool:
        return self.status(question) in {CoverageStatus.ANSWERED, CoverageStatus.REFUSED}

    def next(self) -> Question | None:
        """The first that nobody has asked or answered."""
        return next((q for q in self.questions if self.status(q) is CoverageStatus.OPEN), None)

    def asked(self, question: Question) -> None:
        if not self.is_covered(question):
            self._status[question.question_id] = CoverageStatus.ASKED
            self.open = question

    def follow_up(self, question: Question) -> None:
        """Asked for more: what comes next may answer it better."""
        self.open = question

    def leave(self) -> None:
        """Nobody answers the open question; it stays asked."""
        self.open = None

    def note(self, answer: Answer) -> None:
        """Of several for one question the last counts."""
        question_id = answer.question.question_id
        self._status[question_id] = CoverageStatus.REFUSED if answer.refused else CoverageStatus.ANSWERED
        self._answers[question_id] = answer
        if self.open and self.open.question_id == question_id:
            self.open = None

    def restore(
        self, asked: Sequence[Question], answered: Sequence[Question], refused: Sequence[Question]
    ) -> Question | None:
        """As the log has it; returns the question that was open when the earlier agent broke off."""
        for status, questions in (
            (CoverageStatus.ASKED, asked), (CoverageStatus.ANSWERED, answered), (CoverageStatus.REFUSED, refused),
        ):  # fmt: skip
            self._status.update({question.question_id: status for question in questions})
        last = asked[-1] if asked else None
        self.open = last if last and not self.is_covered(last) else None
        return self.open


def answers_in(readings: Sequence[Reading], ledger: Ledger) -> list[Answer]:
    """What one turn answers, volunteers, corrects and refuses; each clause counts for one question at most."""
    opened = ledger.open
    claims: dict[QuestionId, list[Reading]] = {}
    left: list[Reading] = []
    saying = said_to_us(readings, opened)
    disputing = {r.clause.segment_id for r in saying if CORRECTING.search(r.clause.text.lower())}
    for reading in saying:
        if question := claimed(reading, ledger, disputes=reading.clause.segment_id in disputing):
            claims.setdefault(question.question_id, []).append(reading)
        else:
            left.append(reading)
    refusal = refusal_in(readings, left, ledger)
    is_elsewhere = any(reading.move in ELSEWHERE for reading in readings)
    if opened and not refusal and speak_to(opened, left, is_elsewhere=is_elsewhere, is_rest=bool(claims)):
        claims.setdefault(opened.question_id, []).extend(left)
    else:
        join_neighbours(left, claims, ledger)
    answers = [refusal] if refusal else []
    return answers + [
        answer_from(q, claims[q.question_id], ledger) for q in ledger.questions if q.question_id in claims
    ]


def said_to_us(readings: Sequence[Reading], opened: Question | None) -> list[Reading]:
    """The clauses that say something: after "hold on" people talk to somebody else; a bare "yes" answers "do you"."""
    found = []
    for reading in readings:
        if reading.move is Move.HOLD:
            break
        nods = reading.move is Move.FILLER and opened is not None and is_yes_no(opened) and Form.YES in reading.forms
        if reading.clause.is_prospect and (reading.move is Move.STATEMENT or nods):
            found.append(reading)
    return found


def claimed(reading: Reading, ledger: Ledger, *, disputes: bool) -> Question | None:
    """The question to which a clause speaks clearly, if it is another than the open one; `disputes`: "no, sorry"."""
    opened = ledger.open
    here = reading.relation(opened) if opened else 0.0
    best = max(ledger.questions, key=reading.relation, default=None)
    if best is None or best is opened:
        return None
    relation = reading.relation(best)
    fits_here = opened is not None and bool(expected_of(opened)) and fits(opened, reading.forms)
    if opened is not None and relation - here < (MARGIN if fits_here or not expected_of(opened) else 0.0):
        return None
    if expected_of(best) and not fits(best, reading.forms):
        return None
    is_lost_here = opened is not None and bool(expected_of(opened)) and not fits_here
    status = ledger.status(best)
    if status is CoverageStatus.ASKED or (status is CoverageStatus.REFUSED and relation >= CLEARLY_ANOTHERS):
        return best if relation >= ASKED_BEFORE else None
    if status is CoverageStatus.ANSWERED:
        said = ledger.answer_of(best)
        by_another = said is not None and said.identity != reading.clause.identity
        if not expected_of(best) or not (disputes or by_another or is_lost_here):
            return None
        return best if relation >= (ASKED_BEFORE if disputes else CLEARLY_ANOTHERS) else None
    if best.type is QuestionType.RATING:
        return None
    if is_lost_here:
        return best if relation >= CLEARLY_ANOTHERS else None
    long_enough = len(reading.clause.text.split()) >= VOLUNTEERED_WORDS
    return best if long_enough and relation >= VOLUNTEERED else None


def speak_to(question: Question, left: Sequence[Reading], *, is_elsewhere: bool, is_rest: bool) -> bool:
    """True when clauses that speak clearly to no question answer the one that was just asked.

    `is_elsewhere`: the turn is about something else (leaving, tricks). `is_rest`: its other clauses have a question.
    """
    if not left:
        return False
    related = max(reading.relation(question) for reading in left)
    if expected_of(question) or is_yes_no(question):
        fitting = any(fits(question, reading.forms) for reading in left)
    elif question.type is QuestionType.MULTIPLE_CHOICE:
        fitting = any(names_option(question, reading.clause.text) for reading in left)
    else:
        fitting = True
    if is_elsewhere:
        return fitting and related >= WHILE_ELSEWHERE
    if is_rest and related < RELATED_AT_ALL and sum(len(r.clause.text.split()) for r in left) < REST_WORDS:
        return False
    return fitting or related >= (OPEN_WITHOUT_FORM if expected_of(question) else RELATED_AT_ALL)


def join_neighbours(left: Sequence[Reading], claims: dict[QuestionId, list[Reading]], ledger: Ledger) -> None:
    """Words beside those that answer a question of before belong to them: "Me. I sign it." """
    for question in ledger.questions:
        own = claims.get(question.question_id)
        if own and ledger.status(question) is not CoverageStatus.OPEN:
            segments = {reading.clause.segment_id for reading in own}
            own.extend(reading for reading in left if reading.clause.segment_id in segments)


def answer_from(question: Question, own: Sequence[Reading], ledger: Ledger) -> Answer:
    """The stretch of one segment that speaks to the question best; where any words would do, the longest."""

    def weight(run: list[Reading]) -> int:
        is_fitting = bool(expected_of(question)) and any(fits(question, reading.forms) for reading in run)
        return sum(len(reading.clause.text.split()) for reading in run) + FITTING_WORDS * is_fitting

    run = max(runs_of(own), key=weight)
    return Answer(
        question=question,
        segment_id=run[0].clause.segment_id,
        identity=run[0].clause.identity,
        text=joined([reading.clause for reading in run]),
        volunteered=ledger.status(question) is CoverageStatus.OPEN,
    )


def runs_of(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Neighbouring clauses of one segment together, in order."""
    segments: dict[SegmentId, list[Reading]] = {}
    for reading in readings:
        segments.setdefault(reading.clause.segment_id, []).append(reading)
    runs: list[list[Reading]] = []
    for own in segments.values():
        own.sort(key=lambda reading: reading.clause.index)
        for number, reading in enumerate(own):
            if number and own[number - 1].clause.index + 1 == reading.clause.index:
                runs[-1].append(reading)
            else:
                runs.append([reading])
    return runs


def refusal_in(readings: Sequence[Reading], left: Sequence[Reading], ledger: Ledger) -> Answer | None:
    """Closes the open question, unless the same turn answers it after all, or is a trick."""
    opened = ledger.open
    refusing = [reading for reading in readings if reading.move is Move.REFUSAL and reading.clause.is_prospect]
    if opened is None or not refusing or any(reading.move is Move.COMMAND for reading in readings):
        return None
    needs_form = bool(expected_of(opened))
    if any(fits(opened, reading.forms) if needs_form else reading.relation(opened) >= ASKED_BEFORE for reading in left):
        return None
    clause = refusing[-1].clause
    return Answer(
        question=opened,
        segment_id=clause.segment_id,
        identity=clause.identity,
        text=clause.text,
        volunteered=False,
        refused=True,
    )
