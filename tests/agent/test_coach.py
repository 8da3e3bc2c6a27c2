"""What reaches the rep while somebody speaks and when they have spoken; detection itself has tests of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from agent.coach import Coach
from domain.clock import ScriptClock
from domain.event import Event, NudgeShown
from domain.ids import CallId, Identity, InsightId, SegmentId, uuid7
from domain.insight import Insight
from domain.nudge import Nudge, NudgeKind
from domain.transcript import ParticipantRole, Segment
from intelligence.detection import Detection
from intelligence.detectors.topics import Topic
from intelligence.nudging import Governor
from intelligence.window import Heard
from tests.sample import a_segment

pytestmark = pytest.mark.unit

PRICE = Topic(
    topic="price",
    kind=NudgeKind.OBJECTION_RESPONSE,
    urgency=2,
    title="Price",
    message="Ask what it costs them today.",
    objection=None,
)
SENTENCE = "that is too expensive for a team of our size because the budget was cut"


class Listens:
    """Notices "expensive", and writes down what it was given."""

    def __init__(self) -> None:
        self.noticed: list[str] = []
        self.glimpsed: list[str] = []

    def notice(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
        self.noticed.append(segment.text)
        return price_in(segment)

    def glimpse(self, segment: Segment) -> list[Insight]:
        self.glimpsed.append(segment.text)
        return price_in(segment)


def price_in(segment: Segment) -> list[Insight]:
    if "expensive" not in segment.text:
        return []
    return [
        Insight(
            insight_id=InsightId(uuid7()),
            kind=NudgeKind.OBJECTION_RESPONSE,
            topic="price",
            segment_id=segment.segment_id,
            quote=segment.text,
            trigger=segment.text,
            confidence=0.9,
            reasons=(),
        )
    ]


class Line:
    """To the rep."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[NudgeShown] = asyncio.Queue()

    async def nudge(self, event: NudgeShown) -> bool:
        self.sent.put_nowait(event)
        return True


@asynccontextmanager
async def coaching(detector: Any) -> AsyncIterator[tuple[Coach, Line, ScriptClock, list[Event]]]:
    line, clock, archived = Line(), ScriptClock(), list[Event]()

    async def as_it_is(nudge: Nudge) -> Nudge:
        return nudge

    with ThreadPoolExecutor(1) as executor:
        coach = Coach(
            CallId(uuid7()),
            Detection([detector]),
            Governor({"price": PRICE}),
            executor,
            cast(Any, line),
            archived.append,
            as_it_is,
            clock,
        )
        running = asyncio.create_task(coach.run())
        try:
            async with asyncio.timeout(10):
                yield coach, line, clock, archived
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def said(text: str, segment_id: SegmentId, *, end_ms: int, role: ParticipantRole = ParticipantRole.PROSPECT) -> Segment:
    identity = Identity(f"{role.value}-1")
    return a_segment(text, segment_id=segment_id, identity=identity, role=role, start_ms=0, end_ms=end_ms)


def words(count: int) -> str:
    return " ".join(SENTENCE.split()[:count])


async def test_what_two_looks_agree_on_is_told_while_the_sentence_goes_on_and_not_again_when_it_ends() -> None:
    detector, segment_id = Listens(), SegmentId(uuid7())
    async with coaching(detector) as (coach, line, clock, archived):
        clock.advance_to(2_000)
        for count in (5, 7):
            coach.glimpse(said(words(count), segment_id, end_ms=1_800))
        while not detector.glimpsed:
            await asyncio.sleep(0.005)
        assert line.sent.empty()
        coach.glimpse(said(words(9), segment_id, end_ms=1_900))
        early = await line.sent.get()
        assert detector.glimpsed == [words(5), words(7)]
        assert (early.nudge.segment_id, early.nudge.quote) == (segment_id, words(7))
        assert early.nudge.latency_ms == 100
        clock.advance_to(4_000)
        coach.hear(said(SENTENCE, segment_id, end_ms=3_900))
        coach.hear(said("something else that is said after it", SegmentId(uuid7()), end_ms=3_950))
        while len(detector.noticed) < 2:
            await asyncio.sleep(0.005)
        assert line.sent.empty()
        assert archived == [early]


async def test_only_the_newest_words_wait_and_the_end_comes_before_them() -> None:
    started, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow(Listens):
        def notice(self, segment: Segment, heard: Sequence[Heard]) -> list[Insight]:
            if not self.noticed:
                loop.call_soon_threadsafe(started.set)
                asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(5)
            return super().notice(segment, heard)

    detector, first, second = Slow(), SegmentId(uuid7()), SegmentId(uuid7())
    async with coaching(detector) as (coach, line, _, _):
        coach.hear(said("it holds up the line", SegmentId(uuid7()), end_ms=100, role=ParticipantRole.REP))
        await started.wait()
        for count in (5, 8, 11, 13):
            coach.glimpse(said(words(count), first, end_ms=1_000))
        coach.hear(said(SENTENCE, first, end_ms=1_500))
        for count in (7, 10, 12):
            coach.glimpse(said("so " + words(count), second, end_ms=2_000))
        go_on.set()
        assert (await line.sent.get()).nudge.quote == SENTENCE
        while not detector.glimpsed:
            await asyncio.sleep(0.005)
        assert detector.glimpsed == ["so " + words(10)]


async def test_what_a_rep_says_is_looked_at_when_it_is_said() -> None:
    detector, segment_id = Listens(), SegmentId(uuid7())
    async with coaching(detector) as (coach, line, _, _):
        for count in (5, 7, 9):
            coach.glimpse(said(words(count), segment_id, end_ms=1_000, role=ParticipantRole.REP))
        coach.hear(said(SENTENCE, segment_id, end_ms=1_500, role=ParticipantRole.REP))
        assert (await line.sent.get()).nudge.quote == SENTENCE
        assert detector.glimpsed == []
