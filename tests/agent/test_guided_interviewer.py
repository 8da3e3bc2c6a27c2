"""What a question set wants, by the clock of the call: for spoken words and for written ones alike."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from agent.interviewer import SILENCE_MS
from domain.ids import Identity
from domain.question_set import Question, SkipIfContains
from domain.transcript import SegmentSource
from tests.agent import test_interviewer as interviewers
from tests.agent.test_interviewer import Scene, running, stopped
from tests.conftest import eventually
from tests.intelligence.interviewees import question, spoken

pytestmark = pytest.mark.unit

FIRST = question("How many shops do you have?", 0, time_box_seconds=30)
ASKED = (
    FIRST,
    question("Where are they?", 1, skip_if=SkipIfContains(question_id=FIRST.question_id, contains=("none",))),
    question("Why now?", 2),
)


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr(interviewers, "ASKED", ASKED)
    executor = ThreadPoolExecutor(1)
    yield Scene(executor)
    executor.shutdown()


async def turn(scene: Scene, words: str, source: SegmentSource) -> None:
    scene.interviewer.heard(replace(spoken(words), source=source))
    scene.floor.said(Identity("robin"), words, 1.0, scene.clock.elapsed_ms())
    await scene.interviewer.answer_turn()


SOURCES = pytest.mark.parametrize("source", [SegmentSource.SPEECH, SegmentSource.TEXT])


@SOURCES
@pytest.mark.parametrize(("after_ms", "following"), [(29_999, ASKED[0]), (30_000, ASKED[1])])
async def test_a_time_box_ends_by_the_clock_of_the_call(
    scene: Scene, source: SegmentSource, after_ms: int, following: Question
) -> None:
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    await turn(scene, "Yes, please.", source)
    scene.clock.advance_to(after_ms)
    await turn(scene, "The weather is lovely here.", source)
    assert following.text in scene.voice.lines[-1]


@SOURCES
async def test_a_question_is_left_out_by_what_was_answered(scene: Scene, source: SegmentSource) -> None:
    await scene.interviewer.say(scene.interview.greeting(["Robin Finch"]))
    await turn(scene, "Yes, please.", source)
    await turn(scene, "None, we only sell online.", source)
    assert ASKED[2].text in scene.voice.lines[-1]
    assert scene.kinds() == ["question_asked", "question_answered", "question_asked"]


async def test_silence_that_uses_up_the_time_goes_on_without_asking_again(scene: Scene) -> None:
    task = await running(scene)
    scene.clock.advance_to(SILENCE_MS)
    await eventually(scene.has("lines", 2), "the first question")
    scene.clock.advance_to(SILENCE_MS + 30_000)
    await eventually(scene.has("lines", 3), "the next one")
    await stopped(task)
    assert ASKED[1].text in scene.voice.lines[-1]
