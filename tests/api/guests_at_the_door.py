"""Guests as their pages behave: they ask, wait as long as they are told, and come in by a real media server."""

import asyncio
import time
from typing import Any

import httpx
from livekit import rtc

from domain.call import Call, prospect_identity
from domain.links import Link, Links
from tests.api.conftest import PUBLIC_URL, SECRET
from tests.api.real_server import RealServer


class Guest:
    """Before one call."""

    def __init__(self, client: httpx.AsyncClient, call: Call, number: int) -> None:
        invitee_id = call.invitees[number].invitee_id
        link = Link(call_id=call.call_id, invitee_id=invitee_id, revision=1)
        self.identity = prospect_identity(invitee_id)
        self._client = client
        self._secret = Links(secret=SECRET, public_url=PUBLIC_URL).secret_of(link)
        self._room = rtc.Room()
        self.let_in_at = self.entered_at = 0.0  # by the monotonic clock

    async def ask(self) -> dict[str, Any]:
        body = {"link": self._secret, "name": "G", "transcription": True, "recording": False}
        answer = await self._client.post("/api/v1/joins/room-tokens", json=body)
        assert answer.status_code in (200, 202), answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def come_in(self, said: dict[str, Any]) -> None:
        while "place" in said:
            await asyncio.sleep(said["ask_again_ms"] / 1000)
            said = await self.ask()
        self.let_in_at = time.monotonic()
        await self._room.connect(said["url"], said["token"])
        self.entered_at = time.monotonic()

    async def leave(self) -> None:
        await self._room.disconnect()


async def everybody_out(guests: list[Guest]) -> None:
    for guest in guests:
        await guest.leave()


def client_of(server: RealServer) -> httpx.AsyncClient:
    headers = {"Host": httpx.URL(PUBLIC_URL).host}
    return httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=30)
