"""Who hears and who words things in a call: this machine, or a vendor. Keys are the operator's, choices an
organization's."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

ProviderPart = Literal["speech_to_text", "language_model"]


class Provider(StrEnum):
    AUTO = "auto"  # the vendor whose key there is, else this machine
    LOCAL = "local"
    DEEPGRAM = "deepgram"
    GEMINI = "gemini"
    OPENAI = "openai"  # any server that speaks OpenAI's chat completions


SPEECH_PROVIDERS = (Provider.AUTO, Provider.LOCAL, Provider.DEEPGRAM)
LANGUAGE_PROVIDERS = (Provider.AUTO, Provider.LOCAL, Provider.GEMINI, Provider.OPENAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChoice:
    choice: Provider = Provider.AUTO
    model: str | None = None  # None: the operator's


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChoices:
    """What an organization has set; it holds for calls that start after it."""

    speech_to_text: ProviderChoice = ProviderChoice()
    language_model: ProviderChoice = ProviderChoice()
