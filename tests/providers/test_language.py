"""Language models by the vendors' real clients against doubles: one that works, and one that fails in each way."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import BaseModel, Field

from domain.provider import Provider, ProviderChoice
from intelligence.language_model import LanguageModel, NoAnswer, NoLanguageModel, Prompt
from providers.language import MOST_MISSES, bare_json, close, language_model
from providers.settings import ProviderSettings
from tests.fakes.gemini import Gemini, gemini_double, said_to
from tests.fakes.openai_server import OpenAIServer, openai_double

pytestmark = pytest.mark.unit

GOOD = {"title": "A line", "points": 7}
PROMPT = Prompt(instructions="Give a score.", text="Robin said: we would buy it today.")


class Score(BaseModel):
    title: str
    points: int = Field(ge=0, le=10)


class Asked:
    """A model with what it has told of itself."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.changes: list[tuple[bool, str]] = []
        self.model: LanguageModel = language_model(
            ProviderChoice(), settings, lambda by_vendor, reason: self.changes.append((by_vendor, reason))
        )

    async def score(self, deadline_s: float = 5.0) -> Score:
        return await self.model.ask(PROMPT, Score, deadline_s=deadline_s)


@asynccontextmanager
async def gemini(*keys: str) -> AsyncIterator[tuple[Gemini, Asked]]:
    async with gemini_double() as double:
        double.answer = lambda _asked: GOOD
        asked = Asked(
            ProviderSettings.model_validate({"GOOGLE_API_KEY": ",".join(keys), "PARLEY_GEMINI_URL": double.url})
        )
        yield double, asked
        await close(asked.model)


@asynccontextmanager
async def openai(*keys: str) -> AsyncIterator[tuple[OpenAIServer, Asked]]:
    async with openai_double() as double:
        double.answer = lambda _asked: GOOD
        values = {"PARLEY_LLM_URL": double.url, "PARLEY_LLM_KEY": ",".join(keys), "PARLEY_LLM_MODEL": "small"}
        asked = Asked(ProviderSettings.model_validate(values))
        yield double, asked
        await close(asked.model)


BOTH = pytest.mark.parametrize("vendor", [gemini, openai], ids=["gemini", "openai"])


@BOTH
async def test_an_object_of_the_shape_asked_for_comes_back(vendor: Any) -> None:
    async with vendor("one") as (double, asked):
        assert await asked.score() == Score(title="A line", points=7)
        assert double.keys == ["one"]
        assert asked.changes == []


@BOTH
async def test_a_wrong_answer_is_repaired_once(vendor: Any) -> None:
    async with vendor("one") as (double, asked):
        answers = iter([{"title": "A line", "points": 70}, GOOD])
        double.answer = lambda _asked: next(answers)
        assert (await asked.score()).points == 7
        assert "points: Input should be less than or equal to 10" in str(double.asked[1])


@BOTH
async def test_garbage_twice_is_no_answer_and_after_some_of_it_nobody_waits_any_more(vendor: Any) -> None:
    async with vendor("one") as (double, asked):
        double.answer = lambda _asked: "I am a teapot {"
        for _ in range(MOST_MISSES):
            with pytest.raises(NoAnswer, match="form"):
                await asked.score()
        assert len(double.keys) == 2 * MOST_MISSES
        assert [by_vendor for by_vendor, _ in asked.changes] == [False]
        with pytest.raises(NoAnswer):
            await asked.score()
        assert len(double.keys) == 2 * MOST_MISSES


@BOTH
async def test_a_silent_vendor_is_waited_for_until_the_deadline_and_then_left_alone(vendor: Any) -> None:
    async with vendor("one") as (double, asked):
        double.is_silent = True
        for _ in range(MOST_MISSES):
            began_s = time.perf_counter()
            with pytest.raises(NoAnswer, match="late"):
                await asked.score(deadline_s=0.3)
            assert time.perf_counter() - began_s < 1.0
        began_s = time.perf_counter()
        with pytest.raises(NoAnswer):
            await asked.score(deadline_s=0.3)
        assert time.perf_counter() - began_s < 0.05
        assert asked.changes == [(False, "it was too late")]


@BOTH
async def test_a_refused_key_gives_way_to_the_next_and_rests(vendor: Any) -> None:
    async with vendor("one", "two") as (double, asked):
        double.refusals["one"] = 429
        for _ in range(3):
            await asked.score()
        assert double.keys == ["one", "two", "two", "two"]
        assert asked.changes == []


@BOTH
@pytest.mark.parametrize("status", [429, 503])
async def test_when_every_key_is_refused_there_is_no_answer_at_once(vendor: Any, status: int) -> None:
    async with vendor("one", "two") as (double, asked):
        double.refusals["*"] = status
        began_s = time.perf_counter()
        with pytest.raises(NoAnswer):
            await asked.score()
        assert time.perf_counter() - began_s < 2.0
        assert double.keys == ["one", "two"]
        with pytest.raises(NoAnswer):
            await asked.score()
        assert double.keys == ["one", "two"], "a vendor that refuses is left alone"
        assert asked.changes == [(False, "every key was refused" if status == 429 else "it answered with 503")]


async def test_the_time_a_vendor_asks_for_is_given_by_header_and_by_body(monkeypatch: pytest.MonkeyPatch) -> None:
    for told in ({"retry_after": "1"}, {"retry_delay": "1s"}):
        async with gemini("one", "two") as (double, asked):
            double.refusals["one"] = 429
            for name, value in told.items():
                setattr(double, name, value)
            await asked.score()
            double.refusals.clear()
            await asyncio.sleep(1.05)
            assert [await asked.score(), await asked.score()] == [Score(title="A line", points=7)] * 2
            assert double.keys[2:] in (["one", "two"], ["two", "one"])


async def test_a_vendor_that_answers_again_takes_over_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.language.FIRST_REST_S", 0.1)
    async with gemini("one") as (double, asked):
        double.refusals["*"] = 503
        with pytest.raises(NoAnswer):
            await asked.score()
        double.refusals.clear()
        await asyncio.sleep(0.15)
        await asked.score()
        assert [by_vendor for by_vendor, _ in asked.changes] == [False, True]


async def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    async with gemini("one") as (double, asked):
        double.cuts = True
        with pytest.raises(NoAnswer):
            await asked.score()


async def test_gemini_gets_instructions_schema_and_a_deadline_that_it_accepts() -> None:
    async with gemini("one") as (double, asked):
        await asked.score(deadline_s=1.0)
        (body,) = double.asked
        assert body["systemInstruction"]["parts"][0]["text"] == PROMPT.instructions
        assert said_to(body) == PROMPT.text
        assert set(body["generationConfig"]["responseSchema"]["properties"]) == {"title", "points"}
        assert double.models == ["gemini-3.8-flash"]
        assert int(double.headers[0].get("X-Server-Timeout", "10")) >= 10


async def test_a_server_of_ones_own_needs_no_key() -> None:
    async with openai() as (double, asked):
        await asked.score()
        assert double.keys == [""]
        assert double.asked[0]["model"] == "small"
        assert double.asked[0]["response_format"]["json_schema"]["name"] == "Score"


async def test_a_page_where_an_answer_was_expected_is_no_answer() -> None:
    async with openai() as (double, asked):
        double.says_garbage = True
        with pytest.raises(NoAnswer):
            await asked.score()


async def test_a_server_that_is_not_there_is_no_answer_at_once() -> None:
    asked = Asked(ProviderSettings.model_validate({"PARLEY_LLM_URL": "http://127.0.0.1:1/v1"}))
    with pytest.raises(NoAnswer, match="cannot be reached"):
        await asked.score()
    await close(asked.model)


async def test_a_client_that_breaks_is_no_answer_and_not_the_end_of_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with gemini("one") as (_double, asked):
        monkeypatch.setattr("livekit.plugins.google.LLM.chat", lambda *_args, **_more: 1 / 0)
        with pytest.raises(NoAnswer, match="broke"):
            await asked.score()
        assert asked.changes == [(False, "it broke")]


async def test_without_a_vendor_there_is_no_language_model() -> None:
    settings = ProviderSettings.model_validate({"GOOGLE_API_KEY": "one"})
    model = language_model(ProviderChoice(choice=Provider.LOCAL), settings, lambda *_: None)
    assert isinstance(model, NoLanguageModel)
    with pytest.raises(NoAnswer):
        await model.ask(PROMPT, Score, deadline_s=1.0)


def test_a_fence_around_the_answer_is_taken_off() -> None:
    assert bare_json('Here it is:\n```json\n{"a": 1}\n```\n') == '{"a": 1}'
    assert bare_json(' {"a": "```"} ') == '{"a": "```"}'
