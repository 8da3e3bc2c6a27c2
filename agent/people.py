"""Who is in the room, and whose microphone may be heard: those who agreed to transcription, and nobody else."""

import asyncio
from typing import Protocol

from livekit import rtc

from agent.ears import Speaker
from domain.ids import Identity
from domain.transcript import COACHED_ROLES, ParticipantRole
from providers.rooms import ROLE_ATTRIBUTE, TRANSCRIPTION_ATTRIBUTE


class Changes(Protocol):
    """Whom the room tells. Called in order, and returns at once."""

    def arrived(self, speaker: Speaker) -> None: ...
    def left(self, speaker: Speaker) -> None: ...
    def may_be_heard(self, speaker: Speaker, track: rtc.RemoteAudioTrack) -> None: ...
    def may_not_be_heard(self, identity: Identity) -> None: ...


class People:
    """Roles and consents are attributes that only our tokens and our API can set.

    Unless `may_listen` nobody is heard, whatever they agreed to: the call's transcript is off.
    """

    def __init__(self, room: rtc.Room, *, may_listen: bool) -> None:
        self._room = room
        self._may_listen = may_listen
        self._somebody_came = asyncio.Event()

    def watch(self, changes: Changes) -> None:
        """Tells of everybody who is here already, and then of each change."""
        self._changes = changes
        room = self._room
        room.on("participant_connected", self._arrived)
        room.on("participant_disconnected", self._left)
        room.on("participant_attributes_changed", lambda _changed, who: self._consider(who))
        room.on("track_published", lambda _publication, who: self._consider(who))
        room.on("track_subscribed", lambda track, _publication, who: self._subscribed(track, who))
        room.on("track_unsubscribed", lambda _track, _publication, who: self._unheard(who))
        for who in room.remote_participants.values():
            self._arrived(who)

    @property
    def humans(self) -> list[Speaker]:
        return [speaker for who in self._room.remote_participants.values() if (speaker := speaker_of(who))]

    @property
    def colleagues(self) -> list[Speaker]:
        """The reps and managers, who may be sent nudges."""
        return [speaker for speaker in self.humans if speaker.role in COACHED_ROLES]

    @property
    def prospects(self) -> list[Speaker]:
        return [speaker for speaker in self.humans if speaker.role is ParticipantRole.PROSPECT]

    async def until_a_prospect_is_here(self) -> None:
        while not self.prospects:
            await self._next_arrival()

    async def somebody(self, identity: str, deadline_s: float) -> Speaker:
        """Who that is, also when they are here a moment later than their words. Raises TimeoutError."""
        async with asyncio.timeout(deadline_s):
            while True:
                who = self._room.remote_participants.get(identity)
                if who and (speaker := speaker_of(who)):
                    return speaker
                await self._next_arrival()

    async def _next_arrival(self) -> None:
        self._somebody_came.clear()
        await self._somebody_came.wait()

    def _arrived(self, who: rtc.RemoteParticipant) -> None:
        if speaker := speaker_of(who):
            self._changes.arrived(speaker)
            self._somebody_came.set()
            self._consider(who)

    def _left(self, who: rtc.RemoteParticipant) -> None:
        self._unheard(who)
        if speaker := speaker_of(who):
            self._changes.left(speaker)

    def _consider(self, who: rtc.Participant) -> None:
        """Subscribes to the microphone of somebody who agreed, and ends it for somebody who no longer does."""
        if not isinstance(who, rtc.RemoteParticipant) or speaker_of(who) is None:
            return
        agreed = self._may_hear(who)
        for publication in who.track_publications.values():
            if publication.source == rtc.TrackSource.SOURCE_MICROPHONE and publication.subscribed != agreed:
                publication.set_subscribed(agreed)
        if not agreed:
            self._unheard(who)

    def _subscribed(self, track: rtc.Track, who: rtc.RemoteParticipant) -> None:
        speaker = speaker_of(who)
        if speaker and self._may_hear(who) and isinstance(track, rtc.RemoteAudioTrack):
            self._changes.may_be_heard(speaker, track)

    def _may_hear(self, who: rtc.Participant) -> bool:
        return self._may_listen and agrees_to_transcription(who)

    def _unheard(self, who: rtc.RemoteParticipant) -> None:
        self._changes.may_not_be_heard(Identity(who.identity))


def agrees_to_transcription(who: rtc.Participant) -> bool:
    return who.attributes.get(TRANSCRIPTION_ATTRIBUTE) == "yes"


def speaker_of(who: rtc.Participant) -> Speaker | None:
    """None for agents and for anybody whose token does not say what they are."""
    role = who.attributes.get(ROLE_ATTRIBUTE)
    if who.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT or role not in {"prospect", "rep", "manager"}:
        return None
    return Speaker(identity=Identity(who.identity), name=who.name or "Guest", role=ParticipantRole(role))
