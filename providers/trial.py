"""One real request with the keys there are, so that somebody can see before a call whether they work."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
from livekit import rtc
from livekit.agents import APIError, APIStatusError, stt, utils
from pydantic import BaseModel

from domain.provider import Provider, ProviderChoice
from intelligence.language_model import NoAnswer, Prompt
from providers.keys import REFUSALS
from providers.language import close, language_in_use, language_model
from providers.settings import ProviderSettings
from providers.speech import speech_in_use

TRIAL_DEADLINE_S = 8.0
SAMPLE_RATE_HZ = 16_000
SECONDS_OF_SOUND = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    ok: bool
    detail: str
    took_ms: int


class Greeting(BaseModel):
    """What a model is asked for in a trial."""

    word: Literal["hello"]


async def try_speech(choice: ProviderChoice, settings: ProviderSettings) -> Trial:
    """Each key opens a stream, sends a second of faint noise, and must get a result for it."""
    began_s = time.monotonic()
    provider, model = speech_in_use(choice, settings)
    if provider is Provider.LOCAL:
        return _trial(began_s, True, f"Speech is heard on this machine by {model}. There is no key to test.")
    problems = []
    async with utils.http_context.open():
        for number, key in enumerate(settings.deepgram_keys, 1):
            problem = await _speech_problem(model, settings, key)
            problems += [f"key {number}: {problem}"] if problem else []
    return _verdict(began_s, f"Deepgram, {model}", len(settings.deepgram_keys), problems)


async def _speech_problem(model: str, settings: ProviderSettings, key: str) -> str | None:
    from providers.deepgram_speech import opener

    stream = opener(model, settings.deepgram_url, (), None)(key)
    noise = np.random.default_rng(0).integers(-30, 31, int(SAMPLE_RATE_HZ * SECONDS_OF_SOUND)).astype(np.int16)
    try:
        async with asyncio.timeout(TRIAL_DEADLINE_S):
            stream.push_frame(rtc.AudioFrame(noise.tobytes(), SAMPLE_RATE_HZ, 1, noise.size))
            stream.flush()
            async for event in stream:
                if event.type is stt.SpeechEventType.PREFLIGHT_TRANSCRIPT:
                    return None
        return "it closed the line without a result"
    except TimeoutError:
        return f"no answer within {TRIAL_DEADLINE_S:.0f} s"
    except APIStatusError as error:
        return refusal(error.status_code) if error.status_code >= 400 else "it cut the line"
    except APIError:
        return "it cannot be reached"
    finally:
        await stream.aclose()


async def try_language(choice: ProviderChoice, settings: ProviderSettings) -> Trial:
    """Each key is asked for one word in a given form."""
    began_s = time.monotonic()
    provider, model = language_in_use(choice, settings)
    if provider is Provider.LOCAL:
        return _trial(began_s, True, "There is no language model: everything is worded by rules. No key to test.")
    keys = settings.google_keys if provider is Provider.GEMINI else settings.llm_keys
    problems = []
    for number, key in enumerate(keys, 1):
        problem = await _language_problem(choice, settings.with_key(key))
        problems += [f"key {number}: {problem}"] if problem else []
    named = "Gemini" if provider is Provider.GEMINI else "The OpenAI-compatible server"
    return _verdict(began_s, f"{named}, {model}" if model else named, len(keys), problems)


async def _language_problem(choice: ProviderChoice, settings: ProviderSettings) -> str | None:
    asked = language_model(choice, settings, lambda _by_vendor, _reason: None)
    prompt = Prompt(instructions='Answer with the JSON object {"word": "hello"} and nothing else.', text="Hello?")
    try:
        await asked.ask(prompt, Greeting, deadline_s=TRIAL_DEADLINE_S)
    except NoAnswer as error:
        return str(error)
    finally:
        await close(asked)
    return None


def refusal(status: int) -> str:
    return f"it was refused ({status})" if status in REFUSALS else f"it answered with {status}"


def _verdict(began_s: float, who: str, keys: int, problems: list[str]) -> Trial:
    if not problems:
        return _trial(began_s, True, f"{who}: {'the key works' if keys == 1 else f'all {keys} keys work'}.")
    return _trial(began_s, False, f"{who}: {'; '.join(problems)}.")


def _trial(began_s: float, ok: bool, detail: str) -> Trial:
    return Trial(ok=ok, detail=detail, took_ms=int((time.monotonic() - began_s) * 1000))
