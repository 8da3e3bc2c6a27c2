"""A review by a model through the vendors' real clients: evidence is asked of it, and the rules' stands behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from domain.call import Call, Switches
from domain.ids import OrganizationId, uuid7
from domain.people import UserRole
from domain.provider import ProviderChoice
from domain.review import Qualification, Review
from domain.transcript import Segment
from intelligence.language_model import NoLanguageModel
from intelligence.reviewing.evidence import ReviewDraft, review_of
from intelligence.reviewing_by_model import reviewed
from providers.language import close, language_model
from providers.settings import ProviderSettings
from tests.fakes.gemini import gemini_double
from tests.fakes.openai_server import openai_double
from tests.sample import a_call, a_segment, a_user

pytestmark = pytest.mark.unit

CALL: Call = a_call(a_user(OrganizationId(uuid7()), UserRole.REP))
SEGMENTS: list[Segment] = [
    a_segment("Our vans stand still twice a week because nobody knows which part is missing."),
    a_segment("We have put aside 12,000 euros for it, and my boss Petra Holm signs."),
]
BY_RULES: Review = review_of(
    ReviewDraft(
        summary=("A short call.",),
        qualification=Qualification.NEEDS_FOLLOW_UP,
        qualification_reason="Little was said.",
        score_reasons=(),
    ),
    SEGMENTS,
    made_by="rules",
)
PAIN = {"text": "Vans stand still.", "segment": 0, "quote": "our vans stand still twice a week"}
BUDGET = {
    "text": "12,000 euros are there.", "segment": 1, "quote": "We have put aside 12,000 euros", "amount_min": 12_000,
    "amount_max": 12_000, "currency": "EUR", "period": None,
}  # fmt: skip
WRITTEN: dict[str, Any] = {
    "summary": ["Robin's vans stand still for want of parts.", "There is a budget; Petra Holm signs."],
    "qualification": "qualified",
    "qualification_reason": "Need, money and who decides are known.",
    "score_reasons": [
        {"points": 20, "text": "There is a budget", "segment": 1},
        {"points": 5, "text": "There is a need", "segment": None},
    ],
    "pain_points": [PAIN],
    "budget": BUDGET,
    "decision_makers": [{"text": "Petra Holm", "segment": 1, "quote": "my boss Petra Holm signs"}],
    "sentiment": -0.2,
    "engagement": "medium",
    "follow_up_priority": "high",
}


@asynccontextmanager
async def gemini(written: dict[str, Any]) -> AsyncIterator[Any]:
    async with gemini_double() as double:
        double.answer = lambda _asked: {"review": written}
        values = {"GOOGLE_API_KEY": "one", "PARLEY_GEMINI_URL": double.url}
        model = language_model(ProviderChoice(), ProviderSettings.model_validate(values), lambda *_: None)
        yield model
        await close(model)


@asynccontextmanager
async def openai(written: dict[str, Any]) -> AsyncIterator[Any]:
    async with openai_double() as double:
        double.answer = lambda _asked: {"review": written}
        values = {"PARLEY_LLM_URL": double.url, "PARLEY_LLM_MODEL": "small"}
        model = language_model(ProviderChoice(), ProviderSettings.model_validate(values), lambda *_: None)
        yield model
        await close(model)


@pytest.mark.parametrize("vendor", [gemini, openai], ids=["gemini", "openai"])
async def test_a_model_writes_the_review_with_its_evidence(vendor: Any) -> None:
    async with vendor(WRITTEN) as model:
        review = await reviewed(model, CALL, SEGMENTS, BY_RULES)
    assert review.made_by == model.name
    assert (review.qualification, review.lead_score) == (Qualification.QUALIFIED, 75)
    assert review.budget is not None
    assert (review.budget.amount_min, review.budget.currency) == (12_000, "EUR")
    assert [(claim.quote, claim.segment_id) for claim in review.pain_points] == [
        ("Our vans stand still twice a week", SEGMENTS[0].segment_id)
    ]
    assert review.sentiment == -0.2


async def test_a_claim_without_evidence_is_not_made() -> None:
    invented = {"text": "They hate it.", "segment": 0, "quote": "we hate the old system"}
    async with gemini(WRITTEN | {"objections": [invented | {"type": "need"}]}) as model:
        review = await reviewed(model, CALL, SEGMENTS, BY_RULES)
    assert review.made_by == model.name
    assert review.objections == ()


async def test_a_model_that_makes_most_of_its_quotes_up_is_not_believed() -> None:
    invented = [{"text": "x", "segment": 0, "quote": f"nobody said this {n}"} for n in range(3)]
    async with gemini(WRITTEN | {"buying_signals": invented}) as model:
        assert await reviewed(model, CALL, SEGMENTS, BY_RULES) == BY_RULES


@pytest.mark.parametrize("written", [{}, WRITTEN | {"qualification": "splendid"}, WRITTEN | {"summary": []}])
async def test_what_is_no_review_leaves_the_rules_one(written: dict[str, Any]) -> None:
    async with gemini(written) as model:
        assert await reviewed(model, CALL, SEGMENTS, BY_RULES) == BY_RULES


async def test_without_a_model_or_without_words_the_rules_one_stands() -> None:
    assert await reviewed(NoLanguageModel(), CALL, SEGMENTS, BY_RULES) == BY_RULES
    async with gemini(WRITTEN) as model:
        assert await reviewed(model, CALL, [], BY_RULES) == BY_RULES


async def test_sentiment_is_left_out_where_it_is_switched_off() -> None:
    quiet = replace(CALL, switches=Switches(sentiment=False))
    async with gemini(WRITTEN) as model:
        assert (await reviewed(model, quiet, SEGMENTS, BY_RULES)).sentiment is None
