"""Leads the conversation: says the interview's lines when the floor is free, yields, waits, goes on."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from agent.floor import Floor
from agent.publisher import Publisher
from agent.voice import Spoken, Voice
from domain.clock import Clock
from domain.event import Event, QuestionAnswered, QuestionAsked, SegmentAdded
from domain.ids import CallId, EventId, Identity, SegmentId, uuid7
from domain.transcript import ParticipantRole, Segment, SegmentSource
from intelligence.interviewing import Interview, Line

TICK_S = 0.03
"""How often the floor is looked at; its share of the answer delay is half of it."""

SILENCE_MS = 12_000
"""Nobody answers: the question is said once more after this, and left open after as much again."""


FIRST_WORD_DEADLINE_S = 15.0
"""Longer than that nobody is kept from being told that an AI is here."""


class Interviewer:
    """The owner runs `run()` as a task in a spoken call, or calls `answer_turn()` in one staged as text."""

    def __init__(
        self,
        call_id: CallId,
        identity: Identity,
        name: str,
        interview: Interview,
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
        self._floor = floor
        self._voice = voice
        self._publisher = publisher
        self._archive = archive
        self._clock = clock
        self._quiet_since_ms = 0
        self._repeated = False
        self._cut_off: Line | None = None
        self._last_segment: SegmentId | None = None

    @property
    def has_closed(self) -> bool:
        return self._interview.closed

    def heard(self, segment: Segment) -> None:
        self._last_segment = segment.segment_id

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
            if ends_ms is not None and now_ms >= ends_ms:
                await self.answer_turn()
            elif self._floor.somebody_speaks or ends_ms is not None:
                self._quiet_since_ms = now_ms
            elif now_ms - self._quiet_since_ms >= SILENCE_MS and not self._interview.closed:
                await self._break_silence()

    async def answer_turn(self) -> None:
        """Takes what was said since the last turn as one answer and says the next line.

        When the last line was cut off before it could be understood, the words belong to what was asked before it,
        and the line is said again.
        """
        said = self._floor.take_turn()
        self._repeated = False
        if self._cut_off:
            again, self._cut_off = self._cut_off, None
            await self.say(again)
            return
        answer, line = self._interview.take_turn(said)
        if answer and self._last_segment:
            self._archive(
                QuestionAnswered(
                    event_id=EventId(uuid7()),
                    call_id=self._call_id,
                    at_ms=self._clock.elapsed_ms(),
                    question_id=answer.question.question_id,
                    position=answer.question.position,
                    segment_id=self._last_segment,
                    text=answer.text,
                )
            )
        if line:
            await self.say(line)

    async def say(self, line: Line) -> None:
        """Speaks, with captions; what was cut off is remembered, and only what was said is written down."""
        segment_id = SegmentId(uuid7())
        await self._publisher.state("thinking")
        shown: list[asyncio.Task[None]] = []

        def on_start() -> None:
            shown.append(asyncio.create_task(self._show(segment_id, line.text, is_final=False)))
            shown.append(asyncio.create_task(self._publisher.state("speaking")))

        spoken = await self._voice.say(line.text, on_start)
        await asyncio.gather(*shown)
        self._cut_off = None if self._interview.was_understood(line, spoken.text) else self._interview.again(line)
        await self._show(segment_id, spoken.text, is_final=True)
        if spoken.text:
            self._archive_said(segment_id, spoken)
        if line.question and not self._cut_off:
            self._archive(
                QuestionAsked(
                    event_id=EventId(uuid7()),
                    call_id=self._call_id,
                    at_ms=spoken.start_ms,
                    question_id=line.question.question_id,
                    position=line.question.position,
                    text=line.question.text,
                )
            )
        await self._publisher.state("listening")
        self._quiet_since_ms = self._clock.elapsed_ms()

    async def _break_silence(self) -> None:
        line = self._interview.go_on() if self._repeated else self._interview.repeat()
        self._repeated = not self._repeated
        if line:
            await self.say(line)

    async def _show(self, segment_id: SegmentId, text: str, *, is_final: bool) -> None:
        await self._publisher.caption(segment_id, self._identity, self._name, text, is_final=is_final)

    def _archive_said(self, segment_id: SegmentId, spoken: Spoken) -> None:
        segment = Segment(
            segment_id=segment_id,
            identity=self._identity,
            name=self._name,
            role=ParticipantRole.AGENT,
            text=spoken.text,
            start_ms=spoken.start_ms,
            end_ms=spoken.end_ms,
            confidence=1.0,
            language="en",
            source=SegmentSource.AGENT,
        )
        self._archive(
            SegmentAdded(event_id=EventId(uuid7()), call_id=self._call_id, at_ms=spoken.end_ms, segment=segment)
        )
