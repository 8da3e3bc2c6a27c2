"""What is said through detection and the governor to the rep, beside everything else and never in its way.

Words that will stay are looked at while the sentence goes on, with a higher bar; the whole segment when it is final.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from agent.publisher import Publisher
from domain.clock import Clock
from domain.event import Event, NudgeShown
from domain.ids import CallId, EventId, Identity, SegmentId, uuid7
from domain.insight import Insight
from domain.nudge import Nudge
from domain.transcript import ParticipantRole, Segment
from intelligence.detection import Detection
from intelligence.nudging import Governor
from intelligence.unfinished import Unfinished
from intelligence.window import Heard, Window
from telemetry import log

logger = log.get(__name__)

Notice = Callable[[Segment, Sequence[Heard]], list[Insight]]

MOST_WAITING = 50
DETECTION_DEADLINE_S = 0.8
"""A nudge later than that is no longer about what is being said."""


class Coach:
    """The owner runs `run()` as a task. `reword` may give a nudge other words, within a second.

    `late` counts looks that took too long, and segments that found no place.
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
        self._unfinished = Unfinished()
        self._glimpsed: dict[SegmentId, Segment] = {}  # the newest words of each, until they are looked at
        self._looked: dict[Identity, frozenset[tuple[SegmentId, str]]] = {}  # what the last look at each person saw
        self._waiting: asyncio.Queue[Segment | SegmentId] = asyncio.Queue(MOST_WAITING)
        self.late = 0

    def glimpse(self, segment: Segment) -> None:
        """Words of a segment that goes on: a prospect's, since reps know what they are saying.

        Returns at once; only the newest of each segment wait to be looked at.
        """
        if segment.role is not ParticipantRole.PROSPECT:
            return
        settled = self._unfinished.settled(segment)
        if settled is None:
            return
        if segment.segment_id not in self._glimpsed:
            if self._waiting.full():
                return
            self._waiting.put_nowait(segment.segment_id)
        self._glimpsed[segment.segment_id] = settled

    def hear(self, segment: Segment) -> None:
        """Returns at once; past the bound the segment is not coached, and counted."""
        self._glimpsed.pop(segment.segment_id, None)
        try:
            self._waiting.put_nowait(segment)
        except asyncio.QueueFull:
            self.late += 1

    async def run(self) -> None:
        while True:
            waiting = await self._waiting.get()
            try:
                if isinstance(waiting, Segment):
                    await self.consider(waiting, deadline_s=DETECTION_DEADLINE_S)
                elif glimpsed := self._glimpsed.pop(waiting, None):
                    await self._look(glimpsed)
            except TimeoutError:
                self.late += 1
                logger.warning("detection was late", late=self.late)

    async def consider(self, segment: Segment, *, deadline_s: float) -> None:
        """Notices, decides, tells. Raises TimeoutError when noticing takes longer than `deadline_s`."""
        insights: list[Insight] = []
        try:
            insights = await self._notice(self._detection.notice, segment, deadline_s)
        finally:
            self._window.add(segment, insights)
        await self._decide(segment, insights)

    async def _look(self, segment: Segment) -> None:
        """The same for words of a segment that goes on: tells what two looks in a row agree on, remembers nothing."""
        insights = await self._notice(self._detection.glimpse, segment, DETECTION_DEADLINE_S)
        before = self._looked.get(segment.identity, frozenset())
        now = frozenset((segment.segment_id, insight.topic) for insight in insights)
        self._looked[segment.identity] = now
        await self._decide(segment, [one for one in insights if (segment.segment_id, one.topic) in before])

    async def _notice(self, notice: Notice, segment: Segment, deadline_s: float) -> list[Insight]:
        noticing = asyncio.get_running_loop().run_in_executor(self._executor, notice, segment, self._window.heard)
        async with asyncio.timeout(deadline_s):
            return await noticing

    async def _decide(self, segment: Segment, insights: list[Insight]) -> None:
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
