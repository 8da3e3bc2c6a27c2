"""How soon a guest hears the agent: in a call that was prepared, with a colleague there before them, or booked for now.

`python -m benchmarks.arrivals`: calls one after another through a copy of the product; times run from when the guest's
client begins to connect to the first sound of the agent in it. Prints the figures and keeps them as JSON.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import spread
from benchmarks.machine import describe
from domain.call import room_of
from domain.ids import CallId
from parley.postgres_setup import remove
from parley.product import Product, running_product
from parley.settings import CHECKOUT, Settings
from parley.stage.front_door import FrontDoor, access
from parley.stage.people import Person
from providers.rooms import Rooms

RESULTS = CHECKOUT / "benchmarks" / "results"
AHEAD = timedelta(seconds=80)
SETTLED_S = 2.0
"""From when the agent is in the room to when somebody comes; of its 90 s it needs the first."""

WITHIN_S = 60.0
POLL_S = 0.02


class Arrival(StrEnum):
    PREPARED = "prepared"  # the guest is the first
    AFTER_REP = "after_rep"  # a colleague has been there for a moment
    AT_ONCE = "at_once"  # the agent is sent for when the guest comes


class NotHeard(Exception):
    pass


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not await condition():
        if time.monotonic() > deadline:
            raise NotHeard(f"not within {WITHIN_S:.0f} s: {what}")
        await asyncio.sleep(POLL_S)


async def arrival_ms(http: httpx.AsyncClient, door: FrontDoor, rooms: Rooms, arrival: Arrival, seed: int) -> int:
    """Books, waits for the agent if the call is to be prepared, comes in and listens. Raises NotHeard."""
    questions = {"title": "One", "questions": [{"text": "How many shops do you have?", "type": "open_ended"}]}
    question_set = (await http.post("/question-sets", json=questions)).json()
    starts_at = datetime.now(UTC) + (timedelta(0) if arrival is Arrival.AT_ONCE else AHEAD)
    wanted = {
        "title": "Marsh Bakeries", "kind": "discovery", "starts_at": starts_at.isoformat(),
        "question_set_id": question_set["question_set_id"], "invitees": [{"name": "Olive Marsh"}],
    }  # fmt: skip
    call = (await http.post("/calls", json=wanted)).raise_for_status().json()
    people: list[Person] = []
    try:
        if arrival is not Arrival.AT_ONCE:

            async def agent_is_there() -> bool:
                return bool(await rooms.present(room_of(CallId(call["call_id"]))))

            await until(agent_is_there, "the agent is in the room")
        if arrival is Arrival.AFTER_REP:
            rep = Person("rep", await door.enter_as_colleague(call["call_id"]), seed=seed)
            people.append(rep)
            await rep.connect(with_microphone=True)
        if arrival is not Arrival.AT_ONCE:
            await asyncio.sleep(SETTLED_S)
        body = {
            "link": call["invitees"][0]["join_link"].partition("#")[2], "name": "Olive Marsh",
            "transcription": True, "recording": False,
        }  # fmt: skip
        token = (await http.post("/joins/room-tokens", json=body)).raise_for_status().json()
        guest = Person("guest", access(token), seed=seed)
        people.append(guest)
        came_s = time.time()
        await guest.connect(with_microphone=True)

        async def is_heard() -> bool:
            return bool(guest.agent_sound.starts)

        await until(is_heard, "the agent is heard")
        return round((guest.agent_sound.starts[0] - came_s) * 1000)
    finally:
        await door.end(call["call_id"])
        for person in people:
            await person.aclose()


async def measure(count: int, port: int) -> dict[str, Any]:
    machine = describe()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(port=port, home=Path(home), public_url=f"http://127.0.0.1:{port}")
        async with running_product(settings) as product:
            heard = await arrivals_ms(product, count)
        if product.plan.cluster is not None:
            remove(product.plan.cluster)
    return {"machine": machine, **{f"{arrival.value}_ms": spread(after) for arrival, after in heard.items()}}


async def arrivals_ms(product: Product, count: int) -> dict[Arrival, list[int]]:
    """The kinds take turns, so that a busy minute is nobody's alone."""
    server = product.livekit
    rooms = Rooms(url=server.url, api_key=server.api_key, api_secret=server.api_secret)
    door = FrontDoor(product.url)
    heard: dict[Arrival, list[int]] = {arrival: [] for arrival in Arrival}
    try:
        await door.sign_in()
        async with httpx.AsyncClient(base_url=f"{product.url}/api/v1", timeout=20) as http:
            await http.post("/demo/sign-ins", json={"as": "rep"})
            for number in range(count):
                for arrival, after in heard.items():
                    after.append(await arrival_ms(http, door, rooms, arrival, seed=number))
                    print(f"{number + 1} of {count}, {arrival.value}: {after[-1]} ms", file=sys.stderr)
    finally:
        await door.aclose()
        await rooms.aclose()
    return heard


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--calls", type=int, default=12, help="of each kind")
    ask.add_argument("--port", type=int, default=8730, help="the first of five in a row")
    asked = ask.parse_args()
    result = asyncio.run(measure(asked.calls, asked.port))
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "arrivals.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    json.dump(result, sys.stdout, indent=1)
    print(f"\nKept in {path}")


if __name__ == "__main__":
    main()
