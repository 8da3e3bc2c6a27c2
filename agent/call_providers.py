"""Who hears and who words in one call: what its organization chose, each with this machine behind it."""

from collections.abc import Callable

from domain.call import Call
from domain.provider import Provider, ProviderChoices, ProviderPart
from intelligence.language_model import LanguageModel
from providers.language import close, language_in_use, language_model
from providers.local.moonshine import MoonshineSTT
from providers.settings import ProviderSettings
from providers.speech import speech_in_use, speech_to_text
from providers.vendor_line import Changed

Tell = Callable[[ProviderPart, Provider, str], None]
"""Which part, by whom from now on, and why, as a sentence."""

NAMES = {
    Provider.DEEPGRAM: "Deepgram",
    Provider.GEMINI: "Gemini",
    Provider.OPENAI: "The OpenAI-compatible server",
}


class CallProviders:
    """Made inside the call's job, whose HTTP session a vendor's ears use. The owner awaits `aclose()`."""

    def __init__(self, choices: ProviderChoices, settings: ProviderSettings, call: Call, local: MoonshineSTT) -> None:
        hears, _ = speech_in_use(choices.speech_to_text, settings)
        words, _ = language_in_use(choices.language_model, settings)
        self._tell: Tell | None = None
        self.speech_to_text: MoonshineSTT = speech_to_text(
            choices.speech_to_text,
            settings,
            local=local,
            names=names_of(call),
            changed=self._changed("speech_to_text", hears),
        )
        self.language_model: LanguageModel = language_model(
            choices.language_model, settings, self._changed("language_model", words)
        )

    def watch(self, tell: Tell) -> None:
        """`tell` hears of every change from now on; it returns at once."""
        self._tell = tell

    async def aclose(self) -> None:
        await close(self.language_model)

    def _changed(self, part: ProviderPart, vendor: Provider) -> Changed:
        def changed(by_vendor: bool, reason: str) -> None:
            if self._tell:
                self._tell(part, vendor if by_vendor else Provider.LOCAL, sentence(vendor, reason))

        return changed


def sentence(vendor: Provider, reason: str) -> str:
    """The reason as a line tells it ("it was cut", "every key was refused") for people who see the call."""
    name = NAMES.get(vendor, vendor.value)
    return f"{name} {reason.removeprefix('it ')}." if reason.startswith("it ") else f"{name}: {reason}."


def warm(settings: ProviderSettings) -> None:
    """Imports the plug-ins that a key calls for, which takes up to a second, before somebody waits for a call."""
    if settings.deepgram_keys:
        import providers.deepgram_speech
        import providers.fallback_speech
    if settings.google_keys:
        import providers.gemini
    if settings.llm_url:
        import providers.openai_compatible  # noqa: F401


def names_of(call: Call) -> list[str]:
    """People and companies that may be named in the call."""
    lead = [call.lead.name, call.lead.company] if call.lead else []
    return [call.owner.name, call.organization_name, *lead, *(invitee.name for invitee in call.invitees)]
