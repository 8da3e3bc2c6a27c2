"""The people of a staged call: each an ordinary client in the room, with a microphone and a memory of what it got."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from livekit import rtc

from parley.stage.front_door import Access
from parley.stage.speech import LOUD, RATE, Microphone, Spoken, Utterance

CONNECT_DEADLINE_S = 15.0
FRAME_S = Microphone.FRAME_SAMPLES / RATE
LOUD_FRAMES = 3
"""Of 10 ms, so that a click is not taken for the agent's voice. Source: shared/meter/README, voiced."""


@dataclass
class Received:
    """By segment id or nudge id: the last word on it and when it came (seconds, `time.time()`)."""

    finals: dict[str, tuple[float, str]] = field(default_factory=dict)
    interims: int = 0
    nudges: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)


class AgentSound:
    """When the agent is heard by one person. Times are `time.time()`."""

    def __init__(self) -> None:
        self.starts: list[float] = []
        self.last_loud_s = 0.0
        self._loud_frames = 0

    def hear(self, samples: np.ndarray[Any, np.dtype[np.int16]]) -> None:
        now = time.time()
        if np.abs(samples.astype(np.int32)).max(initial=0) < LOUD * 32_768:
            self._loud_frames = 0
            return
        self._loud_frames += 1
        if self._loud_frames >= LOUD_FRAMES:
            if now - self.last_loud_s > 0.5:
                self.starts.append(now - (LOUD_FRAMES - 1) * 0.01)
            self.last_loud_s = now

    def silent_for_s(self) -> float:
        return time.time() - self.last_loud_s


class Person:
    """Connect, then speak. `aclose` leaves the room and ends every task of this person."""

    def __init__(self, script_id: str, access: Access, *, seed: int) -> None:
        self.script_id = script_id
        self.identity = access.identity
        self.received = Received()
        self.agent_sound = AgentSound()
        self.agent_joined_s: float | None = None
        self.room_is_gone = asyncio.Event()
        self.news: asyncio.Queue[dict[str, Any]] = asyncio.Queue(1000)
        self._access = access
        self._microphone = Microphone(seed)
        self._room = rtc.Room()
        self._tasks: set[asyncio.Task[None]] = set()
        self.fault: BaseException | None = None

    async def connect(self, *, with_microphone: bool) -> None:
        room = self._room
        room.on("participant_connected", self._notice_agent)
        room.on("track_subscribed", self._listen)
        room.on("disconnected", lambda _reason: self.room_is_gone.set())
        room.register_text_stream_handler("lk.transcription", self._reads(self._caption))
        room.register_text_stream_handler("nudge", self._reads(self._nudge))
        room.register_text_stream_handler("parley.stage", self._reads(self._told))
        options = rtc.RoomOptions(auto_subscribe=True)
        async with asyncio.timeout(CONNECT_DEADLINE_S):
            await room.connect(self._access.url, self._access.token, options)
        for who in room.remote_participants.values():
            self._notice_agent(who)
        if with_microphone:
            source = rtc.AudioSource(RATE, 1, queue_size_ms=0)
            track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
            publish = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
            await room.local_participant.publish_track(track, publish)
            self._start(self._pump(source))

    def speak(self, utterance: Utterance) -> Spoken:
        """Goes out in real time, as far as the machine keeps up."""
        return self._microphone.put(utterance)

    @property
    def is_speaking(self) -> bool:
        return self._microphone.is_speaking

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Exception):
            async with asyncio.timeout(5):
                await self._room.disconnect()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.fault = error

    def _notice_agent(self, who: rtc.RemoteParticipant) -> None:
        if who.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT and self.agent_joined_s is None:
            self.agent_joined_s = time.time()

    def _listen(self, track: rtc.Track, _publication: rtc.RemoteTrackPublication, who: rtc.RemoteParticipant) -> None:
        if who.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT and isinstance(track, rtc.RemoteAudioTrack):
            self._start(self._hear(track))

    async def _hear(self, track: rtc.RemoteAudioTrack) -> None:
        sound = rtc.AudioStream.from_track(track=track, sample_rate=RATE, num_channels=1, frame_size_ms=10)
        try:
            async for event in sound:
                self.agent_sound.hear(np.frombuffer(event.frame.data, dtype=np.int16))
        finally:
            await sound.aclose()

    async def _pump(self, source: rtc.AudioSource) -> None:
        due = time.monotonic()
        while True:
            samples = self._microphone.next_frame()
            await source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, len(samples)))
            due += FRAME_S
            behind = time.monotonic() - due
            if behind > 0.5:
                due = time.monotonic()
            elif behind < 0:
                await asyncio.sleep(-behind)

    def _reads(self, take: Callable[[str, dict[str, str]], None]) -> Callable[[rtc.TextStreamReader, str], None]:
        async def read(reader: rtc.TextStreamReader) -> None:
            text = await reader.read_all()
            take(text, reader.info.attributes or {})

        return lambda reader, _sender: self._start(read(reader))

    def _caption(self, text: str, attributes: dict[str, str]) -> None:
        if attributes.get("lk.transcription_final") == "true":
            self.received.finals[attributes["lk.segment_id"]] = (time.time(), text)
        else:
            self.received.interims += 1

    def _nudge(self, text: str, _attributes: dict[str, str]) -> None:
        nudge = json.loads(text)["nudge"]
        self.received.nudges[nudge["nudge_id"]] = (time.time(), nudge)

    def _told(self, text: str, _attributes: dict[str, str]) -> None:
        self.news.put_nowait(json.loads(text))
