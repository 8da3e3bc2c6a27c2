"""Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp, OpenAI itself."""

from typing import Any

import httpx

from intelligence.language_model import Answer, Prompt
from providers.keys import retry_after_s
from providers.language import Repair, VendorError

SERVER_DEADLINE_S = 60.0
"""Who asks has their own deadline below this."""


class OpenAIRequests:
    """`url` is the server's base, such as `http://127.0.0.1:11434/v1`."""

    def __init__(self, model: str, url: str) -> None:
        self.model = model
        self._http = httpx.AsyncClient(base_url=url.rstrip("/"), timeout=SERVER_DEADLINE_S)

    async def complete(self, key: str, prompt: Prompt, schema: type[Answer], repair: Repair | None) -> str:
        messages = [
            {"role": "system", "content": prompt.instructions},
            {"role": "user", "content": prompt.text},
        ]
        if repair:
            messages += [
                {"role": "assistant", "content": repair.answer},
                {"role": "user", "content": f"That is not in the form asked for: {repair.problem}. Once more."},
            ]
        form = {"name": schema.__name__, "schema": schema.model_json_schema()}
        body = {"messages": messages, "response_format": {"type": "json_schema", "json_schema": form}}
        try:
            answer = await self._http.post(
                "/chat/completions",
                json=body | ({"model": self.model} if self.model else {}),
                headers={"Authorization": f"Bearer {key}"} if key else {},
            )
        except httpx.HTTPError:
            raise VendorError(None) from None
        if answer.is_error:
            raise VendorError(answer.status_code, retry_after_s(answer.headers))
        try:
            said: Any = answer.json()["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError):
            return answer.text  # no completion at all; the form is checked by whoever asked
        return str(said or "")

    async def aclose(self) -> None:
        await self._http.aclose()
