"""Leads the conversation: says the interview's lines when the floor is free, yields, waits, goes on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace

from agent.ears import Speaker
from agent.floor import Floor
from agent.publisher import Publisher
from agent.voice import Voice
from agent.wording import Wording
from domain.clock import Clock
from domain.event import Event, QuestionAnswered, QuestionAsked, QuestionRefused, SegmentAdded
from domain.ids import CallId, EventId, Identity, SegmentId, uuid7
from domain.question_set import CoverageStatus
from domain.transcript import ParticipantRole, Segment, SegmentSource
from intelligence.interview.coverage import Answer
from intelligence.interview.judging import Judge, Reading
from intelligence.interview.lines import Line, LineKind
from intelligence.interviewing import Interview
from telemetry import log

logger = log.get(__name__)

TICK_S = 0.01
"""How often the floor is looked at; its share of the answer delay is half of it."""

SILENCE_MS = 12_000
"""Nobody answers: the question is said once more after this, and left open after as much again."""

WAITING_MS = 40_000
"""The same for somebody who asked for a moment."""

FIRST_WORD_DEADLINE_S = 15.0
"""Longer than that nobody is kept from being told that an AI is here."""

READING_DEADLINE_S = 1.5
"""Words are read while people go on speaking; what is not read by then is read by rules alone."""


@dataclass(frozen=True, slots=True)
class Heard:
    segment: Segment
    reading: asyncio.Future[list[Reading]]


class Interviewer:
    """The owner runs `run()` as a task in a spoken call, or calls `answer_turn()` in one staged as text."""

    def __init__(
        self,
        call_id: CallId,
        identity: Identity,
        name: str,
        interview: Interview,
        judge: Judge,
        thinking: Executor,
        wording: Wording,
        floor: Floor,
        voice: Voice,
        publisher: Publisher,
        archive: Callable[[Event], None],
        clock: Clock,
    ) -> None:
        self._call_id = call_id
        self._identity = identity
        self._name = name
        self._interview = interview
        self._judge = judge
        self._thinking = thinking
        self._wording = wording
        self._floor = floor
        self._voice = voice
        self._publisher = publisher
        self._archive = archive
        self._clock = clock
        self._quiet_since_ms = 0
        self._said_again = False
        self._heard: list[Heard] = []
        self._expected: Heard | None = None
        self._prepared_for: list[Heard] = []
        self._has_greeted = False
        self._known: set[Identity] = set()

    @property
    def has_closed(self) -> bool:
        return self._interview.closed

    def arrived(self, speaker: Speaker) -> None:
        """Who comes after the greeting is told with the next line who is talking."""
        if speaker.role is ParticipantRole.PROSPECT and speaker.identity not in self._known:
            self._known.add(speaker.identity)
            if self._has_greeted:
                self._interview.welcome(speaker.name)

    def expect(self, segment: Segment) -> None:
        """What somebody has said if the pause lasts: read at once, and an answer to it prepared."""
        self._expected = Heard(segment, self._read(segment))

    def heard(self, segment: Segment) -> None:
        """Starts reading it at once, so that the answer does not wait for that when the turn is over."""
        expected, self._expected = self._expected, None
        if expected and (expected.segment.segment_id, expected.segment.text) == (segment.segment_id, segment.text):
            self._heard.append(expected)
        else:
            self._heard.append(Heard(segment, self._read(segment)))

    def _read(self, segment: Segment) -> asyncio.Future[list[Reading]]:
        return asyncio.get_running_loop().run_in_executor(self._thinking, self._judge.read, segment)

    async def run(self, first: Line) -> None:
        """Says `first` when nobody is speaking, then answers each turn of the humans until cancelled."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_WORD_DEADLINE_S):
                while self._floor.somebody_speaks:
                    await asyncio.sleep(TICK_S)
        self._floor.take_turn()
        await self.say(first)
        while True:
            await asyncio.sleep(TICK_S)
            now_ms = self._clock.elapsed_ms()
            ends_ms = self._floor.turn_ends_at_ms()
            patience_ms = WAITING_MS if self._interview.is_waiting else SILENCE_MS
            if ends_ms is not None and now_ms >= ends_ms:
                await self.answer_turn()
            elif self._floor.somebody_speaks or ends_ms is not None:
                self._prepare_answer()
                self._quiet_since_ms = now_ms
            elif now_ms - self._quiet_since_ms >= patience_ms:
                await self._break_silence()

    async def answer_turn(self) -> None:
        """Keeps what was answered since the last turn and says the next line, if it is our turn."""
        self._floor.take_turn()
        self._said_again = False
        reply = self._interview.take_turn(await self._readings(), self._clock.elapsed_ms())
        for answer in reply.answers:
            self._archive(self._event_of(answer))
        self._quiet_since_ms = self._clock.elapsed_ms()
        if reply.line:
            await self.say(reply.line)

    def _prepare_answer(self) -> None:
        """While it is not sure yet that people are done: the sound of the answer, should they be."""
        heard = [*self._heard, self._expected] if self._expected else list(self._heard)
        if heard == self._prepared_for or not all(one.reading.done() for one in heard):
            return
        self._prepared_for = heard
        readings = [reading for one in heard for reading in one.reading.result()]
        if line := self._interview.imagined_line(readings, self._clock.elapsed_ms()):
            self._voice.prepare(self._worded(line).text)

    async def say(self, line: Line) -> None:
        """Speaks, with captions; only what was said is written down, and a question that was cut off was not asked."""
        line = self._worded(line)
        segment_id = SegmentId(uuid7())
        shown = [asyncio.create_task(self._publisher.state("thinking"))]

        def on_start() -> None:
            shown.append(asyncio.create_task(self._show(segment_id, line.text, is_final=False)))
            shown.append(asyncio.create_task(self._publisher.state("speaking")))

        start_ms = self._clock.elapsed_ms()
        spoken = await self._voice.say(line.text, on_start)
        end_ms = self._clock.elapsed_ms()
        await asyncio.gather(*shown)
        await self._show(segment_id, spoken, is_final=True)
        if spoken:
            self._archive_said(segment_id, spoken, start_ms, end_ms)
        ledger = self._interview.ledger
        is_new = line.question is not None and ledger.status(line.question) is CoverageStatus.OPEN
        self._has_greeted = True
        if self._interview.was_said(line, spoken, end_ms) and line.question and is_new:
            self._archive(
                QuestionAsked(
                    event_id=EventId(uuid7()),
                    call_id=self._call_id,
                    at_ms=start_ms,
                    question_id=line.question.question_id,
                    position=line.question.position,
                    text=line.question.text,
                )
            )
        if upcoming := self._interview.upcoming(end_ms):
            self._wording.prepare(upcoming)
        await self._publisher.state("listening")
        self._quiet_since_ms = self._clock.elapsed_ms()

    def _worded(self, line: Line) -> Line:
        """A question that is asked first, as a language model would ask it, if that is known by now."""
        if line.kind is not LineKind.QUESTION or line.question is None:
            return line
        return replace(line, body=self._wording.asked_as(line.question) or line.body)

    async def _readings(self) -> list[Reading]:
        heard, self._heard = self._heard, []
        self._prepared_for = []
        try:
            async with asyncio.timeout(READING_DEADLINE_S):
                read = await asyncio.gather(*(one.reading for one in heard))
        except TimeoutError:
            logger.warning("reading was late", segments=len(heard))
            read = [self._judge.read_by_rules(one.segment) for one in heard]
        return [reading for readings in read for reading in readings]

    async def _break_silence(self) -> None:
        line = self._interview.break_silence(self._clock.elapsed_ms(), said_again=self._said_again)
        self._said_again = line is not None and line.kind is LineKind.REPEAT
        self._quiet_since_ms = self._clock.elapsed_ms()
        if line:
            await self.say(line)

    async def _show(self, segment_id: SegmentId, text: str, *, is_final: bool) -> None:
        await self._publisher.caption(segment_id, self._identity, self._name, text, is_final=is_final)

    def _event_of(self, answer: Answer) -> Event:
        event_id, at_ms = EventId(uuid7()), self._clock.elapsed_ms()
        if answer.refused:
            return QuestionRefused(
                event_id=event_id,
                call_id=self._call_id,
                at_ms=at_ms,
                question_id=answer.question.question_id,
                position=answer.question.position,
                segment_id=answer.segment_id,
                text=answer.text,
                identity=answer.identity,
            )
        return QuestionAnswered(
            event_id=event_id,
            call_id=self._call_id,
            at_ms=at_ms,
            question_id=answer.question.question_id,
            position=answer.question.position,
            segment_id=answer.segment_id,
            text=answer.text,
            identity=answer.identity,
            volunteered=answer.volunteered,
        )

    def _archive_said(self, segment_id: SegmentId, spoken: str, start_ms: int, end_ms: int) -> None:
        segment = Segment(
            segment_id=segment_id,
            identity=self._identity,
            name=self._name,
            role=ParticipantRole.AGENT,
            text=spoken,
            start_ms=start_ms,
            end_ms=end_ms,
            confidence=1.0,
            language="en",
            source=SegmentSource.AGENT,
        )
        self._wording.hear(segment)
        self._archive(SegmentAdded(event_id=EventId(uuid7()), call_id=self._call_id, at_ms=end_ms, segment=segment))
