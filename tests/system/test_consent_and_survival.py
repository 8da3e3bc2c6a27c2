"""Nobody is heard before they agree, and a call outlives its agent."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import psutil
import pytest

from parley.product import Product
from parley.stage.front_door import FrontDoor, access
from parley.stage.people import Person
from parley.stage.speech import speak

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

SENTENCE = "We have twelve shops in three towns."


class Call:
    """A discovery call with one question, one guest and the demo rep, for tests that do what no script does."""

    def __init__(self, http: httpx.AsyncClient, door: FrontDoor, call_id: str, link: str) -> None:
        self.http = http
        self.door = door
        self.call_id = call_id
        self.link = link
        self.people: list[Person] = []

    async def guest(self, *, transcription: bool) -> Person:
        body = {"link": self.link, "name": "Olive Marsh", "transcription": transcription, "recording": False}
        answer = await self.http.post("/joins/room-tokens", json=body)
        return await self._enter(Person("guest", access(answer.json()), seed=1), with_microphone=True)

    async def rep(self) -> Person:
        entered = await self.door.enter_as_colleague(self.call_id)
        return await self._enter(Person("rep", entered, seed=2), with_microphone=False)

    async def consent(self, *, transcription: bool) -> None:
        body = {"link": self.link, "transcription": transcription, "recording": False}
        answer = await self.http.put("/joins/consent", json=body)
        assert answer.status_code == 204

    async def _enter(self, person: Person, *, with_microphone: bool) -> Person:
        await person.connect(with_microphone=with_microphone)
        self.people.append(person)
        return person


@asynccontextmanager
async def held_call(product: Product) -> AsyncIterator[Call]:
    door = FrontDoor(product.url)
    async with httpx.AsyncClient(base_url=f"{product.url}/api/v1", timeout=10) as http:
        await door.sign_in()
        await http.post("/demo/sign-ins", json={"as": "rep"})
        questions = {"title": "One", "questions": [{"text": "How many shops do you have?", "type": "open_ended"}]}
        question_set = (await http.post("/question-sets", json=questions)).json()
        booking = {
            "title": "Marsh Bakeries",
            "kind": "discovery",
            "starts_at": datetime.now(UTC).isoformat(),
            "question_set_id": question_set["question_set_id"],
            "invitees": [{"name": "Olive Marsh"}],
        }
        booked = (await http.post("/calls", json=booking)).json()
        call = Call(http, door, booked["call_id"], booked["invitees"][0]["join_link"].partition("#")[2])
        try:
            yield call
        finally:
            await door.end(call.call_id)
            for person in call.people:
                await person.aclose()
            await door.aclose()


async def until(condition: Callable[[], Any], what: str, within_s: float) -> None:
    try:
        async with asyncio.timeout(within_s):
            while not condition():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"within {within_s:.0f} s: {what}") from None


def heard_from(watcher: Person, said: str) -> bool:
    return any(said in text.lower() for _, text in watcher.received.finals.values())


async def say(person: Person, text: str) -> None:
    """Speaks and returns when the words are out and a listener would have had its say about them."""
    spoken = speak(text, voice=0, script_id="consent", turn=0)
    person.speak(spoken)
    await asyncio.sleep(spoken.duration_ms / 1000 + 2.0)


async def test_nobody_has_an_ear_before_they_agree_and_withdrawing_acts_at_once(product: Product) -> None:
    async with held_call(product) as call:
        rep = await call.rep()
        guest = await call.guest(transcription=False)
        await until(lambda: guest.agent_sound.starts, "the agent greets", 20)
        await say(guest, SENTENCE)
        assert not heard_from(rep, "shops in three towns")

        await call.consent(transcription=True)
        for _ in range(3):
            await say(guest, SENTENCE)
            if heard_from(rep, "three towns"):
                break
        assert heard_from(rep, "three towns")

        await call.consent(transcription=False)
        before = len(rep.received.finals)
        await say(guest, "Nobody should write this sentence down.")
        assert not heard_from(rep, "this sentence")
        assert len(rep.received.finals) - before <= 2  # the agent's own words may go on


async def test_a_call_outlives_its_agent_and_goes_on_at_the_same_question(product: Product) -> None:
    async with held_call(product) as call:
        rep = await call.rep()
        guest = await call.guest(transcription=True)
        await until(lambda: heard_from(rep, "is that all right with you"), "the agent greets", 30)
        await say(guest, "Yes, please go ahead.")
        await until(lambda: heard_from(rep, "how many shops"), "the agent asks", 20)

        os.kill(await agent_in_a_call(product), signal.SIGKILL)
        await until(lambda: heard_from(rep, "i lost the connection"), "another agent comes and says so", 20)
        again = next(text for _, text in rep.received.finals.values() if "I lost the connection" in text)
        assert "How many shops do you have?" in again
        await say(guest, SENTENCE)
        await until(lambda: heard_from(rep, "that was my last question"), "it takes the answer and closes", 25)


async def agent_in_a_call(product: Product) -> int:
    """The job process that has media open: one call goes on here, and the agent of an earlier one may be leaving."""
    worker = psutil.Process(product.pid("agent"))

    def busy() -> list[int]:
        return [child.pid for child in worker.children(recursive=True) if child.net_connections(kind="udp")]

    await until(lambda: len(busy()) == 1, "one agent is in a call", 20)
    (agent,) = busy()
    return agent
