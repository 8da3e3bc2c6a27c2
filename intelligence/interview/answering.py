"""Which of what people say in a turn answers, volunteers, corrects or refuses which question."""

from collections.abc import Sequence

from domain.ids import QuestionId, SegmentId
from domain.question_set import CoverageStatus, Question, QuestionType
from intelligence.interview.clauses import joined
from intelligence.interview.coverage import CORRECTING, Answer, Ledger
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
