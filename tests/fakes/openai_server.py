"""A double of an OpenAI-compatible chat server on loopback: real HTTP, and faults on request."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class OpenAIServer:
    """Switches, and what has come. `answer` makes the object (or the text) from the request's body."""

    url: str = ""
    answer: Callable[[dict[str, Any]], Any] = lambda _asked: {}
    refusals: dict[str, int] = field(default_factory=dict)  # by key; "*" is every key
    retry_after: str | None = None
    is_silent: bool = False
    says_garbage: bool = False  # a page where JSON is expected
    keys: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        body = await request.json()
        self.keys.append(key)
        self.asked.append(body)
        if self.is_silent:
            await asyncio.sleep(60)
        status = self.refusals.get(key, self.refusals.get("*"))
        if status is not None:
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.json_response({"error": {"message": "refused"}}, status=status, headers=headers)
        if self.says_garbage:
            return web.Response(text="<html>hello</html>", content_type="text/html")
        answer = self.answer(body)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return web.json_response({"id": "double", "object": "chat.completion", "choices": [choice]})


@asynccontextmanager
async def openai_double() -> AsyncIterator[OpenAIServer]:
    double = OpenAIServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", double.complete)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    double.url = f"http://{host}:{port}/v1"
    try:
        yield double
    finally:
        await runner.cleanup()
