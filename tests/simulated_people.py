"""People in a real room who do nothing of their own accord."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from livekit import api, rtc

from parley.plan import LiveKitAccess

WITHIN_S = 10.0


class People:
    """Those who have entered; the owner sends them out."""

    def __init__(self) -> None:
        self._rooms: list[rtc.Room] = []

    async def enter(self, url: str, token: str) -> rtc.Room:
        room = rtc.Room()
        await room.connect(url, token)
        self._rooms.append(room)
        return room

    async def enter_as(self, access: LiveKitAccess, room: str, identity: str, *, as_agent: bool = False) -> rtc.Room:
        token = (
            api.AccessToken(access.api_key, access.api_secret)
            .with_identity(identity)
            .with_kind("agent" if as_agent else "standard")
            .with_grants(api.VideoGrants(room_join=True, room=room))
        )
        return await self.enter(access.url, token.to_jwt())

    def packets_of(self, room: rtc.Room) -> list[dict[str, Any]]:
        """A list that grows with what the server sends to this person."""
        packets: list[dict[str, Any]] = []
        room.on("data_received", lambda packet: packets.append(json.loads(packet.data)))
        return packets

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < deadline, f"not within {WITHIN_S} s: {what}"
            await asyncio.sleep(0.02)

    async def leave(self) -> None:
        for room in self._rooms:
            await room.disconnect()
