"""Which speech-to-text and which language model calls get, and whether the keys for them work."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.deps import MayChangeSettings, OwnConnection, PartsHeld
from db import audit, provider_choices
from db.pool import transaction
from domain.audit import Actor, Subject
from domain.errors import InvalidInput
from domain.provider import (
    LANGUAGE_PROVIDERS,
    SPEECH_PROVIDERS,
    Provider,
    ProviderChoice,
    ProviderChoices,
    ProviderPart,
)
from providers.language import language_in_use
from providers.settings import ProviderSettings
from providers.speech import speech_in_use
from providers.trial import Trial, try_language, try_speech

router = APIRouter(prefix="/settings/providers")

VOICE = "hibari heart"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    choice: Provider
    in_use: Provider
    model: str
    keys: int
    choices: tuple[Provider, ...]
    detail: str  # why it is so, in words for people


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidersView:
    speech_to_text: ProviderView
    text_to_speech: ProviderView
    language_model: ProviderView


def is_model_name(name: str | None) -> str | None:
    """None and nothing at all mean the operator's. Names end up in addresses, so they are of plain characters."""
    if name and not all(c.isascii() and (c.isalnum() or c in "-_.:/@") for c in name):
        raise ValueError("A model name has letters, digits and -_.:/@ only.")
    return name or None


class NewChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    choice: Provider
    model: Annotated[str | None, Field(max_length=100), AfterValidator(is_model_name)] = None

    def kept(self) -> ProviderChoice:
        return ProviderChoice(choice=self.choice, model=self.model)


class NewChoices(BaseModel):
    model_config = ConfigDict(extra="forbid")
    speech_to_text: NewChoice
    language_model: NewChoice


class WantedTrial(BaseModel):
    model_config = ConfigDict(extra="forbid")
    part: ProviderPart


@router.get("")
async def read_providers(held: PartsHeld, connection: OwnConnection, user: MayChangeSettings) -> ProvidersView:
    return view(await provider_choices.get(connection, user.organization_id), held.settings)


@router.put("")
async def change_providers(
    held: PartsHeld, connection: OwnConnection, user: MayChangeSettings, wanted: NewChoices
) -> ProvidersView:
    """Holds for calls that start after it."""
    if wanted.speech_to_text.choice not in SPEECH_PROVIDERS:
        raise InvalidInput("/body/speech_to_text/choice", "Speech is heard by this machine or by Deepgram.")
    if wanted.language_model.choice not in LANGUAGE_PROVIDERS:
        raise InvalidInput("/body/language_model/choice", "Deepgram has no language model here.")
    choices = ProviderChoices(speech_to_text=wanted.speech_to_text.kept(), language_model=wanted.language_model.kept())
    await provider_choices.put(connection, user.organization_id, choices)
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed",
        Subject("settings", "providers"),
        speech_to_text=choices.speech_to_text.choice, language_model=choices.language_model.choice,
    )  # fmt: skip
    return view(choices, held.settings)


@router.post("/tests")
async def test_provider(held: PartsHeld, user: MayChangeSettings, wanted: WantedTrial) -> Trial:
    """One real request with each key there is; takes up to 8 s a key."""
    async with transaction(held.pool, user.organization_id) as connection:
        choices = await provider_choices.get(connection, user.organization_id)
    if wanted.part == "speech_to_text":
        return await try_speech(choices.speech_to_text, held.settings)
    return await try_language(choices.language_model, held.settings)


def view(choices: ProviderChoices, settings: ProviderSettings) -> ProvidersView:
    return ProvidersView(
        speech_to_text=speech_view(choices.speech_to_text, settings),
        text_to_speech=ProviderView(
            choice=Provider.LOCAL,
            in_use=Provider.LOCAL,
            model=VOICE,
            keys=0,
            choices=(Provider.LOCAL,),
            detail="The agent's voice is made on this machine.",
        ),
        language_model=language_view(choices.language_model, settings),
    )


def speech_view(chosen: ProviderChoice, settings: ProviderSettings) -> ProviderView:
    in_use, model = speech_in_use(chosen, settings)
    if in_use is Provider.DEEPGRAM:
        detail = "Deepgram hears; this machine takes over within 2 seconds when it fails, and no word is lost."
    elif chosen.choice is Provider.LOCAL:
        detail = "Speech is heard on this machine, as chosen. No sound leaves it."
    else:
        detail = "Speech is heard on this machine: DEEPGRAM_API_KEY is not set."
    return ProviderView(
        choice=chosen.choice,
        in_use=in_use,
        model=model,
        keys=len(settings.deepgram_keys),
        choices=SPEECH_PROVIDERS,
        detail=detail,
    )


MISSING_FOR = {
    Provider.AUTO: "neither GOOGLE_API_KEY nor PARLEY_LLM_URL is set",
    Provider.GEMINI: "GOOGLE_API_KEY is not set",
    Provider.OPENAI: "PARLEY_LLM_URL is not set",
}


def language_view(chosen: ProviderChoice, settings: ProviderSettings) -> ProviderView:
    in_use, model = language_in_use(chosen, settings)
    if in_use is not Provider.LOCAL:
        detail = "It words questions, nudges and reviews; rules take over when it is late or wrong."
    elif chosen.choice is Provider.LOCAL:
        detail = "Everything is worded by rules on this machine, as chosen."
    else:
        detail = f"Everything is worded by rules on this machine: {MISSING_FOR[chosen.choice]}."
    keys = {Provider.GEMINI: len(settings.google_keys), Provider.OPENAI: sum(map(bool, settings.llm_keys))}
    return ProviderView(
        choice=chosen.choice,
        in_use=in_use,
        model=model,
        keys=keys.get(in_use, 0),
        choices=LANGUAGE_PROVIDERS,
        detail=detail,
    )
