"""A vendor's language model with several keys, one repair, a deadline, and a rest after it has failed."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from domain.provider import Provider, ProviderChoice
from intelligence.language_model import Answer, LanguageModel, NoAnswer, NoLanguageModel, Prompt
from providers.keys import REFUSALS, KeyRing
from providers.settings import ProviderSettings
from providers.vendor_line import Changed
from telemetry import log

logger = log.get(__name__)

FIRST_REST_S = 10.0
LONGEST_REST_S = 300.0

MOST_MISSES = 2
"""Late or wrong so often in a row, it is left alone for a while: each miss costs whoever asked their deadline."""

MOST_REPAIRED_CHARACTERS = 20_000


@dataclass
class VendorError(Exception):
    """`status` is HTTP's, or None when there was no answer at all."""

    status: int | None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was answered, and what is wrong with it."""

    answer: str
    problem: str


class Requests(Protocol):
    """How one vendor is asked once, with one key. Raises VendorError."""

    model: str

    async def complete(self, key: str, prompt: Prompt, schema: type[Answer], repair: Repair | None) -> str: ...
    async def aclose(self) -> None: ...


class KeyedLanguageModel:
    """A LanguageModel. `changed` is told when the vendor is given up for now (False) and when it answers again."""

    def __init__(
        self,
        provider: Provider,
        requests: Requests,
        keys: KeyRing,
        changed: Changed,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._requests = requests
        self._keys = keys
        self._changed = changed
        self._clock = clock
        self._rests_until_s = 0.0
        self._rests = 0
        self._misses = 0
        self._is_up = True

    @property
    def name(self) -> str:
        return f"{self._provider.value} {self._requests.model}"

    async def ask(self, prompt: Prompt, schema: type[Answer], *, deadline_s: float) -> Answer:
        if self._clock() < self._rests_until_s:
            raise NoAnswer("it has failed a moment ago")
        try:
            async with asyncio.timeout(deadline_s):
                answer = await self._answer(prompt, schema)
        except TimeoutError:
            self._missed("it was too late")
            raise NoAnswer("it was too late") from None
        except ValidationError as error:
            self._missed("it did not answer in the form that was asked for")
            logger.warning("language model: wrong form", errors=error.error_count())
            raise NoAnswer("it did not answer in the form that was asked for") from None
        except VendorError as error:
            reason = "every key was refused" if error.status in REFUSALS else explained(error)
            self._give_up(reason, self._keys.free_in_s())
            raise NoAnswer(reason) from None
        except Exception as error:  # whatever its client does, who asks goes on with a rule's answer
            logger.error("language model broke", error=type(error).__name__, exc_info=error)
            self._give_up("it broke", 0.0)
            raise NoAnswer("it broke") from None
        self._misses = self._rests = 0
        if not self._is_up:
            self._is_up = True
            self._changed(True, "it answers again")
        return answer

    async def aclose(self) -> None:
        await self._requests.aclose()

    async def _answer(self, prompt: Prompt, schema: type[Answer]) -> Answer:
        """With one repair. Raises ValidationError, or VendorError when no key was of use."""
        text = await self._complete(prompt, schema, None)
        try:
            return schema.model_validate_json(bare_json(text))
        except ValidationError as error:
            repair = Repair(answer=text[:MOST_REPAIRED_CHARACTERS], problem=problem_of(error))
        return schema.model_validate_json(bare_json(await self._complete(prompt, schema, repair)))

    async def _complete(self, prompt: Prompt, schema: type[Answer], repair: Repair | None) -> str:
        """With one key after the other until one is of use."""
        last = VendorError(None)
        for _ in range(len(self._keys)):
            key = self._keys.take()
            if key is None:
                break
            try:
                return await self._requests.complete(key, prompt, schema, repair)
            except VendorError as error:
                logger.warning("language model vendor fails", status=error.status)
                last = error
                if error.status in REFUSALS:
                    self._keys.refused(key, error.status, error.retry_after_s)
                elif error.status is not None and error.status < 500:
                    break  # the request itself is not accepted; another key would not help
        raise last

    def _missed(self, reason: str) -> None:
        self._misses += 1
        if self._misses >= MOST_MISSES:
            self._give_up(reason, 0.0)

    def _give_up(self, reason: str, least_s: float) -> None:
        rest_s = max(least_s, min(FIRST_REST_S * 2**self._rests, LONGEST_REST_S))
        self._rests += 1
        self._rests_until_s = self._clock() + rest_s
        if self._is_up:
            self._is_up = False
            self._changed(False, reason)


def language_in_use(choice: ProviderChoice, settings: ProviderSettings) -> tuple[Provider, str]:
    """What a call that starts now would be worded by, and with which model."""
    wanted = choice.choice
    if wanted in (Provider.AUTO, Provider.GEMINI) and settings.google_keys:
        return Provider.GEMINI, choice.model or settings.gemini_model
    if wanted in (Provider.AUTO, Provider.OPENAI) and settings.llm_url:
        return Provider.OPENAI, choice.model or settings.llm_model
    return Provider.LOCAL, "rules"


def language_model(choice: ProviderChoice, settings: ProviderSettings, changed: Changed) -> LanguageModel:
    """The owner awaits `close(model)` at the end."""
    provider, model = language_in_use(choice, settings)
    if provider is Provider.GEMINI:
        from providers.gemini import GeminiRequests  # heavy, and only for those who have a key

        requests: Requests = GeminiRequests(model, settings.gemini_url)
        return KeyedLanguageModel(provider, requests, KeyRing(settings.google_keys), changed)
    if provider is Provider.OPENAI and settings.llm_url:
        from providers.openai_compatible import OpenAIRequests

        requests = OpenAIRequests(model, settings.llm_url)
        return KeyedLanguageModel(provider, requests, KeyRing(settings.llm_keys), changed)
    return NoLanguageModel()


async def close(model: LanguageModel) -> None:
    if isinstance(model, KeyedLanguageModel):
        await model.aclose()


def explained(error: VendorError) -> str:
    return "it cannot be reached" if error.status is None else f"it answered with {error.status}"


def bare_json(text: str) -> str:
    """Without the fence that some models put around it."""
    fenced = re.search(r"```(?:json)?\s*(.*?)```", text, re.DOTALL)
    return (fenced[1] if fenced else text).strip()


def problem_of(error: ValidationError) -> str:
    """The first few faults by place and rule."""
    faults: list[Any] = error.errors(include_url=False, include_input=False)[:5]
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the answer'}: {fault['msg']}" for fault in faults)
