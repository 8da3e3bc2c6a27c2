"""What the room is told: captions for everybody, nudges for reps and managers and nobody else."""

import asyncio
from collections.abc import Callable, Sequence

from livekit import rtc
from livekit.agents.types import (
    ATTRIBUTE_AGENT_STATE,
    ATTRIBUTE_TRANSCRIPTION_FINAL,
    ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID,
    ATTRIBUTE_TRANSCRIPTION_TRACK_ID,
    TOPIC_TRANSCRIPTION,
)

from db import event_json
from domain.event import NudgeShown
from domain.ids import Identity, SegmentId
from telemetry import log

logger = log.get(__name__)

NUDGE_TOPIC = "nudge"
STAGE_TOPIC = "parley.stage"

SEND_DEADLINE_S = 2.0


class Publisher:
    """`coached` gives the identities of the reps and managers who are in the room now."""

    def __init__(self, room: rtc.Room, coached: Callable[[], Sequence[Identity]]) -> None:
        self._room = room
        self._coached = coached
        self._busy: set[SegmentId] = set()

    async def caption(
        self,
        segment_id: SegmentId,
        identity: Identity,
        name: str,
        text: str,
        *,
        is_final: bool,
        track_id: str = "",
    ) -> None:
        """To everybody. An interim is dropped when the one before it is still on its way."""
        if not is_final and segment_id in self._busy:
            return
        self._busy.add(segment_id)
        try:
            await self._send(
                text,
                TOPIC_TRANSCRIPTION,
                attributes={
                    "speaker": identity,
                    "speaker_name": name,
                    ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID: str(segment_id),
                    ATTRIBUTE_TRANSCRIPTION_FINAL: "true" if is_final else "false",
                    ATTRIBUTE_TRANSCRIPTION_TRACK_ID: track_id,
                },
            )
        finally:
            self._busy.discard(segment_id)

    async def nudge(self, event: NudgeShown) -> bool:
        """To the reps and managers in the room; False when there is none, so that nobody was told."""
        to = self._coached()
        if not to:
            return False
        await self._send(event_json.dump(event), NUDGE_TOPIC, to=to)
        return True

    async def stage(self, text: str) -> None:
        """To the stage's own client: how far a scripted call has come. Never more than ids."""
        if to := self._coached():
            await self._send(text, STAGE_TOPIC, to=to)

    async def state(self, state: str) -> None:
        try:
            async with asyncio.timeout(SEND_DEADLINE_S):
                await self._room.local_participant.set_attributes({ATTRIBUTE_AGENT_STATE: state})
        except (TimeoutError, RuntimeError) as error:
            logger.warning("agent state not shown", error=type(error).__name__)

    async def _send(
        self,
        text: str,
        topic: str,
        *,
        to: Sequence[Identity] | None = None,
        attributes: dict[str, str] | None = None,
    ) -> None:
        """An empty `to` would mean everybody, so it is refused here, once and for all."""
        if to is not None and not to:
            raise ValueError("a private message needs somebody to read it")
        try:
            async with asyncio.timeout(SEND_DEADLINE_S):
                await self._room.local_participant.send_text(
                    text,
                    topic=topic,
                    destination_identities=[str(identity) for identity in to] if to else None,
                    attributes=attributes or {},
                )
        except (TimeoutError, RuntimeError) as error:
            logger.warning("message not sent", topic=topic, error=type(error).__name__)
