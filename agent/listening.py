"""What becomes of words: captions first, then the archive, the coach and the floor."""

import json
from collections.abc import Awaitable, Callable

from agent.coach import Coach
from agent.ears import Speaker
from agent.floor import Floor
from agent.inbox import Written
from agent.interviewer import Interviewer
from agent.publisher import Publisher
from agent.voice import Voice
from domain.clock import Clock, ScriptClock
from domain.ids import SegmentId
from domain.transcript import Segment

SCRIPT_DEADLINE_S = 30.0
"""A call staged as text waits for each detection, so that its result does not depend on the machine's speed."""


class Listening:
    """Whom the ears and the inbox tell. `archive` takes each final segment and returns at once."""

    def __init__(
        self,
        publisher: Publisher,
        coach: Coach | None,
        floor: Floor,
        voice: Voice,
        interviewer: Interviewer | None,
        archive: Callable[[Segment], None],
        clock: Clock,
    ) -> None:
        self._publisher = publisher
        self._coach = coach
        self._floor = floor
        self._voice = voice
        self._interviewer = interviewer
        self._archive = archive
        self._clock = clock

    async def speech_started(self, speaker: Speaker) -> None:
        self._floor.speech_started(speaker.identity, self._clock.elapsed_ms())

    async def interim(self, speaker: Speaker, segment: Segment, track_id: str) -> None:
        self._yield_floor(segment.text)
        await self._publisher.caption(
            segment.segment_id, speaker.identity, speaker.name, segment.text, is_final=False, track_id=track_id
        )
        if self._coach:
            self._coach.glimpse(segment)

    async def expected(self, speaker: Speaker, segment: Segment) -> None:
        if self._interviewer:
            self._interviewer.expect(segment)
        if self._coach:
            self._coach.glimpse(segment)

    async def final(
        self, speaker: Speaker, segment: Segment, done_probability: Awaitable[float], track_id: str
    ) -> None:
        await self._hear(segment, track_id)
        self._floor.said(segment.identity, segment.text, await done_probability, segment.end_ms)

    async def retracted(self, speaker: Speaker, segment_id: SegmentId, track_id: str) -> None:
        """What looked like words was none: the caption goes away."""
        await self._publisher.caption(segment_id, speaker.identity, speaker.name, "", is_final=True, track_id=track_id)

    async def speech_ended(self, speaker: Speaker) -> None:
        self._floor.speech_ended(speaker.identity, self._clock.elapsed_ms())

    async def read(self, written: Written) -> None:
        """Written words count like spoken ones; a call staged as text is dealt with turn by turn on its own clock."""
        segment = written.segment
        if not isinstance(self._clock, ScriptClock):
            await self._hear(segment, "")
            self._floor.said(segment.identity, segment.text, 1.0, segment.end_ms)
            return
        self._clock.advance_to(segment.end_ms)
        await self._keep(segment, "")
        if self._coach:
            await self._coach.consider(segment, deadline_s=SCRIPT_DEADLINE_S)
        self._floor.said(segment.identity, segment.text, 1.0, segment.end_ms)
        if self._interviewer:
            await self._interviewer.answer_turn()
        await self._publisher.stage(json.dumps({"heard": str(segment.segment_id), "at_ms": self._clock.elapsed_ms()}))

    async def _hear(self, segment: Segment, track_id: str) -> None:
        await self._keep(segment, track_id)
        if self._coach:
            self._coach.hear(segment)
        self._yield_floor(segment.text)

    async def _keep(self, segment: Segment, track_id: str) -> None:
        """To the room first; the archive and the interview's record beside it."""
        await self._publisher.caption(
            segment.segment_id, segment.identity, segment.name, segment.text, is_final=True, track_id=track_id
        )
        self._archive(segment)
        if self._interviewer:
            self._interviewer.heard(segment)

    def _yield_floor(self, words: str) -> None:
        if self._voice.is_speaking and self._floor.should_yield(words, self._clock.elapsed_ms()):
            self._voice.interrupt()
