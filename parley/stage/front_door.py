"""The product as people reach it: HTTP with a cookie or a link. The stage knows no other way in."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from parley.stage.script import Script

DEADLINE_S = 15.0


class FrontDoorClosed(Exception):
    """The product answered with a problem, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    call_id: str
    link_secrets: dict[str, str]  # by the script's participant id
    question_ids: list[str]  # in the script's order


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    url: str
    token: str
    identity: str


class FrontDoor:
    def __init__(self, public_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{public_url}/api/v1", timeout=DEADLINE_S)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def sign_in(self) -> None:
        await self._ask("POST", "/demo/sign-ins", {"as": "rep"})

    async def book(self, script: Script, *, as_text: bool) -> Booking:
        """Books the call with its lead, question set and guests."""
        lead = await self._ask("POST", "/leads", script.lead.model_dump())
        question_set = None
        if script.question_set:
            questions = [question.model_dump() for question in script.question_set]
            question_set = await self._ask("POST", "/question-sets", {"title": script.title, "questions": questions})
        guests = [participant for participant in script.participants if participant.is_guest]
        call = await self._ask(
            "POST",
            "/calls",
            {
                "title": script.title,
                "kind": "discovery" if script.is_led_by_agent else "assisted",
                "starts_at": datetime.now(UTC).isoformat(),
                "duration_minutes": 60,
                "question_set_id": question_set["question_set_id"] if question_set else None,
                "lead_id": lead["lead_id"],
                "invitees": [{"name": guest.name} for guest in guests],
                "staged_as_text": as_text,
            },
        )
        secrets = {
            guest.id: invitee["join_link"].partition("#")[2]
            for guest, invitee in zip(guests, call["invitees"], strict=True)
        }
        return Booking(
            call_id=call["call_id"],
            link_secrets=secrets,
            question_ids=[q["question_id"] for q in question_set["questions"]] if question_set else [],
        )

    async def enter_as_guest(self, link: str, name: str) -> Access:
        body = {"link": link, "name": name, "transcription": True, "recording": True}
        return access(await self._ask("POST", "/joins/room-tokens", body))

    async def enter_as_colleague(self, call_id: str) -> Access:
        return access(await self._ask("POST", f"/calls/{call_id}/room-tokens", {}))

    async def feed(self, call_id: str, identity: str, segment_id: str, text: str, start_ms: int, end_ms: int) -> None:
        body = {
            "identity": identity, "segment_id": segment_id, "text": text, "start_ms": start_ms, "end_ms": end_ms,
        }  # fmt: skip
        await self._ask("POST", f"/calls/{call_id}/staged-segments", body)

    async def end(self, call_id: str) -> None:
        await self._ask("PUT", f"/calls/{call_id}/ending", {})

    async def review(self, call_id: str, *, within_s: float) -> dict[str, Any] | None:
        """The review of a call that is over; None: there is none, it failed or it took too long."""
        deadline_s = time.monotonic() + within_s
        while time.monotonic() < deadline_s:
            try:
                response = await self._http.get(f"/calls/{call_id}/review")
            except httpx.HTTPError as error:
                raise FrontDoorClosed(f"the review: the product does not answer ({type(error).__name__})") from error
            if response.is_error:
                return None
            view: dict[str, Any] = response.json()
            if view["status"] in ("done", "failed"):
                review: dict[str, Any] | None = view["review"]
                return review
            await asyncio.sleep(0.5)
        return None

    async def events(self, call_id: str) -> AsyncIterator[dict[str, Any]]:
        """The call's events from the first, until `call_ended`."""
        async with self._http.stream("GET", f"/calls/{call_id}/events", timeout=60) as response:
            async for line in response.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> Any:
        try:
            response = await self._http.request(method, path, json=body)
            if response.status_code == httpx.codes.UNAUTHORIZED:  # the access token lives 5 minutes
                await self._http.post("/sign-in/refreshes", json={})
                response = await self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise FrontDoorClosed(f"{path}: the product does not answer ({type(error).__name__})") from error
        if response.is_error:
            problem = response.json()
            raise FrontDoorClosed(
                f"{path}: {problem.get('title')}: {problem.get('detail')} {problem.get('errors', '')}"
            )
        return response.json() if response.content else None


def access(answer: dict[str, Any]) -> Access:
    return Access(url=answer["url"], token=answer["token"], identity=answer["identity"])


async def is_open(public_url: str) -> bool:
    """True when a product is running there and could hold a call now."""
    try:
        async with httpx.AsyncClient(timeout=3) as http:
            return (await http.get(f"{public_url}/api/v1/health")).status_code == 200
    except httpx.HTTPError:
        return False
