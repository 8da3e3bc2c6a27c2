"""A client that keeps all that the media server sends it, whatever the topic, and forgets nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

from livekit import rtc

from parley.stage.front_door import Access

CONNECTS_WITHIN_S = 15.0
HEARS_WITHIN_S = 20.0


class Recorder(rtc.Room):
    """`aclose` leaves the room.

    `everything`: each event as it came from below the SDK, what streams and packets carried, and how the room and the
    people in it looked on coming in. A text that is in none of it never reached this client.
    """

    def __init__(self) -> None:
        super().__init__()
        self.everything: list[bytes] = []
        self.texts: list[tuple[str, str, dict[str, str]]] = []  # topic, text, attributes
        self.packets: list[rtc.DataPacket] = []
        self.is_over = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    async def enter(self, access: Access) -> None:
        self.on("data_received", self._take_packet)
        self.on("disconnected", lambda _reason: self.is_over.set())
        await asyncio.wait_for(self.connect(access.url, access.token), CONNECTS_WITHIN_S)
        self.everything.append(f"{self.name} {self.metadata}".encode())
        for who in (self.local_participant, *self.remote_participants.values()):
            self.everything.append(who._info.SerializeToString())

    async def aclose(self) -> None:
        await self.disconnect()
        for task in self._reading:
            task.cancel()

    def holds(self, text: str) -> bool:
        return any(text.encode() in piece for piece in self.everything)

    def texts_on(self, topic: str) -> list[str]:
        return [text for on, text, _ in self.texts if on == topic]

    @property
    def topics(self) -> set[str]:
        return {topic for topic, _, _ in self.texts} | {packet.topic or "" for packet in self.packets}

    def labels(self) -> dict[str, str]:
        """What the room and everybody in it wear now: metadata and attributes."""
        found = {"room": self.metadata}
        for who in (self.local_participant, *self.remote_participants.values()):
            found[f"{who.identity} metadata"] = who.metadata
            found |= {f"{who.identity} {key}": value for key, value in who.attributes.items()}
        return found

    async def until_holds(self, text: str) -> None:
        await self._until(lambda: self.holds(text), f"“{text}” comes")

    async def until_texts(self, topic: str, count: int) -> None:
        """At least so many."""
        await self._until(lambda: len(self.texts_on(topic)) >= count, f"{count} texts come on “{topic}”")

    async def _until(self, condition: Callable[[], bool], what: str) -> None:
        """Looked at again whenever something comes."""
        try:
            async with asyncio.timeout(HEARS_WITHIN_S):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {HEARS_WITHIN_S:.0f} s: {what}") from None

    def _on_room_event(self, event: Any) -> None:
        self._take(event.SerializeToString())
        for opened, handlers in (
            ("text_stream_opened", self._text_stream_handlers),
            ("byte_stream_opened", self._byte_stream_handlers),
        ):
            if event.WhichOneof("message") == opened:
                handlers.setdefault(getattr(event, opened).reader.info.topic, self._take_stream)
        super()._on_room_event(event)

    def _on_rpc_method_invocation(self, rpc_invocation: Any) -> None:
        self._take(rpc_invocation.SerializeToString())
        super()._on_rpc_method_invocation(rpc_invocation)

    def _take_packet(self, packet: rtc.DataPacket) -> None:
        self.packets.append(packet)
        self._take((packet.topic or "").encode() + b" " + packet.data)

    def _take_stream(self, reader: rtc.TextStreamReader | rtc.ByteStreamReader, _identity: str) -> None:
        task = asyncio.create_task(self._read(reader))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, reader: rtc.TextStreamReader | rtc.ByteStreamReader) -> None:
        pieces = [piece.encode() if isinstance(piece, str) else piece async for piece in reader]
        raw, attributes = b"".join(pieces), dict(reader.info.attributes or {})
        self.texts.append((reader.info.topic, raw.decode("utf-8", "replace"), attributes))
        self._take(raw + repr(attributes).encode())

    def _take(self, piece: bytes) -> None:
        self.everything.append(piece)
        self._changed.set()
