"""Which speech-to-text a call gets: this machine's, or a vendor's with this machine's behind it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.provider import Provider, ProviderChoice
from providers.keys import KeyRing
from providers.local.moonshine import MoonshineSTT
from providers.settings import ProviderSettings
from providers.vendor_line import Changed

if TYPE_CHECKING:
    import aiohttp

MOST_KEYTERMS = 50
"""Source: Deepgram's documentation of keyterm prompting: at most 500 tokens for all; names have a few each."""


def speech_in_use(choice: ProviderChoice, settings: ProviderSettings) -> tuple[Provider, str]:
    """What a call that starts now would be heard by, and with which model."""
    if choice.choice is not Provider.LOCAL and settings.deepgram_keys:
        return Provider.DEEPGRAM, choice.model or settings.deepgram_model
    return Provider.LOCAL, "moonshine-tiny-en"


def speech_to_text(
    choice: ProviderChoice,
    settings: ProviderSettings,
    *,
    local: MoonshineSTT,
    names: Sequence[str],
    changed: Changed,
    session: "aiohttp.ClientSession | None" = None,
) -> MoonshineSTT:
    """`names` are the people and companies of the call, which a vendor is told to listen for. Without a `session` it
    must be called inside a job, whose own is used."""
    provider, model = speech_in_use(choice, settings)
    if provider is Provider.LOCAL:
        return local
    from providers.deepgram_speech import opener  # heavy, and only for those who have a key
    from providers.fallback_speech import FallbackSTT

    keys = KeyRing(settings.deepgram_keys)
    return FallbackSTT(
        provider=provider.value,
        model=model,
        open_stream=opener(model, settings.deepgram_url, keyterms(names), session),
        keys=keys,
        changed=changed,
    )


def keyterms(names: Sequence[str]) -> list[str]:
    """Full names and companies, each once, none too short to be a name."""
    return [name for name in dict.fromkeys(name.strip() for name in names) if len(name) > 2][:MOST_KEYTERMS]
