"""The agent's words by a real client against a double of Gemini: in time and right, or the rule's own."""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agent.wording import NUDGE_DEADLINE_S, Wording
from domain.ids import OrganizationId, uuid7
from domain.nudge import Nudge
from domain.people import UserRole
from domain.provider import ProviderChoice
from providers.language import close, language_model
from providers.local.minilm import MiniLM
from providers.settings import ProviderSettings
from tests.conftest import eventually
from tests.fakes.gemini import Gemini, gemini_double, said_to
from tests.sample import a_call, a_segment, a_user, questions, shown

pytestmark = pytest.mark.unit

CALL = a_call(a_user(OrganizationId(uuid7()), UserRole.REP))
SAID = a_segment("Honestly, that is too expensive for a shop like ours.")
NUDGE: Nudge = shown(CALL, SAID).nudge
WHEN, WHO = questions("When do you want to start?", "Who else is involved in the decision?")
BETTER_NUDGE = {"message": "Ask what the shop compares that price with."}
BETTER_QUESTION = {"question": "When would you like to get started?"}


def answer(asked: dict[str, Any]) -> Any:
    return BETTER_NUDGE if "Advice:" in said_to(asked) else BETTER_QUESTION


@asynccontextmanager
async def wording() -> AsyncIterator[tuple[Gemini, Wording]]:
    async with gemini_double() as double:
        double.answer = answer
        settings = ProviderSettings.model_validate({"GOOGLE_API_KEY": "one", "PARLEY_GEMINI_URL": double.url})
        model = language_model(ProviderChoice(), settings, lambda *_: None)
        made = Wording(model, MiniLM(), ThreadPoolExecutor(1))
        running = asyncio.create_task(made.run())
        try:
            yield double, made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await close(model)


async def test_a_nudge_goes_out_in_the_models_words() -> None:
    async with wording() as (double, words):
        words.hear(SAID)
        assert (await words.nudge(NUDGE)).message == BETTER_NUDGE["message"]
        assert SAID.text in said_to(double.asked[0])


@pytest.mark.parametrize("fault", ["late", "silent", "garbage", "refused", "away", "cut", "invents"])
async def test_a_nudge_goes_out_in_the_rules_words_in_time_whatever_the_model_does(fault: str) -> None:
    async with wording() as (double, words):
        match fault:
            case "late":
                double.late_s = 2.0
            case "silent":
                double.is_silent = True
            case "garbage":
                double.answer = lambda _asked: "{{{{"
            case "refused":
                double.refusals["*"] = 429
            case "away":
                double.refusals["*"] = 503
            case "cut":
                double.cuts = True
            case "invents":
                double.answer = lambda _asked: {"message": "Offer them 20 percent off."}
        for _ in range(3):
            began_s = time.perf_counter()
            assert await words.nudge(NUDGE) == NUDGE
            assert time.perf_counter() - began_s < NUDGE_DEADLINE_S + 0.5


async def test_the_next_question_is_worded_beside_the_conversation() -> None:
    async with wording() as (_double, words):
        assert words.asked_as(WHEN) is None
        words.prepare(WHEN)

        async def is_worded() -> bool:
            return words.asked_as(WHEN) == BETTER_QUESTION["question"]

        await eventually(is_worded, "the question is worded")


async def test_a_question_that_a_model_turns_into_another_is_asked_as_it_stands() -> None:
    async with wording() as (double, words):
        words.prepare(WHO)

        async def was_asked() -> bool:
            return len(double.asked) == 1

        await eventually(was_asked, "the model was asked")
        words.prepare(WHEN)

        async def is_worded() -> bool:
            return words.asked_as(WHEN) is not None

        await eventually(is_worded, "the question after it is worded")
        assert words.asked_as(WHO) is None
