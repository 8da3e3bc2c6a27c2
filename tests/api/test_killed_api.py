"""kill -9 of the API while it books, at each table it writes and at moments in between: booked with its mails, or not.

As a command, `--rounds` says at how many points, and `--seed` at which.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from parley.ports import HOST, free_base_port
from parley.settings import CHECKOUT
from tests.api.conftest import booking, signed_in
from tests.api.real_server import STARTED_WITHIN_S, environment_of
from tests.api.rounds import main, note, rounds, seed
from tests.conftest import Database, eventually
from tests.sample import Tenant

pytestmark = pytest.mark.db

ROUNDS, SEED = 14, 64
PATH = "/api/v1/calls"
TABLES = ("calls", "invitees", "idempotency_keys", "leads", "emails", "audit_entries", "audit_heads")
"""What a booking writes, in this order."""

AT_ONCE = 9
"""With the first, ten: so many invitations an address gets at once, and a form that is sent again counts too."""


class Servers:
    """One after the other on the same port, each told apart by the name under which the database knows it."""

    def __init__(self, process: asyncio.subprocess.Process, client: httpx.AsyncClient, owner: Any) -> None:
        assert process.stdin
        assert process.stdout
        self._stdin, self._stdout = process.stdin, process.stdout
        self._client = client
        self._owner = owner
        self._name = ""
        self._pid: int | None = None

    async def start(self) -> None:
        self._name = f"killed-{uuid4().hex}"
        self._stdin.write(f"{self._name}\n".encode())
        self._pid = int((await self._told())["pid"])
        await eventually(self._answers, "the API answers", within_s=STARTED_WITHIN_S)

    async def kill(self) -> None:
        """Returns when the database has put away what it held."""
        if self._pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._pid = None
        assert (await self._told())["exit"] == -signal.SIGKILL

    async def is_stopped_at(self, table: str) -> bool:
        """Whether it waits for a lock on this table."""
        found = await self._owner.fetchval(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE a.application_name = $1 AND NOT l.granted AND l.relation = $2::regclass",
            self._name, table,
        )  # fmt: skip
        return bool(found)

    async def is_forgotten(self) -> bool:
        """Whether the database holds nothing of it any more."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
        return bool(await self._owner.fetchval(sql, self._name) == 0)

    async def _answers(self) -> bool:
        try:
            return (await self._client.get("/api/v1/me")).status_code in (200, 401)
        except httpx.TransportError:
            return False

    async def _told(self) -> Any:
        return json.loads(await self._stdout.readline())


@asynccontextmanager
async def servers(database: Database, folder: Path, owner: Any) -> AsyncIterator[tuple[Servers, httpx.AsyncClient]]:
    """The first is not started yet."""
    port = free_base_port()
    with (folder / "api.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.api.killed_api"),
            cwd=CHECKOUT,
            env={**os.environ, **environment_of(database, folder, port)},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    made: Servers | None = None
    try:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False, timeout=30) as client:
            made = Servers(process, client, owner)
            yield made, client
    finally:
        if made:
            await made.kill()
        process.kill()
        await process.wait()


async def written(owner: Any, tenant: Tenant) -> Counter[str]:
    """How many rows of the organization are in each table that a booking adds to; of the audit log its number too."""
    found = Counter[str]()
    for table in TABLES:
        number = "coalesce(max(seq), 0)" if table == "audit_heads" else "count(*)"
        sql = f"SELECT {number} FROM {table} WHERE organization_id = $1"
        found[table] = await owner.fetchval(sql, tenant.organization_id)
    return found


def a_booking(tenant: Tenant, number: int) -> dict[str, Any]:
    """Two days ahead, so that it has reminders too."""
    guests = [{"name": f"G {one}", "email": f"g{number}-{one}@finch.example"} for one in range(2)]
    starts_at = datetime.now(UTC) + timedelta(days=2)
    return booking(tenant, title=f"Call {number}", starts_at=starts_at.isoformat(), invitees=guests)


def a_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def test_who_dies_while_booking_has_booked_all_or_nothing_and_the_same_form_again_books_it_once(
    database: Database, tenant: Tenant, owner: Any, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    dice, ends, began = random.Random(seed(pytestconfig, SEED)), Counter[str](), time.monotonic()
    async with holding(database) as blocker, servers(database, tmp_path, owner) as (some, client):
        signed_in(client, tenant.rep)
        await some.start()
        for number in (-1, -2):  # the first wakes the server, the second says how long it takes
            before, asked_at = await written(owner, tenant), time.monotonic()
            assert (await client.post(PATH, json=a_booking(tenant, number), headers=a_key())).status_code == 201
        took_s = time.monotonic() - asked_at
        whole = await written(owner, tenant) - before
        assert whole == Counter(calls=1, invitees=2, idempotency_keys=1, emails=7, audit_entries=1, audit_heads=1)

        for number in rounds(pytestconfig, ROUNDS):
            before, body, key = await written(owner, tenant), a_booking(tenant, number), a_key()
            table = TABLES[number // 2 % len(TABLES)] if number % 2 == 0 else None
            async with nobody_writes(table, blocker), asyncio.TaskGroup() as group:
                asked = group.create_task(status_of(client.post(PATH, json=body, headers=key)))
                if table is None:
                    await asyncio.sleep(dice.uniform(0, 1.5 * took_s))
                else:
                    await eventually(partial(some.is_stopped_at, table), f"it comes to {table}")
                await some.kill()
            answer = asked.result()
            await eventually(some.is_forgotten, "the database lets go of who died")
            made = await written(owner, tenant) - before
            assert made in ((Counter(),) if table else (Counter(), whole)), f"neither all nor nothing, at {table}"
            assert answer in (None, 201)
            assert made or answer is None, "what was answered is kept"
            ends[f"at {table}" if table else "answered" if answer else "booked" if made else "not booked"] += 1

            await some.start()
            await owner.execute("DELETE FROM rate_limits")
            first = await client.post(PATH, json=body, headers=key)
            assert first.status_code == (200 if made else 201), first.text
            again = await asyncio.gather(*(client.post(PATH, json=body, headers=key) for _ in range(AT_ONCE)))
            assert {(one.status_code, one.json()["call_id"]) for one in again} == {(200, first.json()["call_id"])}
            assert await written(owner, tenant) - before == whole
    figures = {"seed": seed(pytestconfig, SEED), "seconds": round(time.monotonic() - began), "ends": dict(ends)}
    note(pytestconfig, "kill -9 of the API while it books", figures)


@asynccontextmanager
async def holding(database: Database) -> AsyncIterator[Any]:
    """A connection of its own."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def nobody_writes(table: str | None, blocker: Any) -> AsyncIterator[None]:
    """Until the block ends; None: there is no such table."""
    async with blocker.transaction():
        if table:
            await blocker.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        yield


async def status_of(answer: Awaitable[httpx.Response]) -> int | None:
    """None: whoever was to answer died."""
    try:
        return (await answer).status_code
    except httpx.TransportError:
        return None


if __name__ == "__main__":
    sys.exit(main(__file__))
