"""One call from join to hang-up. Owns every task of the call, and is the only file that wires the others."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID

from livekit import rtc

from agent.archivist import Archivist
from agent.clock import WallClock
from agent.coach import Coach
from agent.ears import Ear, Speaker
from agent.ending import EmptyRoom
from agent.floor import Floor
from agent.interviewer import Interviewer
from agent.lease import keep_until_replaced
from agent.models import Models
from agent.publisher import Publisher
from agent.record import CallRecord
from agent.voice import RoomVoice, ScriptVoice
from db import calls
from db.pool import DatabaseError, Pool, transaction
from db.spool import Spool
from domain.call import AGENT_DISPLAY_NAME
from domain.clock import ScriptClock
from domain.event import (
    AgentJoined,
    CallEndedEvent,
    CallStarted,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    SegmentAdded,
)
from domain.ids import EventId, Identity, SegmentId, uuid7
from domain.transcript import COACHED_ROLES, ParticipantRole, Segment, SegmentSource
from intelligence.interviewing import Interview, Introduction, Line
from intelligence.nudging import Governor
from providers.rooms import ROLE_ATTRIBUTE, TO_AGENT_TOPIC, TRANSCRIPTION_ATTRIBUTE
from telemetry import log

logger = log.get(__name__)


MOST_MESSAGES = 200
SUBSCRIBER_DEADLINE_S = 3.0
ARRIVAL_DEADLINE_S = 3.0
WATCH_SECONDS = 0.5


class CallOver(Exception):
    """Ends the host's task group."""


class Host:
    """Made for one call and one epoch; `run()` once."""

    def __init__(
        self, room: rtc.Room, record: CallRecord, epoch: int, models: Models, pool: Pool, spool: Spool
    ) -> None:
        call = record.call
        self._room = room
        self._record = record
        self._call = call
        self._epoch = epoch
        self._models = models
        self._pool = pool
        self._identity = Identity(room.local_participant.identity)
        self._script = ScriptClock() if call.staged_as_text else None
        self._clock = self._script or WallClock(record.started_at)
        self._voice = ScriptVoice(self._script) if self._script else RoomVoice(models.text_to_speech, self._clock)
        self._archivist = Archivist(pool, spool, call.organization_id, call.call_id, epoch)
        self._publisher = Publisher(room, self._coached)
        self._coach = Coach(
            call.call_id,
            models.detection,
            Governor(models.advice),
            models.thinking,
            self._publisher,
            self._archivist.add,
            self._clock,
        )
        self._floor = Floor()
        self._interviewer = self._make_interviewer() if record.questions else None
        self._ears: dict[Identity, asyncio.Task[None]] = {}
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_MESSAGES)
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._prospect_is_here = asyncio.Event()
        self._somebody_came = asyncio.Event()
        self._interim = ""

    async def run(self) -> str:
        """Until the call is over or another agent has taken its place; returns why."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._own(self._archivist.run())
                self._own(self._coach.run())
                self._own(self._take_messages())
                self._own(self._leave_when_replaced())
                self._own(self._watch())
                self._listen_to_room()
                self._note_arrival()
                self._own(self._lead())
                reason = await self._over
                raise CallOver
        except* CallOver:
            pass
        finally:
            if isinstance(self._voice, RoomVoice):
                await self._voice.aclose()
            await self._close_log()
            await self._archivist.close()
        return reason

    # -- what happens in the room ---------------------------------------------------------------------------------

    def _listen_to_room(self) -> None:
        room = self._room
        room.on("participant_connected", self._arrived)
        room.on("participant_disconnected", self._left)
        room.on("participant_attributes_changed", lambda _changed, who: self._consider_ear(who))
        room.on("track_published", lambda _publication, who: self._consider_ear(who))
        room.on("track_subscribed", lambda track, _publication, who: self._open_ear(track, who))
        room.on("track_unsubscribed", lambda _track, _publication, who: self._close_ear(Identity(who.identity)))
        room.on("data_received", self._receive)
        room.on("disconnected", lambda _reason: self._finish("the room is gone"))
        for who in room.remote_participants.values():
            self._arrived(who)

    def _note_arrival(self) -> None:
        if self._record.is_first:
            self._archive(CallStarted, started_at=self._record.started_at)
        self._archive(AgentJoined, identity=self._identity, epoch=self._epoch)

    def _arrived(self, who: rtc.RemoteParticipant) -> None:
        speaker = speaker_of(who)
        if speaker is None:
            return
        self._archive(ParticipantJoined, identity=speaker.identity, name=speaker.name, role=speaker.role)
        self._somebody_came.set()
        if speaker.role is ParticipantRole.PROSPECT:
            self._prospect_is_here.set()
        self._consider_ear(who)

    def _left(self, who: rtc.RemoteParticipant) -> None:
        identity = Identity(who.identity)
        self._close_ear(identity)
        self._floor.left(identity)
        if speaker_of(who):
            self._archive(ParticipantLeft, identity=identity)

    def _consider_ear(self, who: rtc.Participant) -> None:
        """Subscribes to the microphone of those who agreed to transcription, and to no other track."""
        if not isinstance(who, rtc.RemoteParticipant) or speaker_of(who) is None:
            return
        agreed = who.attributes.get(TRANSCRIPTION_ATTRIBUTE) == "yes"
        for publication in who.track_publications.values():
            if publication.source == rtc.TrackSource.SOURCE_MICROPHONE and publication.subscribed != agreed:
                publication.set_subscribed(agreed)
        if not agreed:
            self._close_ear(Identity(who.identity))

    def _open_ear(self, track: rtc.Track, who: rtc.RemoteParticipant) -> None:
        speaker = speaker_of(who)
        agreed = who.attributes.get(TRANSCRIPTION_ATTRIBUTE) == "yes"
        if self._script or speaker is None or not agreed or not isinstance(track, rtc.RemoteAudioTrack):
            return
        self._close_ear(speaker.identity)
        ear = Ear(
            speaker,
            track,
            self._models.speech_to_text,
            self._models.end_of_turn.probability,
            self,
            self._clock,
        )
        self._ears[speaker.identity] = self._own(ear.run())

    def _close_ear(self, identity: Identity) -> None:
        if ear := self._ears.pop(identity, None):
            ear.cancel()

    # -- what is said: the ears' listener -------------------------------------------------------------------------

    async def speech_started(self, speaker: Speaker) -> None:
        self._interim = ""
        self._floor.speech_started(speaker.identity, self._clock.elapsed_ms())

    async def interim(self, speaker: Speaker, segment_id: SegmentId, text: str, track_id: str) -> None:
        self._interim = text
        self._yield_floor()
        await self._publisher.caption(
            segment_id, speaker.identity, speaker.name, text, is_final=False, track_id=track_id
        )

    async def final(self, speaker: Speaker, segment: Segment, done_probability: float, track_id: str) -> None:
        await self._publisher.caption(
            segment.segment_id, segment.identity, segment.name, segment.text, is_final=True, track_id=track_id
        )
        self._keep(segment)
        self._coach.hear(segment)
        self._interim = segment.text
        self._yield_floor()
        self._floor.said(segment.identity, segment.text, done_probability, self._clock.elapsed_ms())

    async def retracted(self, speaker: Speaker, segment_id: SegmentId, track_id: str) -> None:
        """What looked like words was none: the caption goes away."""
        await self._publisher.caption(segment_id, speaker.identity, speaker.name, "", is_final=True, track_id=track_id)

    async def speech_ended(self, speaker: Speaker) -> None:
        self._floor.speech_ended(speaker.identity, self._clock.elapsed_ms())

    def _yield_floor(self) -> None:
        if self._voice.is_speaking and self._floor.should_yield(self._interim, self._clock.elapsed_ms()):
            self._voice.interrupt()

    # -- what is written ------------------------------------------------------------------------------------------

    def _receive(self, packet: rtc.DataPacket) -> None:
        """Only the server may speak to us here: its packets have no participant."""
        if packet.participant is not None or packet.topic != TO_AGENT_TOPIC:
            return
        try:
            self._messages.put_nowait(json.loads(packet.data))
        except (asyncio.QueueFull, ValueError) as error:
            logger.error("message dropped", error=type(error).__name__)

    async def _take_messages(self) -> None:
        while True:
            message = await self._messages.get()
            try:
                speaker = await asyncio.wait_for(self._speaker(message["identity"]), ARRIVAL_DEADLINE_S)
            except TimeoutError:
                logger.warning("message from somebody who is not in the room")
            else:
                await self._read(message, speaker)

    async def _speaker(self, identity: str) -> Speaker:
        """Their words may be here a moment before they are: HTTPS is faster than joining a room."""
        while True:
            self._somebody_came.clear()
            who = self._room.remote_participants.get(identity)
            if who and (speaker := speaker_of(who)):
                return speaker
            await self._somebody_came.wait()

    async def _read(self, message: dict[str, Any], speaker: Speaker) -> None:
        spoken_ms = message["spoken_ms"]
        if spoken_ms and self._script:
            self._script.advance_to(spoken_ms[1])
        now_ms = self._clock.elapsed_ms()
        start_ms, end_ms = spoken_ms or (now_ms, now_ms)
        segment = Segment(
            segment_id=SegmentId(UUID(message["segment_id"])),
            identity=speaker.identity,
            name=speaker.name,
            role=speaker.role,
            text=message["text"],
            start_ms=start_ms,
            end_ms=end_ms,
            confidence=1.0,
            language="en",
            source=SegmentSource.TEXT,
        )
        if not self._script:
            await self.final(speaker, segment, 1.0, "")
            return
        await self._publisher.caption(segment.segment_id, segment.identity, segment.name, segment.text, is_final=True)
        self._keep(segment)
        await self._coach.consider(segment, deadline_s=30)
        self._floor.said(segment.identity, segment.text, 1.0, end_ms)
        if self._interviewer:
            await self._interviewer.answer_turn()
        await self._publisher.stage(json.dumps({"heard": message["segment_id"], "at_ms": self._clock.elapsed_ms()}))

    # -- the conversation -----------------------------------------------------------------------------------------

    async def _lead(self) -> None:
        """Greets when the first prospect is there, then leads the interview; silent when there is nothing to ask."""
        await self._publisher.state("listening")
        if isinstance(self._voice, RoomVoice) and self._interviewer:
            await self._voice.publish(self._room)
        await self._prospect_is_here.wait()
        if isinstance(self._voice, RoomVoice) and self._interviewer:
            await self._voice.wait_for_listener(SUBSCRIBER_DEADLINE_S)
        if self._interviewer:
            line = self._first_line()
            if self._script:
                await self._interviewer.say(line)
            else:
                await self._interviewer.run(line)
        if self._script:
            await self._publisher.stage(json.dumps({"ready": True, "at_ms": self._clock.elapsed_ms()}))

    def _first_line(self) -> Line:
        if not self._record.is_first:
            return self._interview.resume(self._record.asked, self._record.answered)
        prospects = [s for who in self._room.remote_participants.values() if (s := speaker_of(who))]
        return self._interview.greeting([s.name for s in prospects if s.role is ParticipantRole.PROSPECT])

    def _make_interviewer(self) -> Interviewer:
        call = self._call
        introduction = Introduction(
            agent_name=AGENT_DISPLAY_NAME,
            organization_name=call.organization_name,
            owner_name=call.owner.name,
        )
        self._interview = Interview(self._record.questions, introduction)
        return Interviewer(
            call.call_id,
            self._identity,
            AGENT_DISPLAY_NAME,
            self._interview,
            self._floor,
            self._voice,
            self._publisher,
            self._archivist.add,
            self._clock,
        )

    # -- the end --------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Ends the call when everybody has left, or when all is asked and nobody has more to say."""
        ending = EmptyRoom()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            humans = [s for who in self._room.remote_participants.values() if (s := speaker_of(who))]
            reason = ending.look(
                humans=len(humans),
                colleagues=sum(s.role in COACHED_ROLES for s in humans),
                said_goodbye=bool(self._interviewer and self._interviewer.has_closed),
                talking=self._floor.somebody_speaks or self._voice.is_speaking,
                step_s=WATCH_SECONDS,
            )
            if reason and not self._script:
                await self._end(reason)
                return

    async def _end(self, reason: str) -> None:
        """Writes down that the call is over; the room goes with the last participant."""
        try:
            async with transaction(self._pool, self._call.organization_id) as connection:
                await calls.end(connection, self._call.organization_id, self._call.call_id, reason)
        except DatabaseError as error:
            logger.warning("call ended without the database", error=type(error).__name__)
        self._finish(reason)

    async def _close_log(self) -> None:
        """If the call is over, `call_ended` is the last event of its log. A room that broke is not the end."""
        call = self._call
        with suppress(*DatabaseError):
            async with transaction(self._pool, call.organization_id) as connection:
                ending = await calls.ending_of(connection, call.organization_id, call.call_id)
            if ending:
                self._archive(CallEndedEvent, reason=ending.reason)

    async def _leave_when_replaced(self) -> None:
        call = self._call
        await keep_until_replaced(self._pool, call.organization_id, call.call_id, self._epoch)
        self._finish("another agent has taken over")

    def _finish(self, reason: str) -> None:
        if not self._over.done():
            self._over.set_result(reason)

    # -- small change ---------------------------------------------------------------------------------------------

    def _coached(self) -> list[Identity]:
        speakers = [s for who in self._room.remote_participants.values() if (s := speaker_of(who))]
        return [speaker.identity for speaker in speakers if speaker.role in COACHED_ROLES]

    def _keep(self, segment: Segment) -> None:
        if self._interviewer:
            self._interviewer.heard(segment)
        self._archive(SegmentAdded, segment=segment)

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


def speaker_of(who: rtc.Participant) -> Speaker | None:
    """None for agents and for anybody whose token does not say what they are."""
    role = who.attributes.get(ROLE_ATTRIBUTE)
    if who.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT or role not in {"prospect", "rep", "manager"}:
        return None
    return Speaker(identity=Identity(who.identity), name=who.name or "Guest", role=ParticipantRole(role))
