"""One call from join to hang-up. Owns every task of the call, and is the only file that wires the others."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from agent.archivist import Archivist
from agent.call_providers import CallProviders
from agent.clock import WallClock
from agent.coach import Coach
from agent.ears import Ear, Speaker
from agent.ending import Ending
from agent.floor import Floor
from agent.inbox import Inbox
from agent.interviewer import Interviewer
from agent.lease import LeaseEnd, keep_until_over
from agent.listening import Listening
from agent.models import Models
from agent.people import People
from agent.preparing import introduction_of
from agent.publisher import Publisher
from agent.record import CallRecord
from agent.voice import RoomVoice, ScriptVoice
from agent.wording import Wording
from db import calls
from db.pool import DatabaseError, Pool, transaction
from db.spool import Spool
from domain.call import AGENT_DISPLAY_NAME, CallKind
from domain.clock import ScriptClock
from domain.event import (
    AgentJoined,
    AgentLeft,
    CallEndedEvent,
    CallStarted,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ProviderChanged,
    SegmentAdded,
)
from domain.ids import EventId, Identity, uuid7
from domain.provider import Provider, ProviderPart
from domain.transcript import Segment
from intelligence.interview.coverage import Ledger
from intelligence.interview.judging import Judge
from intelligence.interview.lines import Line
from intelligence.interviewing import Interview
from intelligence.nudging import Governor
from telemetry import log

logger = log.get(__name__)

LISTENER_DEADLINE_S = 3.0

WATCH_SECONDS = 0.5

NO_VOICE = "the agent has no voice"

LEAVE_DEADLINE_S = 1.0
"""Who was asked to leave is out of the room before the papers are in order."""


class CallOver(Exception):
    """Ends the host's task group."""


class Host:
    """Made for one call and one epoch; `run()` once."""

    def __init__(
        self,
        room: rtc.Room,
        record: CallRecord,
        epoch: int,
        models: Models,
        providers: CallProviders,
        pool: Pool,
        spool: Spool,
        voice: RoomVoice,
        judge: Judge,
    ) -> None:
        """`judge`: of the record's questions. `voice` is the caller's, who closes it."""
        call = record.call
        self._room = room
        self._record = record
        self._call = call
        self._epoch = epoch
        self._models = models
        self._providers = providers
        self._pool = pool
        self._identity = Identity(room.local_participant.identity)
        self._script = ScriptClock() if call.staged_as_text else None
        self._clock = self._script or WallClock(record.started_at)
        self._voice = ScriptVoice(self._script) if self._script else voice
        self._archivist = Archivist(pool, spool, call.organization_id, call.call_id, epoch)
        self._people = People(room, may_listen=call.switches.transcript)
        self._publisher = Publisher(room, lambda: [speaker.identity for speaker in self._people.colleagues])
        self._wording = Wording(providers.language_model, models.embedder, models.thinking)
        self._coach = (
            Coach(
                call.call_id,
                models.detection,
                Governor(models.advice),
                models.thinking,
                self._publisher,
                self._archivist.add,
                self._wording.nudge,
                self._clock,
            )
            if call.switches.coaching and call.switches.transcript
            else None
        )
        self._floor = Floor()
        self._interviewer = (
            self._make_interviewer(judge) if call.kind is CallKind.DISCOVERY and record.questions else None
        )
        self._listening = Listening(
            self._publisher,
            self._coach,
            self._floor,
            self._voice,
            self._interviewer,
            self._keep,
            self._clock,
        )
        self._inbox = Inbox(room, self._people, self._clock, self._listening.read)
        self._ears: dict[Identity, asyncio.Task[None]] = {}
        self.has_ended_call = False
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def _make_interviewer(self, judge: Judge) -> Interviewer:
        call, record = self._call, self._record
        ledger = Ledger(record.questions)
        ledger.restore(record.asked, record.answered, record.refused, record.said)
        self._interview = Interview(ledger, judge, introduction_of(call), lasts_ms=record.lasts_ms)
        return Interviewer(
            call.call_id,
            self._identity,
            AGENT_DISPLAY_NAME,
            self._interview,
            judge,
            self._models.thinking,
            self._wording,
            self._floor,
            self._voice,
            self._publisher,
            self._archivist.add,
            self._clock,
        )

    async def run(self) -> str:
        """Until the call is over or another agent has taken its place; returns why."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._own(self._archivist.run())
                if self._coach:
                    self._own(self._coach.run())
                self._own(self._inbox.run())
                self._own(self._wording.run())
                self._own(self._keep_lease())
                self._own(self._watch())
                if self._record.is_first:
                    self._archive(CallStarted, started_at=self._record.started_at)
                self._archive(AgentJoined, identity=self._identity, epoch=self._epoch)
                self._providers.watch(self._provider_changed)
                self._room.on("disconnected", lambda _reason: self._finish("the room is gone"))
                self._people.watch(self)
                self._own(self._lead())
                reason = await self._over
                if reason == LeaseEnd.DISMISSED:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LEAVE_DEADLINE_S):
                            await self._room.disconnect()
                raise CallOver
        except* CallOver:
            pass
        finally:
            await self._close_log()
            await self._archivist.close()
        return reason

    # What the room tells: `people.Changes`.

    def arrived(self, speaker: Speaker) -> None:
        self._archive(ParticipantJoined, identity=speaker.identity, name=speaker.name, role=speaker.role)
        if self._interviewer:
            self._interviewer.arrived(speaker)

    def left(self, speaker: Speaker) -> None:
        self._floor.left(speaker.identity)
        self._archive(ParticipantLeft, identity=speaker.identity)

    def may_be_heard(self, speaker: Speaker, track: rtc.RemoteAudioTrack) -> None:
        if self._script:
            return
        self.may_not_be_heard(speaker.identity)
        end_of_turn = self._models.end_of_turn.probability
        ear = Ear(speaker, track, self._providers.speech_to_text, end_of_turn, self._listening, self._clock)
        self._ears[speaker.identity] = self._own(ear.run())

    def may_not_be_heard(self, identity: Identity) -> None:
        if ear := self._ears.pop(identity, None):
            ear.cancel()

    def _keep(self, segment: Segment) -> None:
        self._wording.hear(segment)
        self._archive(SegmentAdded, segment=segment)

    def _provider_changed(self, part: ProviderPart, provider: Provider, reason: str) -> None:
        logger.warning("provider changed", part=part, provider=provider.value, reason=reason)
        self._archive(ProviderChanged, part=part, provider=provider.value, reason=reason)

    # The conversation.

    async def _lead(self) -> None:
        """Greets when the first prospect is there, then leads the interview; silent when there is nothing to ask."""
        voice = self._voice if isinstance(self._voice, RoomVoice) and self._interviewer else None
        if voice:
            try:
                await voice.publish()
            except (TimeoutError, PublishTrackError) as error:
                logger.error("agent without a voice", error=type(error).__name__)
                self._finish(NO_VOICE)  # another one may have
                return
        if not (voice and self._people.prospects):
            await self._publisher.state("listening")
        await self._people.until_a_prospect_is_here()
        if voice:
            await voice.wait_for_listener(LISTENER_DEADLINE_S)
        if self._interviewer and self._script:
            await self._interviewer.say(self._first_line())
        elif self._interviewer:
            await self._interviewer.run(self._first_line())
        if self._script:
            await self._publisher.stage(json.dumps({"ready": True, "at_ms": self._clock.elapsed_ms()}))

    def _first_line(self) -> Line:
        if self._record.has_greeted:
            at_ms = self._clock.elapsed_ms()
            return self._interview.resume(was_sent_away=self._record.was_sent_away, at_ms=at_ms)
        return self._interview.greeting([speaker.name for speaker in self._people.prospects])

    # The end.

    async def _watch(self) -> None:
        """Ends the call when everybody has left, or when all is asked and nobody has more to say."""
        ending = Ending(self._call.starts_at)
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            reason = ending.look(
                humans=len(self._people.humans),
                colleagues=len(self._people.colleagues),
                said_goodbye=bool(self._interviewer and self._interviewer.has_closed),
                talking=self._floor.somebody_speaks or self._voice.is_speaking,
                now=datetime.now(UTC),
            )
            if reason and not self._script:
                await self._end(reason)
                return

    async def _end(self, reason: str) -> None:
        """Writes down that the call is over, and leaves; the worker takes the room down behind us."""
        try:
            async with transaction(self._pool, self._call.organization_id) as connection:
                await calls.end(connection, self._call.organization_id, self._call.call_id, reason)
        except DatabaseError as error:
            logger.warning("call ended without the database", error=type(error).__name__)
        self.has_ended_call = True
        self._finish(reason)

    async def _close_log(self) -> None:
        """If the call is over, `call_ended` is the last event of its log. A room that broke is not the end."""
        call = self._call
        with suppress(*DatabaseError):
            async with transaction(self._pool, call.organization_id) as connection:
                ending = await calls.ending_of(connection, call.organization_id, call.call_id)
            if ending:
                self._archive(CallEndedEvent, reason=ending.reason)

    async def _keep_lease(self) -> None:
        call = self._call
        end = await keep_until_over(self._pool, call.organization_id, call.call_id, self._epoch)
        if end is LeaseEnd.DISMISSED:
            self._archive(AgentLeft, identity=self._identity)
        self._finish(end)

    def _finish(self, reason: str) -> None:
        if not self._over.done():
            self._over.set_result(reason)

    def _archive(self, kind: Any, **facts: Any) -> None:
        event: Event = kind(
            event_id=EventId(uuid7()), call_id=self._call.call_id, at_ms=self._clock.elapsed_ms(), **facts
        )
        self._archivist.add(event)

    def _own(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task of this call. A fault in one is logged and does not take the others with it."""

        async def guarded() -> None:
            try:
                await work
            except Exception as error:
                logger.error("part of the call failed", part=getattr(work, "__qualname__", "?"), exc_info=error)

        return self._tasks.create_task(guarded())
