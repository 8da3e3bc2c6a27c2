"""The conversation of a discovery call without a language model: greet, ask what is not yet known, close.

A plan that always works; a language model will make the wording better, never possible.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy

from domain.question_set import Question
from intelligence.interview import following_up, phrases
from intelligence.interview.answering import answers_in
from intelligence.interview.answers import ECHO_WORDS, echo_of
from intelligence.interview.coverage import Answer, Ledger
from intelligence.interview.judging import Judge, Reading
from intelligence.interview.lines import Introduction, Line, LineKind, Reply
from intelligence.interview.moves import Move, is_dissent, is_interjection
from intelligence.interview.pacing import Pace

UNDERSTOOD_SHARE = 0.7
"""Of a line's characters; people answer a question before its last words."""

MOST_TRIES = 2
"""A question is asked once more when something else was said, and then left open in the record."""


class Interview:
    """Where the conversation stands.

    `take_turn` with what people said gives the answers in it and the next line. A line counts when it `was_said`: one
    that was cut off before it could be understood is chosen anew. `at_ms` is always now, since the call started.
    """

    def __init__(
        self, ledger: Ledger, judge: Judge, introduction: Introduction, *, lasts_ms: int | None = None
    ) -> None:
        """`lasts_ms`: the time for all questions together; None: as long as it takes."""
        self.ledger = ledger
        self._judge = judge
        self._introduction = introduction
        self._tries: dict[int, int] = {}
        self._greeted = False
        self._lines = 0
        self._followed_up: Counter[int] = Counter()
        self._pace = Pace(lasts_ms)
        self._wants_human = False
        self._cut_off: Line | None = None
        self._welcomes: list[str] = []
        self._skipped: set[int] = set()
        self._asked_leave = False  # the greeting's "is that all right with you?" was the last thing said
        self.closed = False
        self.is_waiting = False  # somebody asked for a moment

    # What the agent says of its own accord.

    def greeting(self, names: Sequence[str]) -> Line:
        who = self._introduction
        text = phrases.greeting(
            names, who.agent_name, who.organization_name, who.owner, len(self.ledger.questions), can_hear=who.can_hear
        )
        return Line(kind=LineKind.GREETING, body=text)

    def resume(self, *, was_sent_away: bool, at_ms: int) -> Line:
        """Goes on where an earlier agent broke off; asks the open question again."""
        self._greeted = True
        lead = phrases.RETURNED if was_sent_away else phrases.BACK
        if self.ledger.open:
            return self._asking(self.ledger.open, lead, LineKind.REPEAT)
        return self._next(lead, at_ms)

    def welcome(self, name: str) -> None:
        """Somebody came in after the greeting: the next line tells them who is talking."""
        self._welcomes.append(phrases.welcome(name, self._introduction.agent_name))

    def upcoming(self, at_ms: int) -> Question | None:
        """The question that would be asked next."""
        return self._pace.following(self.ledger.waiting(), at_ms)

    def break_silence(self, at_ms: int, *, said_again: bool) -> Line | None:
        """Nobody answers: the open question once more, and then the next one; None when all is said."""
        self.is_waiting = False
        if self.closed:
            return None
        opened = self.ledger.open
        may_ask_again = opened and not self.ledger.is_covered(opened) and not self._pace.is_over(opened, at_ms)
        if opened and may_ask_again and not said_again:
            return self._asking(opened, phrases.OF_COURSE, LineKind.REPEAT)
        self.ledger.leave()
        return self._next(phrases.LET_US_GO_ON if opened or self._tries else "", at_ms)

    def was_said(self, line: Line, spoken: str, at_ms: int) -> bool:
        """Counts the line if enough was out before a cut: of the greeting that an AI talks, of a question most."""
        if line.kind is LineKind.GREETING:
            enough = len(spoken) >= len(line.body.partition(".")[0])
        else:
            enough = len(spoken) >= UNDERSTOOD_SHARE * len(line.text)
        self._cut_off = None if enough else line
        self._asked_leave = spoken.endswith("?") and line.kind is LineKind.GREETING
        if enough:
            if line.kind is LineKind.GREETING:
                self._pace.began(at_ms)
            self._greeted = True
            self._welcomes.clear()
            self.closed = self.closed or line.kind is LineKind.CLOSING
            if line.question and line.kind is LineKind.FOLLOW_UP:
                self.ledger.follow_up(line.question)
            elif line.question:
                self.ledger.asked(line.question)
                self._pace.asked(line.question, at_ms)
                self._tries[line.question.position] = self._tries.get(line.question.position, 0) + 1
        return enough

    # What it answers.

    def take_turn(self, readings: Sequence[Reading], at_ms: int) -> Reply:
        """After people have spoken. `readings` are of everything said since the last line."""
        opened = self.ledger.open
        answers = answers_in(readings, self.ledger)
        counting = [answer for answer in answers if self.ledger.note(answer)]
        self.is_waiting = False
        line = self._after_closing(readings) if self.closed else self._line(readings, answers, opened, at_ms)
        if line and self._welcomes and not self.closed:
            line = Line(
                kind=line.kind, lead=" ".join([*self._welcomes, line.lead]), body=line.body, question=line.question
            )
        return Reply(answers=tuple(counting), line=line)

    def imagined_line(self, readings: Sequence[Reading], at_ms: int) -> Line | None:
        """The line that `take_turn` would give now; changes nothing."""
        shared = {id(kept): kept for kept in (self._judge, *self.ledger.questions)}
        return deepcopy(self, shared).take_turn(readings, at_ms).line

    def _line(
        self, readings: Sequence[Reading], answers: Sequence[Answer], opened: Question | None, at_ms: int
    ) -> Line | None:
        moves = {reading.move for reading in readings}
        owner = self._introduction.owner
        if not self._greeted and self._cut_off:
            return self._cut_off
        if Move.STOP in moves:
            return Line(kind=LineKind.CLOSING, body=phrases.closing_early(owner))
        if Move.HUMAN in moves:
            if self._wants_human:
                return Line(kind=LineKind.CLOSING, body=phrases.closing_for_human(owner))
            self._wants_human = True
        if self._asked_leave and not answers and readings and is_dissent(readings[0].clause.text):
            return Line(kind=LineKind.CLOSING, body=phrases.closing_early(owner))
        interjects = any(is_interjection(reading.clause.text) for reading in readings)
        if Move.HOLD in moves and not (interjects and Move.QUESTION in moves):
            self.is_waiting = True
            return Line(kind=LineKind.REMARK, body=phrases.GO_AHEAD if interjects else phrases.TAKE_YOUR_TIME)
        self._pace.is_brief |= Move.HURRY in moves
        dealt_with = opened is None or self.ledger.is_covered(opened)
        is_over = opened is not None and self._pace.is_over(opened, at_ms)
        is_enough = is_over or self._pace.is_short(self.ledger.waiting(), at_ms)
        if Move.REPEAT in moves and not dealt_with and opened:
            return self._asking(opened, phrases.OF_COURSE, LineKind.REPEAT)
        lead = self._answer_to(moves)
        if dealt_with:
            follow_up = None if lead or is_enough else self._follow_up(answers, opened)
            return follow_up or self._next(lead or self._acknowledged(answers, opened, moves), at_ms)
        if not lead and not answers and moves <= {Move.FILLER}:
            return self._cut_off and self._again(self._cut_off)
        assert opened is not None
        if self._tries.get(opened.position, 0) < MOST_TRIES and not is_over:
            return self._asking(opened, lead or self._coming_back(), LineKind.REPEAT)
        self.ledger.leave()
        return self._next(lead or phrases.LET_US_GO_ON, at_ms)

    def _answer_to(self, moves: set[Move]) -> str:
        """The answer to a simple question of theirs; empty when they asked none."""
        who = self._introduction
        answers = {
            Move.COMMAND: phrases.NO_COMMANDS[self._lines % len(phrases.NO_COMMANDS)],
            Move.HUMAN: phrases.human(who.owner),
            Move.WHO: phrases.who(who.agent_name, who.organization_name, who.owner),
            Move.RECORDED: phrases.recorded(who.owner, can_hear=who.can_hear),
            Move.LENGTH: phrases.length(len(self.ledger.waiting())),
            Move.WHY: phrases.why(who.owner),
            Move.QUESTION: phrases.passed_on(who.owner),
            Move.HURRY: phrases.BRIEF,
        }
        return next((text for move, text in answers.items() if move in moves), "")

    def _acknowledged(self, answers: Sequence[Answer], opened: Question | None, moves: set[Move]) -> str:
        self._lines += 1
        answer = next((a for a in answers if a.question is opened), answers[0] if answers else None)
        if answer is None:
            return phrases.GREAT if moves <= {Move.FILLER} else phrases.I_SEE[self._lines % len(phrases.I_SEE)]
        if answer.refused:
            return phrases.SKIPPED
        if echo := echo_of(answer):
            return phrases.NOTED[self._lines % len(phrases.NOTED)].format(echo)
        topic = self._judge.topic_of(answer.question)
        if topic and topic.topic == "problem" and len(answer.text.split()) >= ECHO_WORDS:
            return phrases.I_SEE[self._lines % len(phrases.I_SEE)]
        return phrases.THANKS[self._lines % len(phrases.THANKS)]

    def _coming_back(self) -> str:
        self._lines += 1
        return phrases.COMING_BACK[self._lines % len(phrases.COMING_BACK)]

    def _follow_up(self, answers: Sequence[Answer], opened: Question | None) -> Line | None:
        """One short question behind the answer, as far as the question set wants to know more."""
        answer = next((a for a in answers if a.question is opened and not a.refused and not a.volunteered), None)
        if answer is None:
            return None
        question = answer.question
        body = following_up.behind(question, answer.text, self._followed_up[question.position])
        if body is None or not (following_up.is_wanted(question) or self._may_ask_further()):
            return None
        self._followed_up[question.position] += 1
        self._lines += 1
        lead = phrases.THANKS[self._lines % len(phrases.THANKS)]
        return Line(kind=LineKind.FOLLOW_UP, lead=lead, body=body, question=question)

    def _may_ask_further(self) -> bool:
        wanted = {q.position for q in self.ledger.questions if following_up.is_wanted(q)}
        return sum(n for position, n in self._followed_up.items() if position not in wanted) < following_up.MOST_UNASKED

    def _after_closing(self, readings: Sequence[Reading]) -> Line | None:
        asks = any(reading.move in {Move.QUESTION, Move.HUMAN} for reading in readings)
        return Line(kind=LineKind.REMARK, body=phrases.after_closing(self._introduction.owner)) if asks else None

    def _next(self, lead: str, at_ms: int) -> Line:
        waiting = self.ledger.waiting()
        question = self._pace.following(waiting, at_ms)
        skipped = [
            q for q in self.ledger.questions
            if self.ledger.is_covered(q) and q.position not in self._tries and q.position not in self._skipped
            and (question is None or q.position < question.position)
        ]  # fmt: skip
        self._skipped.update(q.position for q in skipped)
        spoken = [topic.spoken for q in skipped if (topic := self._judge.topic_of(q))]
        lead = " ".join(part for part in (lead, phrases.skips(spoken)) if part)
        if question is None:
            closing = phrases.closing_in_time if waiting else phrases.closing
            return Line(kind=LineKind.CLOSING, lead=lead, body=closing(self._introduction.owner))
        return self._asking(question, lead, LineKind.QUESTION)

    def _asking(self, question: Question, lead: str, kind: LineKind) -> Line:
        return Line(kind=kind, lead=lead, body=phrases.asked_as(question), question=question)

    def _again(self, line: Line) -> Line:
        """A line that was cut off, without the thanks before it, which have been heard."""
        return Line(kind=line.kind, body=line.body, question=line.question)
