"""The written word: what people type, and what the stage feeds, as it comes from the API by the media server."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from livekit import rtc

from agent.ears import Speaker
from agent.people import People
from domain.clock import Clock
from domain.ids import SegmentId
from domain.transcript import Segment, SegmentSource
from providers.rooms import TO_AGENT_TOPIC
from telemetry import log

logger = log.get(__name__)

MOST_WAITING = 200
ARRIVAL_DEADLINE_S = 3.0
"""Words may be here before whoever wrote them: HTTPS is faster than joining a room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    speaker: Speaker
    segment: Segment


class Inbox:
    """Takes messages in order. The owner runs `run()` as a task."""

    def __init__(
        self, room: rtc.Room, people: People, clock: Clock, take: Callable[[Written], Awaitable[None]]
    ) -> None:
        self._people = people
        self._clock = clock
        self._take = take
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        room.on("data_received", self._receive)

    def _receive(self, packet: rtc.DataPacket) -> None:
        """Only the server may speak to us here: its packets have no participant."""
        if packet.participant is not None or packet.topic != TO_AGENT_TOPIC:
            return
        try:
            self._waiting.put_nowait(json.loads(packet.data))
        except (asyncio.QueueFull, ValueError) as error:
            logger.error("message dropped", error=type(error).__name__)

    async def run(self) -> None:
        while True:
            message = await self._waiting.get()
            try:
                speaker = await self._people.somebody(message["identity"], ARRIVAL_DEADLINE_S)
            except TimeoutError:
                logger.warning("message from somebody who is not in the room")
            else:
                await self._take(self._written(message, speaker))

    def _written(self, message: dict[str, Any], speaker: Speaker) -> Written:
        now_ms = self._clock.elapsed_ms()
        start_ms, end_ms = message["spoken_ms"] or (now_ms, now_ms)
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
        return Written(speaker=speaker, segment=segment)
