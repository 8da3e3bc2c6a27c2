"""The interviewer on its own: a voice that can be cut off, a clock that stands still, and what is written down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event as Gate
from typing import Any

import pytest

from agent.ears import Speaker
from agent.floor import DONE_SILENCE_MS, Floor
from agent.interviewer import SILENCE_MS, WAITING_MS, Interviewer
from agent.wording import Wording
from domain.clock import ScriptClock
from domain.event import Event, QuestionAnswered, QuestionAsked, QuestionRefused, SegmentAdded
from domain.ids import CallId, Identity, uuid7
from domain.transcript import ParticipantRole, SegmentSource
from intelligence.interview.coverage import Ledger
from intelligence.interview.judging import Judge
from intelligence.interviewing import Interview
from intelligence.language_model import NoLanguageModel
from tests.conftest import eventually
from tests.intelligence.interviewees import INTRODUCTION, embedder, known, questions, spoken

pytestmark = pytest.mark.unit

ASKED = questions("What do you sell?", "Do you have a budget for this?")


class Heard:
    """A voice that takes no time; `cut` is the share of the next line that is out when it is cut off."""

    def __init__(self, clock: ScriptClock) -> None:
        self.lines: list[str] = []
        self.prepared: list[str] = []
        self.cut = 1.0
        self.is_speaking = False
        self._clock = clock

    def prepare(self, text: str) -> None:
        self.prepared.append(text)

    async def say(self, text: str, on_start: Callable[[], None]) -> str:
        on_start()
        out = text[: int(len(text) * self.cut)]
        self.cut = 1.0
        self.lines.append(out)
        return out

    def interrupt(self) -> None:
        raise AssertionError("nobody interrupts here")


class Room:
    def __init__(self) -> None:
        self.states: list[str] = []

    async def caption(self, *_: Any, **__: Any) -> None: ...

    async def state(self, state: str) -> None:
        self.states.append(state)


@dataclass
class Scene:
    executor: Executor
    clock: ScriptClock = field(default_factory=ScriptClock)
    floor: Floor = field(default_factory=Floor)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.voice, self.room = Heard(self.clock), Room()
        judge = Judge(ASKED, known(), embedder())
        self.interview = Interview(Ledger(ASKED), judge, INTRODUCTION)
        self.interviewer = Interviewer(
            CallId(uuid7()),
            Identity("agent-1"),
            "Nova",
            self.interview,
            judge,
            self.executor,
            Wording(NoLanguageModel(), embedder(), self.executor),
            self.floor,
            self.voice,
            self.room,  # type: ignore[arg-type]
            self.events.append,
            self.clock,
        )

    async def turn(self, *said: tuple[str, str]) -> None:
        """Each (who, words) in one turn, which is then answered."""
        for who, words in said:
            self.interviewer.heard(spoken(words, who))
            self.floor.said(Identity(who), words, 1.0, self.clock.elapsed_ms())
        await self.interviewer.answer_turn()

    def has(self, what: str, count: int) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return len(getattr(self.voice, what)) == count

        return look

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events if not isinstance(event, SegmentAdded)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    executor = ThreadPoolExecutor(1)
    yield Scene(executor)
    executor.shutdown()


async def test_what_is_asked_answered_and_refused_is_written_down_with_who_said_it(scene: Scene) -> None:
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    await scene.turn(("robin", "Yes, please."))
    await scene.turn(("robin", "Garden furniture."))
    await scene.turn(("ben", "I'd rather not say."))
    asked, answered, asked_next, refused = [e for e in scene.events if not isinstance(e, SegmentAdded)]
    assert isinstance(asked, QuestionAsked)
    assert isinstance(answered, QuestionAnswered)
    assert (answered.position, answered.text, answered.identity, answered.volunteered) == (
        0, "Garden furniture.", "robin", False,
    )  # fmt: skip
    assert isinstance(asked_next, QuestionAsked)
    assert isinstance(refused, QuestionRefused)
    assert (refused.position, refused.identity) == (1, "ben")
    assert scene.interviewer.has_closed
    said = [event.segment.text for event in scene.events if isinstance(event, SegmentAdded)]
    assert said == scene.voice.lines
    assert all(e.segment.source is SegmentSource.AGENT for e in scene.events if isinstance(e, SegmentAdded))


async def test_what_was_volunteered_is_written_down_before_it_is_asked_and_never_asked(scene: Scene) -> None:
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    await scene.turn(("robin", "Yes, please."))
    await scene.turn(("robin", "Garden furniture."), ("ben", "We have put forty thousand aside for this project."))
    assert scene.kinds() == ["question_asked", "question_answered", "question_answered"]
    last = scene.events[-2]
    assert isinstance(last, QuestionAnswered)
    assert (last.position, last.identity, last.volunteered) == (1, "ben", True)
    assert "the budget already" in scene.voice.lines[-1]


async def test_a_question_that_was_cut_off_is_written_down_when_it_has_been_asked(scene: Scene) -> None:
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    scene.voice.cut = 0.2
    await scene.turn(("robin", "Yes, please."))
    assert scene.kinds() == []
    await scene.turn(("robin", "Okay."))
    assert scene.kinds() == ["question_asked"]
    assert ASKED[0].text in scene.voice.lines[-1]


async def test_a_question_that_is_repeated_is_written_down_once(scene: Scene) -> None:
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    await scene.turn(("robin", "Yes, please."))
    await scene.turn(("robin", "Can you say that again?"))
    assert scene.kinds() == ["question_asked"]
    assert sum(ASKED[0].text in line for line in scene.voice.lines) == 2


async def test_who_comes_after_the_greeting_is_told_who_talks_and_nobody_else(scene: Scene) -> None:
    robin = Speaker(identity=Identity("robin"), name="Robin Finch", role=ParticipantRole.PROSPECT)
    howard = Speaker(identity=Identity("howard"), name="Howard Lane", role=ParticipantRole.PROSPECT)
    rep = Speaker(identity=Identity("rep"), name="Tom Okafor", role=ParticipantRole.REP)
    scene.interviewer.arrived(robin)
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    for speaker in (robin, howard, howard, rep):
        scene.interviewer.arrived(speaker)
    await scene.turn(("robin", "Yes, please."))
    assert scene.voice.lines[-1].count("Welcome") == 1
    assert "Welcome, Howard." in scene.voice.lines[-1]


async def running(scene: Scene) -> asyncio.Task[None]:
    task = asyncio.create_task(scene.interviewer.run(scene.interview.greeting(["Robin Finch"])))
    await eventually(scene.has("lines", 1), "the greeting")
    return task


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_is_silent_hears_the_question_again_and_then_the_next_one(scene: Scene) -> None:
    task = await running(scene)
    for count, expected in ((2, ASKED[0]), (3, ASKED[0]), (4, ASKED[1])):
        scene.clock.advance_to(scene.clock.elapsed_ms() + SILENCE_MS)
        await eventually(scene.has("lines", count), f"line {count}")
        assert expected.text in scene.voice.lines[-1]
    await stopped(task)


async def test_who_asked_for_a_moment_is_not_hurried(scene: Scene) -> None:
    task = await running(scene)
    await scene.turn(("robin", "Hold on, somebody is at the door."))
    scene.clock.advance_to(scene.clock.elapsed_ms() + WAITING_MS - 1_000)
    for _ in range(5):
        await asyncio.sleep(0.03)  # looks of the interviewer at the floor
    assert len(scene.voice.lines) == 2
    scene.clock.advance_to(scene.clock.elapsed_ms() + 1_000)
    await eventually(scene.has("lines", 3), "it goes on after all")
    await stopped(task)


async def test_an_answer_does_not_wait_for_a_thread_that_has_no_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    import agent.interviewer as interviewing

    monkeypatch.setattr(interviewing, "READING_DEADLINE_S", 0.05)
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    await scene.turn(("robin", "Yes, please."))
    busy = Gate()
    scene.executor.submit(busy.wait)
    try:
        await scene.turn(("robin", "Garden furniture."))
    finally:
        busy.set()
    assert scene.kinds() == ["question_asked", "question_answered", "question_asked"]


async def test_while_people_may_go_on_the_answer_is_prepared_once_and_nothing_counts_yet(scene: Scene) -> None:
    running = asyncio.create_task(scene.interviewer.run(scene.interview.greeting(["Robin Finch"])))
    await eventually(scene.has("lines", 1), "lines")
    scene.interviewer.heard(spoken("Yes, please.", "robin"))
    scene.floor.said(Identity("robin"), "Yes, please.", 1.0, scene.clock.elapsed_ms())
    await eventually(scene.has("prepared", 1), "prepared")
    scene.interviewer.heard(spoken("We sell garden furniture.", "robin"))
    scene.floor.said(Identity("robin"), "We sell garden furniture.", 1.0, scene.clock.elapsed_ms())
    await eventually(scene.has("prepared", 2), "prepared")
    assert scene.kinds() == []
    assert len(scene.voice.lines) == 1
    scene.clock.advance_to(scene.clock.elapsed_ms() + DONE_SILENCE_MS)
    await eventually(scene.has("lines", 2), "lines")
    running.cancel()
    assert scene.voice.lines[1] == scene.voice.prepared[1]
