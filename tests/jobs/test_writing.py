"""The review job with a double of a language model: the organization's choice counts, and a failure costs nothing."""

import pytest

from db import provider_choices, reviews
from db.jobs import Work
from db.pool import Pool, transaction
from domain.provider import Provider, ProviderChoice, ProviderChoices
from domain.review import Review
from jobs.reviewing import Reviewing
from jobs.writing import Writing
from providers.settings import ProviderSettings
from tests.fakes.gemini import gemini_double
from tests.jobs.test_reviewing import Double, over
from tests.sample import Tenant

pytestmark = pytest.mark.db

WORDS = "Our vans stand still twice a week because nobody knows which part is missing."
WRITTEN = {
    "summary": ["The vans stand still for want of parts."],
    "qualification": "needs_follow_up",
    "qualification_reason": "There is a need and no date.",
    "score_reasons": [{"points": 9, "text": "There is a need", "segment": 0}],
    "pain_points": [{"text": "Vans stand still.", "segment": 0, "quote": "our vans stand still twice a week"}],
}


async def made(pool: Pool, tenant: Tenant, settings: ProviderSettings) -> Review:
    call = await over(pool, tenant, WORDS)
    reviewing = Reviewing(pool, Double, Writing(pool, settings).review)
    try:
        assert await reviewing.run(Work(organization_id=tenant.organization_id, id=call.call_id), 0) is None
    finally:
        reviewing.close()
    async with transaction(pool, tenant.organization_id) as connection:
        record = await reviews.get(connection, tenant.organization_id, call.call_id)
    assert record is not None
    assert record.review is not None
    return record.review


async def test_the_organizations_model_writes_the_review(pool: Pool, tenant: Tenant) -> None:
    async with gemini_double() as double:
        double.answer = lambda _asked: {"review": WRITTEN}
        settings = ProviderSettings.model_validate({"GOOGLE_API_KEY": "one", "PARLEY_GEMINI_URL": double.url})
        chosen = ProviderChoices(language_model=ProviderChoice(choice=Provider.GEMINI, model="gemini-2.5-flash"))
        async with transaction(pool, tenant.organization_id) as connection:
            await provider_choices.put(connection, tenant.organization_id, chosen)
        review = await made(pool, tenant, settings)
        assert review.made_by == "gemini gemini-2.5-flash"
        assert [claim.quote for claim in review.pain_points] == ["Our vans stand still twice a week"]
        assert double.models == ["gemini-2.5-flash"]


async def test_the_one_by_rules_stands_when_the_model_fails_or_is_not_wanted(pool: Pool, tenant: Tenant) -> None:
    async with gemini_double() as double:
        double.refusals["*"] = 503
        settings = ProviderSettings.model_validate({"GOOGLE_API_KEY": "one,two", "PARLEY_GEMINI_URL": double.url})
        assert (await made(pool, tenant, settings)).made_by == "a double"
        assert double.keys == ["one", "two"]
        async with transaction(pool, tenant.organization_id) as connection:
            local = ProviderChoices(language_model=ProviderChoice(choice=Provider.LOCAL))
            await provider_choices.put(connection, tenant.organization_id, local)
        assert (await made(pool, tenant, settings)).made_by == "a double"
        assert double.keys == ["one", "two"]
