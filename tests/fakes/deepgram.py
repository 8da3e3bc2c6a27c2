"""A double of Deepgram's streaming endpoint on loopback: a real WebSocket, real recognition, and faults on request.

It says `Results` as the vendor does (interim and final, with word times, also empty ones for silence), obeys `Finalize`
and `CloseStream`, and knows its keys. What it hears comes from this machine's recognizer; its confidence is
VENDOR_SURE, by which a test can tell its words from the fallback's.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from aiohttp import WSMsgType, web
from livekit import rtc
from livekit.agents import stt

from providers.local.moonshine import MoonshineStream, MoonshineSTT

RATE_HZ = 16_000
VENDOR_SURE = 0.875
EMPTY_RESULT_EVERY_S = 1.0


@dataclass
class Deepgram:
    """Switches, and what has come. `refusals` answers the handshakes of a key with a status; "*" is every key."""

    url: str = ""
    refusals: dict[str, int] = field(default_factory=dict)
    retry_after_s: int | None = None
    is_silent: bool = False  # takes sound and never answers
    says_garbage: bool = False
    is_malformed: bool = False  # JSON that is not a result
    cut_at_words: bool = False  # ends the connection in the middle of speech
    handshakes: list[str] = field(default_factory=list)  # the keys, in order
    queries: list[list[tuple[str, str]]] = field(default_factory=list)
    heard_s: float = 0.0
    finals: list[str] = field(default_factory=list)
    ears: MoonshineSTT = field(default_factory=MoonshineSTT, repr=False)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("Authorization", "").removeprefix("Token ")
        self.handshakes.append(key)
        self.queries.append(list(request.query.items()))
        status = self.refusals.get(key, self.refusals.get("*"))
        if status is not None:
            headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
            return web.json_response({"err_code": "REFUSED"}, status=status, headers=headers)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await _Line(self, socket).hold()
        return socket


class _Line:
    def __init__(self, double: Deepgram, socket: web.WebSocketResponse) -> None:
        self._double = double
        self._socket = socket
        self._ears: MoonshineStream = double.ears.stream()
        self._final_s = 0.0
        self._heard_s = 0.0
        self._is_speech = False

    async def hold(self) -> None:
        answering = asyncio.create_task(self._answer())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.BINARY:
                    await self._take(message.data)
                elif message.type is WSMsgType.TEXT:
                    kind = json.loads(message.data)["type"]
                    if kind == "Finalize":
                        await self._finalize()
                    elif kind == "CloseStream":
                        break
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering
            await self._ears.aclose()

    async def _take(self, sound: bytes) -> None:
        samples = np.frombuffer(sound, np.int16)
        self._heard_s += samples.size / RATE_HZ
        self._double.heard_s += samples.size / RATE_HZ
        self._ears.push_frame(rtc.AudioFrame(sound, RATE_HZ, 1, samples.size))
        if not self._is_speech and self._heard_s - self._final_s >= EMPTY_RESULT_EVERY_S:
            await self._result("", self._final_s, self._heard_s, is_final=True)

    async def _finalize(self) -> None:
        self._ears.flush()
        if not self._is_speech and self._heard_s > self._final_s:
            await self._result("", self._final_s, self._heard_s, is_final=True)

    async def _answer(self) -> None:
        kind = stt.SpeechEventType
        async for event in self._ears:
            (data,) = event.alternatives
            match event.type:
                case kind.START_OF_SPEECH:
                    self._is_speech = True
                    await self._send({"type": "SpeechStarted", "channel": [0], "timestamp": data.start_time})
                case kind.INTERIM_TRANSCRIPT:
                    if self._double.cut_at_words:
                        await self._socket.close(code=1011, message=b"NET-0000")
                        return
                    await self._result(data.text, data.start_time, data.end_time, is_final=False)
                case kind.FINAL_TRANSCRIPT:
                    self._double.finals.append(data.text)
                    await self._result(data.text, data.start_time, data.end_time, is_final=True)
                case kind.END_OF_SPEECH:
                    self._is_speech = False
                    await self._result("", self._final_s, max(self._heard_s, data.end_time), is_final=True)

    async def _result(self, text: str, start_s: float, end_s: float, *, is_final: bool) -> None:
        words = text.split()
        each_s = (end_s - start_s) / max(1, len(words))
        begin_s = self._final_s
        if is_final:
            self._final_s = end_s
        await self._send(
            {
                "type": "Results",
                "channel_index": [0, 1],
                "start": begin_s,
                "duration": end_s - begin_s,
                "is_final": is_final,
                "speech_final": is_final and bool(words),
                "metadata": {"request_id": "double"},
                "channel": {
                    "alternatives": [
                        {
                            "transcript": text,
                            "confidence": VENDOR_SURE if words else 0.0,
                            "words": [
                                {
                                    "word": word.lower().strip(".,?"),
                                    "punctuated_word": word,
                                    "start": start_s + number * each_s,
                                    "end": start_s + (number + 1) * each_s,
                                    "confidence": VENDOR_SURE,
                                }
                                for number, word in enumerate(words)
                            ],
                        }
                    ]
                },
            }
        )

    async def _send(self, message: dict[str, Any]) -> None:
        double = self._double
        if double.is_silent:
            return
        with suppress(ConnectionError):
            if double.says_garbage:
                await self._socket.send_str("<html>502 Bad Gateway</html>")
            elif double.is_malformed:
                await self._socket.send_json({"type": "Results", "channel": None})
            else:
                await self._socket.send_json(message)


@asynccontextmanager
async def deepgram_double() -> AsyncIterator[Deepgram]:
    double = Deepgram()
    app = web.Application()
    app.router.add_get("/v1/listen", double.listen)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    double.url = f"http://{host}:{port}/v1/listen"
    try:
        yield double
    finally:
        await runner.cleanup()
