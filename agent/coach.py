"""Final segments through detection and the governor to the rep, beside everything else and never in its way."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import replace

from agent.publisher import Publisher
from domain.clock import Clock
from domain.event import Event, NudgeShown
from domain.ids import CallId, EventId, uuid7
from domain.nudge import Nudge
from domain.transcript import Segment
from intelligence.detection import Detection
from intelligence.nudging import Governor
from intelligence.window import Window
from telemetry import log

logger = log.get(__name__)

MOST_WAITING = 50
DETECTION_DEADLINE_S = 0.8
"""A nudge later than that is no longer about what is being said."""


class Coach:
    """The owner runs `run()` as a task. `reword` may give a nudge other words, within a second.

    `late` counts segments whose detection took too long or found no place.
    """

    def __init__(
        self,
        call_id: CallId,
        detection: Detection,
        governor: Governor,
        executor: Executor,
        publisher: Publisher,
        archive: Callable[[Event], None],
        reword: Callable[[Nudge], Awaitable[Nudge]],
        clock: Clock,
    ) -> None:
        self._call_id = call_id
        self._detection = detection
        self._governor = governor
        self._executor = executor
        self._publisher = publisher
        self._archive = archive
        self._reword = reword
        self._clock = clock
        self._window = Window()
        self._waiting: asyncio.Queue[Segment] = asyncio.Queue(MOST_WAITING)
        self.late = 0

    def hear(self, segment: Segment) -> None:
        """Returns at once; past the bound the segment is not coached, and counted."""
        try:
            self._waiting.put_nowait(segment)
        except asyncio.QueueFull:
            self.late += 1

    async def run(self) -> None:
        while True:
            segment = await self._waiting.get()
            try:
                await self.consider(segment, deadline_s=DETECTION_DEADLINE_S)
            except TimeoutError:
                self.late += 1
                logger.warning("detection was late", late=self.late)

    async def consider(self, segment: Segment, *, deadline_s: float) -> None:
        """Notices, decides, tells. Raises TimeoutError when noticing takes longer than `deadline_s`."""
        heard = self._window.heard
        noticing = asyncio.get_running_loop().run_in_executor(self._executor, self._detection.notice, segment, heard)
        try:
            insights = await asyncio.wait_for(noticing, deadline_s)
        except TimeoutError:
            self._window.add(segment, [])
            raise
        self._window.add(segment, insights)
        for decision in self._governor.decide(insights, self._clock.elapsed_ms()):
            if decision.nudge is None:
                logger.info("no nudge", topic=decision.insight.topic, reason=decision.reason)
                continue
            nudge = await self._reword(decision.nudge)
            now_ms = self._clock.elapsed_ms()
            event = NudgeShown(
                event_id=EventId(uuid7()),
                call_id=self._call_id,
                at_ms=now_ms,
                nudge=replace(nudge, latency_ms=max(0, now_ms - segment.end_ms)),
            )
            if await self._publisher.nudge(event):
                self._archive(event)
