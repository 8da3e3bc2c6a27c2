"""A double of Gemini's REST endpoint on loopback: real HTTP and server-sent events, and faults on request."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Gemini:
    """Switches, and what has come. `answer` makes the object (or the text) from the request's body."""

    url: str = ""
    answer: Callable[[dict[str, Any]], Any] = lambda _asked: {}
    refusals: dict[str, int] = field(default_factory=dict)  # by key; "*" is every key
    retry_delay: str | None = None  # as in RetryInfo: "37s"
    retry_after: str | None = None  # as a header
    is_silent: bool = False
    cuts: bool = False  # ends the connection in the middle of an answer
    late_s: float = 0.0
    keys: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def generate(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("x-goog-api-key", "")
        body = await request.json()
        self.keys.append(key)
        self.asked.append(body)
        self.models.append(request.match_info["model"])
        self.headers.append(dict(request.headers))
        if "responseSchema" not in body.get("generationConfig", {}):
            return web.json_response({"error": {"code": 400, "message": "no schema"}}, status=400)
        if self.is_silent:
            await asyncio.sleep(60)
        await asyncio.sleep(self.late_s)
        status = self.refusals.get(key, self.refusals.get("*"))
        if status is not None:
            return self._refused(status)
        return await self._say(request, self.answer(body))

    def _refused(self, status: int) -> web.Response:
        kind = "type.googleapis.com/google.rpc.RetryInfo"
        details = [{"@type": kind, "retryDelay": self.retry_delay}] if self.retry_delay else []
        error = {"code": status, "message": "refused", "status": "REFUSED", "details": details}
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return web.json_response({"error": error}, status=status, headers=headers)

    async def _say(self, request: web.Request, answer: Any) -> web.StreamResponse:
        text = answer if isinstance(answer, str) else json.dumps(answer)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        half = len(text) // 2
        for part, reason in ((text[:half], None), (text[half:], "STOP")):
            candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": part}]}, "index": 0}
            if reason:
                candidate["finishReason"] = reason
            await response.write(f"data: {json.dumps({'candidates': [candidate]})}\r\n\r\n".encode())
            if self.cuts and request.transport:
                request.transport.abort()
                return response
        await response.write_eof()
        return response


def said_to(asked: dict[str, Any]) -> str:
    """Everything that a request says to the model, instructions left out."""
    return "\n".join(part["text"] for content in asked["contents"] for part in content["parts"])


@asynccontextmanager
async def gemini_double() -> AsyncIterator[Gemini]:
    double = Gemini()
    app = web.Application()
    app.router.add_post("/{version}/models/{model}:streamGenerateContent", double.generate)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    double.url = f"http://{host}:{port}"
    try:
        yield double
    finally:
        await runner.cleanup()
