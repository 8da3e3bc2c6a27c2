"""Google's Gemini by LiveKit's plug-in. Its own retries stay off: keys, repair and rest are in `language.py`."""

from contextlib import aclosing
from typing import Any

from google.genai.errors import APIError as GoogleError
from google.genai.types import HttpOptions
from livekit.agents import APIError, APIStatusError, llm
from livekit.agents.types import NOT_GIVEN, APIConnectOptions
from livekit.plugins import google

from intelligence.language_model import Answer, Prompt
from providers.keys import retry_after_s
from providers.language import Repair, VendorError

SERVER_DEADLINE_S = 60.0
"""Gemini is told this one, and refuses any below 10 s (livekit/agents issue 3723); who asks has their own."""

ONE_ATTEMPT = APIConnectOptions(max_retry=0, timeout=SERVER_DEADLINE_S)


class GeminiRequests:
    def __init__(self, model: str, url: str | None) -> None:
        self.model = model
        self._url = url
        self._by_key: dict[str, google.LLM] = {}

    async def complete(self, key: str, prompt: Prompt, schema: type[Answer], repair: Repair | None) -> str:
        context = llm.ChatContext.empty()
        context.add_message(role="system", content=prompt.instructions)
        context.add_message(role="user", content=prompt.text)
        if repair:
            context.add_message(role="assistant", content=repair.answer)
            context.add_message(role="user", content=f"That is not in the form asked for: {repair.problem}. Once more.")
        parts: list[str] = []
        try:
            stream = self._client(key).chat(chat_ctx=context, conn_options=ONE_ATTEMPT, response_format=schema)
            async with aclosing(stream):
                async for chunk in stream:
                    if chunk.delta and chunk.delta.content:
                        parts.append(chunk.delta.content)
        except APIStatusError as error:
            status = error.status_code if error.status_code >= 400 else None
            raise VendorError(status, _retry_after_s(error.__cause__)) from None
        except APIError:
            raise VendorError(None) from None
        return "".join(parts)

    async def aclose(self) -> None:
        for client in self._by_key.values():
            await client.aclose()

    def _client(self, key: str) -> google.LLM:
        if key not in self._by_key:
            self._by_key[key] = google.LLM(
                model=self.model,
                api_key=key,
                vertexai=False,
                http_options=HttpOptions(base_url=self._url) if self._url else NOT_GIVEN,
                thinking_config=_least_thinking(self.model),
            )
        return self._by_key[key]


def _least_thinking(model: str) -> Any:
    """A line or a nudge has under a second. Models of the second generation take a budget, the third a level."""
    if "gemini-2.5-flash" in model:
        return {"thinking_budget": 0}
    if "gemini-3" in model:
        return {"thinking_level": "minimal" if "flash" in model else "low"}
    return NOT_GIVEN


def _retry_after_s(cause: BaseException | None) -> float | None:
    """From the header, or from the RetryInfo in the body: `{"retryDelay": "37s"}`."""
    if not isinstance(cause, GoogleError):
        return None
    if (by_header := retry_after_s(getattr(cause.response, "headers", None))) is not None:
        return by_header
    body: Any = cause.details
    details = body.get("error", {}).get("details", []) if isinstance(body, dict) else []
    delays = [detail.get("retryDelay", "") for detail in details if isinstance(detail, dict)]
    try:
        return next(float(delay.removesuffix("s")) for delay in delays if delay)
    except (StopIteration, ValueError):
        return None
