"""How soon the agent is heard by the first guest of a call that was prepared, and of one booked for the moment itself.

`python -m benchmarks.arrivals`: calls one after another through a copy of the product; times run from when the guest is
in the room to the first sound of the agent in the guest's own client. Prints the figures and keeps them as JSON.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
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
PORT = 8730
AHEAD = timedelta(seconds=80)
WITHIN_S = 60.0
POLL_S = 0.02


class NotHeard(Exception):
    pass


async def until(condition: Any, what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not await condition():
        if time.monotonic() > deadline:
            raise NotHeard(f"not within {WITHIN_S:.0f} s: {what}")
        await asyncio.sleep(POLL_S)


async def arrival_ms(product: Product, http: httpx.AsyncClient, rooms: Rooms, *, is_prepared: bool, seed: int) -> int:
    """Books, waits for the agent if the call is to be prepared, comes in and listens. Raises NotHeard."""
    questions = {"title": "One", "questions": [{"text": "How many shops do you have?", "type": "open_ended"}]}
    question_set = (await http.post("/question-sets", json=questions)).json()
    starts_at = datetime.now(UTC) + (AHEAD if is_prepared else timedelta(0))
    wanted = {
        "title": "Marsh Bakeries", "kind": "discovery", "starts_at": starts_at.isoformat(),
        "question_set_id": question_set["question_set_id"], "invitees": [{"name": "Olive Marsh"}],
    }  # fmt: skip
    call = (await http.post("/calls", json=wanted)).raise_for_status().json()
    door = FrontDoor(product.url)
    await door.sign_in()
    person: Person | None = None
    try:
        if is_prepared:

            async def agent_is_there() -> bool:
                return bool(await rooms.present(room_of(CallId(call["call_id"]))))

            await until(agent_is_there, "the agent is in the room")
        body = {
            "link": call["invitees"][0]["join_link"].partition("#")[2], "name": "Olive Marsh",
            "transcription": True, "recording": False,
        }  # fmt: skip
        token = (await http.post("/joins/room-tokens", json=body)).raise_for_status().json()
        person = guest = Person("guest", access(token), seed=seed)
        await guest.connect(with_microphone=True)
        came_s = time.time()

        async def is_heard() -> bool:
            return bool(guest.agent_sound.starts)

        await until(is_heard, "the agent is heard")
        return round((guest.agent_sound.starts[0] - came_s) * 1000)
    finally:
        await door.end(call["call_id"])
        if person is not None:
            await person.aclose()
        await door.aclose()


async def measure(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(port=PORT, home=Path(home), public_url=f"http://127.0.0.1:{PORT}")
        async with running_product(settings) as product:
            server = product.livekit
            rooms = Rooms(url=server.url, api_key=server.api_key, api_secret=server.api_secret)
            heard: dict[str, list[int]] = {"prepared": [], "at_once": []}
            async with httpx.AsyncClient(base_url=f"{product.url}/api/v1", timeout=20) as http:
                await http.post("/demo/sign-ins", json={"as": "rep"})
                for number in range(count):
                    for name, after in heard.items():
                        after.append(
                            await arrival_ms(product, http, rooms, is_prepared=name == "prepared", seed=number)
                        )
            await rooms.aclose()
        if product.plan.cluster is not None:
            remove(product.plan.cluster)
    return {"machine": describe(), **{f"{name}_ms": spread(after) for name, after in heard.items()}}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--calls", type=int, default=20, help="of each kind")
    result = asyncio.run(measure(ask.parse_args().calls))
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "arrivals.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    json.dump(result, sys.stdout, indent=1)
    print(f"\nKept in {path}")


if __name__ == "__main__":
    main()
