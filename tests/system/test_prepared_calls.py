"""The agent is in the room before anybody, silent; the product says so when it cannot come, and when nobody does.

What came after what is read from the room and from the call's log, never from a clock.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from livekit import api

from domain.call import agent_identity, room_of
from domain.ids import CallId
from parley.product import Product
from parley.stage.front_door import FrontDoor, access
from parley.stage.people import Person
from providers.rooms import NOTICE_TOPIC, Present, Rooms
from tests.conftest import eventually
from tests.system.recorder import Recorder
from tests.system.test_consent_and_survival import agent_in_a_call

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

AHEAD = timedelta(seconds=85)
GUEST = "olive@marsh.example"
PREPARED_WITHIN_S = 30.0
HEARD_WITHIN_S = 30.0
MISSED_WITHIN_S = 60.0


@dataclass
class Booked:
    """A discovery call that starts in a moment, with one question and one guest."""

    http: httpx.AsyncClient
    rooms: Rooms
    call_id: CallId
    link: str
    people: list[Person] = field(default_factory=list)

    async def view(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.http.get(f"/calls/{self.call_id}")).json()
        return found

    async def present(self) -> list[Present]:
        return await self.rooms.present(room_of(self.call_id))

    async def is_empty(self) -> bool:
        return not await self.present()

    async def until_prepared(self) -> None:
        """The agent has come whole: one that is in the middle of connecting would come back when it is sent out."""

        async def is_prepared() -> bool:
            if (await self.view())["status"] != "prepared" or not await self.present():
                return False
            found = await self.rooms._client.room.list_participants(
                api.ListParticipantsRequest(room=room_of(self.call_id))
            )
            return all(participant.tracks for participant in found.participants)

        await eventually(is_prepared, "the agent waits in the room", within_s=PREPARED_WITHIN_S)

    async def token(self) -> Any:
        body = {"link": self.link, "name": "Olive Marsh", "transcription": True, "recording": False}
        answer = await self.http.post("/joins/room-tokens", json=body)
        assert answer.status_code == 200, answer.text
        return access(answer.json())

    async def guest(self) -> Person:
        person = Person("guest", await self.token(), seed=1)
        await person.connect(with_microphone=True)
        self.people.append(person)
        return person

    async def guest_is_greeted(self) -> None:
        guest = await self.guest()

        async def is_heard() -> bool:
            return bool(guest.agent_sound.starts)

        await eventually(is_heard, "the agent is heard", within_s=HEARD_WITHIN_S)

    async def move(self, ahead: timedelta) -> None:
        wanted = {"starts_at": (datetime.now(UTC) + ahead).isoformat(), "revision": (await self.view())["revision"]}
        answer = await self.http.patch(f"/calls/{self.call_id}", json=wanted)
        assert answer.status_code == 200, answer.text

    async def cancel(self) -> None:
        wanted = {"reason": "No time.", "revision": (await self.view())["revision"]}
        answer = await self.http.put(f"/calls/{self.call_id}/cancellation", json=wanted)
        assert answer.status_code == 200, answer.text

    async def mails(self) -> list[tuple[str, str]]:
        """Kind and status of what was written because of this call."""
        found = (await self.http.get(f"/calls/{self.call_id}/emails")).json()
        return [(mail["kind"], mail["to_email"]) for mail in found["items"]]


@asynccontextmanager
async def booked(product: Product, ahead: timedelta = AHEAD) -> AsyncIterator[Booked]:
    door = FrontDoor(product.url)
    server = product.livekit
    rooms = Rooms(url=server.url, api_key=server.api_key, api_secret=server.api_secret)
    async with httpx.AsyncClient(base_url=f"{product.url}/api/v1", timeout=10) as http:
        await door.sign_in()
        await http.post("/demo/sign-ins", json={"as": "rep"})
        questions = {"title": "One", "questions": [{"text": "How many shops do you have?", "type": "open_ended"}]}
        question_set = (await http.post("/question-sets", json=questions)).json()
        wanted = {
            "title": "Marsh Bakeries",
            "kind": "discovery",
            "starts_at": (datetime.now(UTC) + ahead).isoformat(),
            "question_set_id": question_set["question_set_id"],
            "invitees": [{"name": "Olive Marsh", "email": GUEST}],
        }
        answer = await http.post("/calls", json=wanted)
        assert answer.status_code == 201, answer.text
        view = answer.json()
        call = Booked(http, rooms, CallId(UUID(view["call_id"])), view["invitees"][0]["join_link"].partition("#")[2])
        try:
            yield call
        finally:
            await door.end(str(call.call_id))
            for person in call.people:
                await person.aclose()
            await door.aclose()
            await rooms.aclose()


async def log_until(product: Product, call: Booked, kind: str, *, from_agent: bool = False) -> list[dict[str, Any]]:
    """The call's events from the first, as far as one of that kind."""
    door = FrontDoor(product.url)
    events: list[dict[str, Any]] = []
    await door.sign_in()
    try:
        async with asyncio.timeout(HEARD_WITHIN_S):
            async for event in door.events(str(call.call_id)):
                events.append(event)
                if event["kind"] == kind and (not from_agent or event["segment"]["source"] == "agent"):
                    return events
    finally:
        await door.aclose()
    raise AssertionError(f"the log ended before {kind}")


async def test_the_agent_is_there_first_and_speaks_to_the_first_guest(product: Product) -> None:
    async with booked(product) as call:
        await call.until_prepared()
        (agent,) = await call.present()
        assert agent.is_agent
        view = await call.view()
        assert (view["started_at"], view["question_set_version"]) == (None, None)

        await call.guest_is_greeted()
        events = await log_until(product, call, "segment_added", from_agent=True)
        assert [event["kind"] for event in events[:3]] == ["call_started", "agent_joined", "participant_joined"]
        (joined,) = [event for event in events if event["kind"] == "agent_joined"]
        assert (joined["identity"], joined["epoch"]) == (agent.identity, 1), "the one that was there, and no other"
        assert "Olive" in events[-1]["segment"]["text"]
        view = await call.view()
        assert (view["status"], view["question_set_version"]) == ("live", 1)


@pytest.mark.parametrize("change", ["moved", "cancelled"])
async def test_an_agent_whose_call_is_moved_or_cancelled_while_it_waits_leaves(change: str, product: Product) -> None:
    async with booked(product) as call:
        await call.until_prepared()
        await (call.move(timedelta(hours=2)) if change == "moved" else call.cancel())
        await eventually(call.is_empty, "the agent leaves", within_s=PREPARED_WITHIN_S)
        view = await call.view()
        assert (view["status"], view["started_at"]) == ("scheduled" if change == "moved" else change, None)


async def test_an_agent_that_dies_while_it_waits_is_replaced_and_the_next_one_waits_too(product: Product) -> None:
    async with booked(product) as call:
        await call.until_prepared()
        os.kill(await agent_in_a_call(product), signal.SIGKILL)
        second = agent_identity(call.call_id, 2)

        async def another_waits() -> bool:
            return [somebody.identity for somebody in await call.present()] == [second]

        await eventually(another_waits, "another agent waits", within_s=PREPARED_WITHIN_S)
        view = await call.view()
        assert (view["status"], view["started_at"]) == ("prepared", None)
        await call.guest_is_greeted()
        events = await log_until(product, call, "segment_added", from_agent=True)
        assert [event["identity"] for event in events if event["kind"] == "agent_joined"] == [second]


async def test_a_call_that_is_moved_nearer_is_prepared_at_once(product: Product) -> None:
    async with booked(product, timedelta(days=1)) as call:
        assert (await call.view())["status"] == "scheduled"
        await call.move(AHEAD)
        await call.until_prepared()


async def test_a_call_booked_for_now_is_not_prepared_and_begins_with_its_guest(product: Product) -> None:
    async with booked(product, timedelta(0)) as call:
        await call.guest_is_greeted()
        owner = await asyncpg.connect(product.owner_database_url)
        try:
            found = await owner.fetch("SELECT status, prepared_at FROM calls WHERE id = $1", call.call_id)
        finally:
            await owner.close()
        assert [tuple(row) for row in found] == [("live", None)]


async def test_people_and_owner_are_told_when_the_agent_cannot_come_and_it_comes_when_it_can(product: Product) -> None:
    async with booked(product) as call:
        await call.until_prepared()
        (agent,) = await call.present()
        os.kill(product.pid("agent"), signal.SIGSTOP)  # takes no calls any more, and loses what it is sent
        guest = Recorder()
        try:
            await call.rooms.remove(room_of(call.call_id), agent.identity)
            await guest.enter(await call.token())

            async def is_missing() -> bool:
                return (await call.view())["agent_missing_at"] is not None

            await eventually(is_missing, "it is written down", within_s=MISSED_WITHIN_S)
            await guest.until_holds("agent_missing")
            notices = [packet for packet in guest.packets if b"agent_missing" in packet.data]
            assert {(packet.topic, packet.participant) for packet in notices} == {(NOTICE_TOPIC, None)}
            assert [kind for kind, _ in await call.mails()].count("agent_missing") == 1
            os.kill(product.pid("agent"), signal.SIGCONT)

            async def is_there() -> bool:
                return (await call.view())["agent_missing_at"] is None

            await eventually(is_there, "it has come after all", within_s=MISSED_WITHIN_S)
            await log_until(product, call, "segment_added", from_agent=True)
        finally:
            os.kill(product.pid("agent"), signal.SIGCONT)
            await guest.aclose()


async def test_ten_minutes_after_the_start_the_room_is_closed_and_those_concerned_are_written_to(
    product: Product,
) -> None:
    async with booked(product) as call:
        await call.until_prepared()
        owner = await asyncpg.connect(product.owner_database_url)
        try:
            await owner.execute(
                "UPDATE calls SET starts_at = now() - interval '601 seconds', created_at = now() - interval '1 hour' "
                "WHERE id = $1", call.call_id,
            )  # fmt: skip
        finally:
            await owner.close()

        async def is_missed() -> bool:
            return (await call.view())["status"] == "no_show" and not await call.present()

        await eventually(is_missed, "nobody is waited for any more", within_s=PREPARED_WITHIN_S)
        told = [to for kind, to in await call.mails() if kind == "no_show"]
        assert GUEST in told
        assert len(told) == 2
