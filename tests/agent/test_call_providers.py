"""What a call is told about its providers."""

from dataclasses import replace

import pytest

from agent.call_providers import CallProviders, names_of, sentence
from domain.call import CallLead
from domain.ids import LeadId, OrganizationId, uuid7
from domain.people import UserRole
from domain.provider import Provider, ProviderChoices
from intelligence.language_model import NoLanguageModel
from providers.local.moonshine import MoonshineSTT
from providers.settings import ProviderSettings
from tests.sample import a_call, a_user

pytestmark = pytest.mark.unit

CALL = a_call(a_user(OrganizationId(uuid7()), UserRole.REP))


@pytest.mark.parametrize(
    ("vendor", "reason", "told"),
    [
        (Provider.DEEPGRAM, "it did not answer in time", "Deepgram did not answer in time."),
        (Provider.GEMINI, "every key was refused", "Gemini: every key was refused."),
        (Provider.OPENAI, "it answers again", "The OpenAI-compatible server answers again."),
    ],
)
def test_a_reason_is_a_sentence_that_names_the_vendor(vendor: Provider, reason: str, told: str) -> None:
    assert sentence(vendor, reason) == told


def test_a_vendor_listens_for_the_people_and_companies_of_the_call() -> None:
    lead = CallLead(lead_id=LeadId(uuid7()), name="Petra Holm", company="Holm Vans")
    assert names_of(replace(CALL, lead=lead)) == ["Ada Rep", "Acme", "Petra Holm", "Holm Vans", "Robin Finch"]


async def test_without_keys_a_call_has_this_machines_ears_and_no_language_model() -> None:
    local = MoonshineSTT()
    providers = CallProviders(ProviderChoices(), ProviderSettings.model_validate({}), CALL, local)
    assert providers.speech_to_text is local
    assert isinstance(providers.language_model, NoLanguageModel)
    await providers.aclose()
