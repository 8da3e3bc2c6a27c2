"""Server-sent events from a real server: uvicorn in a process of its own."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from db import events
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import Event
from tests.api.conftest import ACCESS_COOKIE, cookie_of, is_problem
from tests.api.real_server import RealServer, serving
from tests.conftest import Database, eventually
from tests.sample import Tenant, add_call, ended, said

pytestmark = pytest.mark.db

STOPS_WITHIN_S = 3.0
OWN_TRANSACTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'parley_app' AND state LIKE 'idle in%'"


@pytest.fixture
async def server(database: Database, tmp_path: Path) -> AsyncIterator[RealServer]:
    async with serving(database, tmp_path) as server:
        yield server


@pytest.fixture
async def client(server: RealServer, tenant: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    cookies = {ACCESS_COOKIE: cookie_of(tenant.rep)}
    async with httpx.AsyncClient(base_url=server.url, cookies=cookies, trust_env=False, timeout=20) as made:
        yield made


async def write(pool: Pool, call: Call, *some: Event) -> None:
    async with transaction(pool, call.organization_id) as connection:
        await events.append(connection, call.organization_id, call.call_id, some)


async def read(
    client: httpx.AsyncClient, call: Call, headers: dict[str, str] | None = None, after: int | None = None
) -> list[dict[str, Any]]:
    """Everything until the stream ends, each as its fields with `data` decoded."""
    got: list[dict[str, Any]] = []
    params = {} if after is None else {"after": after}
    path = f"/api/v1/calls/{call.call_id}/events"
    async with client.stream("GET", path, headers=headers, params=params) as answer:
        if answer.status_code == 200:
            assert answer.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, Any] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.strip()
            elif fields.get("data"):
                got.append({**fields, "data": json.loads(fields["data"])})
                fields = {}
    return got


async def test_the_log_comes_then_what_happens_and_it_ends_with_the_call(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    first, second, last = said(call, "One."), said(call, "Two.\nnext line\r\n\r\ndata: forged"), ended(call)
    await write(pool, call, first)
    reading = asyncio.create_task(read(client, call))
    await write(pool, call, second)
    await write(pool, call, last)
    got = await asyncio.wait_for(reading, 10)
    assert [(one["id"], one["event"]) for one in got] == [
        ("1", "segment_added"), ("2", "segment_added"), ("3", "call_ended"),
    ]  # fmt: skip
    assert [one["data"]["event_id"] for one in got] == [str(event.event_id) for event in (first, second, last)]
    assert got[1]["data"]["segment"]["text"] == second.segment.text
    assert [one["data"]["seq"] for one in got] == [1, 2, 3]


@pytest.mark.parametrize(
    ("headers", "after", "expected"),
    [
        ({}, None, ["1", "2", "3", "4"]),
        ({"Last-Event-ID": "2"}, None, ["3", "4"]),
        ({}, 3, ["4"]),
        ({"Last-Event-ID": "3"}, 1, ["4"]),
        ({"Last-Event-ID": "nonsense"}, 1, ["2", "3", "4"]),
        ({"Last-Event-ID": "-1"}, 2, ["3", "4"]),
        ({"Last-Event-ID": "9" * 30}, None, ["1", "2", "3", "4"]),
        ({"Last-Event-ID": ""}, 3, ["4"]),
    ],
)
async def test_it_resumes_after_what_the_reader_has_seen(
    client: httpx.AsyncClient,
    pool: Pool,
    tenant: Tenant,
    headers: dict[str, str],
    after: int | None,
    expected: list[str],
) -> None:
    call = await add_call(pool, tenant.rep)
    await write(pool, call, said(call), said(call), said(call), ended(call))
    assert [one["id"] for one in await asyncio.wait_for(read(client, call, headers, after), 10)] == expected


async def test_who_has_read_a_closed_log_to_its_end_is_told_not_to_come_again(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    await write(pool, call, said(call), ended(call))
    answer = await client.get(f"/api/v1/calls/{call.call_id}/events", params={"after": 2})
    assert (answer.status_code, answer.content) == (204, b"")


async def test_what_was_spooled_comes_also_to_who_reads_the_closed_log_later(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    await write(pool, call, said(call), ended(call))
    await write(pool, call, said(call), said(call))
    for after, expected in ((0, ["1", "2", "3", "4"]), (2, ["3", "4"])):
        got = await asyncio.wait_for(read(client, call, after=after), 10)
        assert [one["id"] for one in got] == expected


async def test_strange_numbers_are_refused_with_their_place(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    for after in ("-1", "x", "9" * 40, "1.5"):
        answer = await client.get(f"/api/v1/calls/{call.call_id}/events", params={"after": after})
        assert is_problem(answer, 422, "malformed-request")["errors"][0]["pointer"] == "/query/after"


async def test_twenty_readers_who_go_away_leave_nothing_open_and_the_server_stops_at_once_with_readers_on(
    client: httpx.AsyncClient, server: RealServer, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await add_call(pool, tenant.rep)
    await write(pool, call, said(call))
    readers = [asyncio.create_task(read(client, call)) for _ in range(20)]
    await asyncio.sleep(0.5)
    assert not any(reader.done() for reader in readers)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    for _ in range(3):
        assert (await client.get("/api/v1/me")).status_code == 200

    async def nothing_is_open() -> bool:
        return bool(await owner.fetchval(OWN_TRANSACTIONS) == 0)

    await eventually(nothing_is_open, "their transactions are over")

    staying = [asyncio.create_task(read(client, call)) for _ in range(5)]
    await asyncio.sleep(0.5)
    assert not any(reader.done() for reader in staying)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(server.process.wait(), STOPS_WITHIN_S)
    assert time.monotonic() - began < STOPS_WITHIN_S
    await asyncio.gather(*staying, return_exceptions=True)
