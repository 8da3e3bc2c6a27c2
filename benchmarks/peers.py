"""`make bench-peers`: Parley beside two minimal livekit-agents programs, measured from outside by an independent meter.

The meter and the programs are not part of Parley: they lie in `../shared/meter` when the checkout stands beside it. All
use this machine's speech parts and one LiveKit server, and take turns: A B C, then C B A.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.machine import describe
from benchmarks.peer_figures import headline, summary
from parley.product import Product, running_product
from parley.settings import CHECKOUT, Settings

METER = CHECKOUT.parent / "shared" / "meter"
RESULT = CHECKOUT / "benchmarks" / "results" / "peers.json"
PORT = 8720
READY_DEADLINE_S = 90.0
RUN_DEADLINE_S = 580.0
ENDS_WITHIN_S = 8.0

SIZES = {
    "answer": ["--rounds", "6", "--pause-rounds", "1"],
    "barge": ["--rounds", "12", "--sound-rounds", "2"],
    "words": ["--people", "3"],
    "nudge": ["--rounds", "4", "--distractors", "2"],
    "density": ["--seconds", "20"],
}
OUR_NUDGE_REST_S = 16.0
"""Our coach shows one nudge at a time and leaves it 15 s; the programs have no such rule."""

SPEAKERS = ("anna", "ben", "cleo")
"""The meter's voices. It tells speakers by their identities, so for us these voices get the names of our guests'."""

SHORT = [f"Question {number}: what comes to your mind?" for number in range(1, 40)]
LONG = [
    f"This is question {number}, and I would like to explain why I ask it before you answer, because many people who "
    "talk to us want to know how the plan, the price and the setup fit together before they decide. What is yours?"
    for number in range(1, 40)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A peer: its command, run in the meter's folder of peers, and what the meter must know to call it."""

    name: str
    command: Sequence[str]
    meter: Sequence[str]


def programs(what: str, python: str) -> list[Program]:
    """The two programs for one measurement: the framework's defaults, and the quickest settings found."""
    reply = "long" if what == "barge" else "short"
    call = ["--dispatch", "peer"]
    match what:
        case "answer" | "barge":
            speech = ["--parts", "local", "--reply", reply]
            return [
                Program(name="stock", command=[python, "livekit_stock.py", *speech], meter=call),
                Program(name="tuned", command=[python, "livekit_tuned.py", *speech], meter=call),
            ]
        case "nudge":
            call += ["--dispatch-metadata", json.dumps({"rep": "rep"})]
            quick = ["--tuned", "--on", "transcript"]
        case "words":
            quick = ["--tuned"]
        case _:
            listen = ["--parts", "local", "--listen-only"]
            return [
                Program(name="stock", command=[python, "livekit_stock.py", *listen], meter=call),
                Program(name="tuned", command=[python, "livekit_tuned.py", *listen], meter=call),
            ]
    parts = [python, "livekit_nudge.py", "--parts", "local"]
    return [
        Program(name="stock", command=parts, meter=call),
        Program(name="tuned", command=[*parts, *quick], meter=call),
    ]


class FrontDoor:
    """Calls booked the way a rep books them, and the tokens of their people."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=15)

    async def __aenter__(self) -> "FrontDoor":
        await self._ask("POST", "/demo/sign-ins", {"as": "rep"})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def book(self, guests: int, questions: Sequence[str]) -> dict[str, Any]:
        question_set_id = None
        if questions:
            asked = [{"text": text, "type": "open_ended", "options": []} for text in questions]
            made = await self._ask("POST", "/question-sets", {"title": "Measured", "questions": asked})
            question_set_id = made["question_set_id"]
        call: dict[str, Any] = await self._ask(
            "POST",
            "/calls",
            {
                "title": "Measured",
                "kind": "discovery" if questions else "assisted",
                "starts_at": datetime.now(UTC).isoformat(),
                "question_set_id": question_set_id,
                "invitees": [{"name": f"Guest {number}"} for number in range(guests)],
            },
        )
        return call

    async def rep_token(self, call: dict[str, Any]) -> dict[str, str]:
        found: dict[str, str] = await self._ask("POST", f"/calls/{call['call_id']}/room-tokens", {})
        return found

    async def guest_token(self, call: dict[str, Any], number: int) -> dict[str, str]:
        link = call["invitees"][number]["join_link"].partition("#")[2]
        body = {"link": link, "name": f"Guest {number}", "transcription": True, "recording": False}
        found: dict[str, str] = await self._ask("POST", "/joins/room-tokens", body)
        return found

    async def end(self, call: dict[str, Any]) -> None:
        await self._ask("PUT", f"/calls/{call['call_id']}/ending", {})

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> Any:
        response = await self._http.request(method, path, json=body)
        if response.status_code == httpx.codes.UNAUTHORIZED:  # the access token lives 5 minutes
            await self._http.post("/sign-in/refreshes", json={})
            response = await self._http.request(method, path, json=body)
        response.raise_for_status()
        return response.json() if response.content else None


async def our_arguments(
    what: str, door: FrontDoor, agent_pid: int, speech: Path
) -> tuple[list[dict[str, Any]], list[str]]:
    """Calls for one measurement, and the meter's arguments that bring its people into them."""
    match what:
        case "answer" | "barge":
            call = await door.book(1, LONG if what == "barge" else SHORT)
            return [call], ["--token", (await door.guest_token(call, 0))["token"]]
        case "nudge":
            call = await door.book(2, [])
            customer, rep = await door.guest_token(call, 0), await door.rep_token(call)
            witness = await door.guest_token(call, 1)
            people = ["--customer", customer["identity"], "--rep", rep["identity"]]
            tokens = [word for access in (customer, rep, witness) for word in ("--token", access["token"])]
            return [call], [*people, *tokens, "--nudge-rest-s", str(OUR_NUDGE_REST_S)]
        case "words":
            call = await door.book(len(SPEAKERS), [])
            access = [await door.guest_token(call, number) for number in range(len(SPEAKERS))]
            voices = dict(zip(SPEAKERS, (one["identity"] for one in access), strict=True))
            tokens = [word for one in access for word in ("--token", one["token"])]
            return [call], [*tokens, "--speech", str(await asyncio.to_thread(renamed, speech, voices))]
        case _:
            calls = [await door.book(1, []) for _ in range(4)]
            tokens = [word for call in calls for word in ("--token", (await door.guest_token(call, 0))["token"])]
            return calls, [*tokens, "--pid", str(agent_pid)]


def renamed(speech: Path, voices: dict[str, str]) -> Path:
    """The same clips, spoken under other names."""
    other = Path(tempfile.mkdtemp(dir=speech.parent))
    for clip in speech.glob("*.wav"):
        (other / clip.name).symlink_to(clip)
    manifest = (speech / "manifest.json").read_text()
    for name, identity in voices.items():
        manifest = manifest.replace(json.dumps(name), json.dumps(identity))
    (other / "manifest.json").write_text(manifest)
    return other


@asynccontextmanager
async def running(program: Program, environment: dict[str, str], log: Path) -> AsyncIterator[int]:
    """The program, ready for jobs; ended with all of its children. Raises TimeoutError or ChildProcessError."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *program.command, cwd=METER / "peers", env=environment, stdout=out, stderr=out, start_new_session=True
        )
        try:
            async with asyncio.timeout(READY_DEADLINE_S):
                await until_ready(log, process)
            yield process.pid
        finally:
            if process.returncode is None:
                process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ENDS_WITHIN_S):
                    await process.wait()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def meter(
    what: str, python: str, arguments: Sequence[str], environment: dict[str, str], out: Path
) -> dict[str, Any]:
    """One run of the meter. Raises ChildProcessError with its last words."""
    process = await asyncio.create_subprocess_exec(
        python, "meter.py", what, "--out", str(out), "--speech", str(out.parent / "speech"), *SIZES[what], *arguments,
        cwd=METER, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(RUN_DEADLINE_S):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        raise ChildProcessError(f"the meter ended with {process.returncode}: {said.decode()[-1500:]}")
    found: dict[str, Any] = json.loads(await asyncio.to_thread(out.read_text))
    return found


async def until_ready(log: Path, process: asyncio.subprocess.Process) -> None:
    while b"READY" not in await asyncio.to_thread(log.read_bytes):
        if process.returncode is not None:
            raise ChildProcessError(f"the program ended at once; see {log}")
        await asyncio.sleep(0.2)


async def measure(
    what: str, product: Product, door: FrontDoor, python: str, folder: Path
) -> dict[str, list[dict[str, Any]]]:
    access = product.livekit
    environment = os.environ | {
        "LIVEKIT_URL": access.url, "LIVEKIT_API_KEY": access.api_key, "LIVEKIT_API_SECRET": access.api_secret,
        "PEER_IDLE": "4" if what == "density" else "1",
    }  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {"parley": [], "stock": [], "tuned": []}
    peers = {program.name: program for program in programs(what, python)}
    for pass_number, order in enumerate((list(found), list(reversed(found)))):
        for name in order:
            label = f"{what}-{name}-{pass_number}"
            out = folder / f"{label}.json"
            if name == "parley":
                calls, arguments = await our_arguments(what, door, product.pid("agent"), folder / "speech")
                try:
                    result = await meter(what, python, ["--room", label, *arguments], environment, out)
                finally:
                    for call in calls:
                        await door.end(call)
            else:
                async with running(peers[name], environment, folder / f"{label}.log") as pid:
                    charged = ["--pid", str(pid)] if what == "density" else []
                    arguments = ["--room", label, *peers[name].meter, *charged]
                    result = await meter(what, python, arguments, environment, out)
            found[name].append(result)
            print(f"{label}: {headline(what, [result])}", flush=True)
    return found


async def run(whats: Sequence[str], python: str) -> dict[str, Any]:
    machine = describe()
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        settings = Settings(port=PORT, home=Path(home), public_url=f"http://127.0.0.1:{PORT}")
        making = [python, "make_speech.py", "--out", f"{folder}/speech"]
        await asyncio.to_thread(subprocess.run, making, cwd=METER, check=True, timeout=60)
        async with running_product(settings) as product, FrontDoor(product.url) as door:
            each = {what: await measure(what, product, door, python, Path(folder)) for what in whats}
    return {"machine": machine, "tables": {what: summary(what, found) for what, found in each.items()}}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("what", nargs="*", choices=[*SIZES, []], help="default: all")
    ask.add_argument("--python", default=sys.executable, help="with the meter's and the programs' packages")
    args = ask.parse_args()
    if not METER.exists():
        raise SystemExit(f"The meter is not there: {METER}")
    result = asyncio.run(run(args.what or list(SIZES), args.python))
    kept = json.loads(RESULT.read_text()) if RESULT.exists() else {"tables": {}}
    result["tables"] = kept["tables"] | result["tables"]
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(f"Kept in {RESULT}")


if __name__ == "__main__":
    main()
