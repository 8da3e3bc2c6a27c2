"""Bytes that no browser would send, over real sockets to a real server: no 5xx, no hang, every error a problem.

In CI 100,000, or so many as fit into eight minutes; `make soak` is `python -m tests.api.test_raw_bytes --count 500000`.
"""

import asyncio
import json
import math
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from db.heartbeats import keep_beating
from db.pool import Pool, transaction
from domain.ids import uuid7
from domain.people import UserRole
from parley.plan import LiveKitAccess
from parley.ports import HOST
from tests.api.conftest import cookie_of, settings
from tests.api.raw_requests import Maker, RawRequest
from tests.api.real_server import RealServer, serving
from tests.conftest import Database
from tests.sample import Tenant, a_user, add_call, add_user

pytestmark = pytest.mark.room

COUNT = 100_000
BOX_S = 480.0
"""For the machine of CI; whoever names a count gets all of it."""

SEED = 5
BATCH = 2_000
AT_ONCE = 24
MOST_SHOWN = 20
ANSWERED_WITHIN_S = 10.0
SURELY_WAITING_S = 0.1
"""A server that has said nothing to half a request for this long is waiting for the other half."""

WAITS_FOR_THE_JOBS_PROCESS = ("POST", "/api/v1/settings/mail-servers/{server_id}/tests")
"""Up to 20 s, by design, for a process that does not run here."""

NOBODY_HEARS = "/problems/room-unavailable"
"""The truth about what is written to a call that has no agent."""


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes


async def exchange(port: int, request: RawRequest) -> Answer | None:
    """The first answer, None when the server ended the connection without one. Raises TimeoutError."""
    async with asyncio.timeout(ANSWERED_WITHIN_S):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(request.content)
            with suppress(ConnectionError):
                await writer.drain()
            reading = asyncio.create_task(read(reader, is_head=request.content.startswith(b"HEAD ")))
            try:
                if not request.is_whole:
                    await asyncio.wait([reading], timeout=SURELY_WAITING_S)
                    if not reading.done():
                        with suppress(OSError):
                            writer.write_eof()
                return await reading
            except (ConnectionError, asyncio.IncompleteReadError):
                return None
            finally:
                reading.cancel()
        finally:
            writer.transport.abort()


async def read(reader: asyncio.StreamReader, *, is_head: bool) -> Answer:
    head = b"HTTP/1.1 100"
    while head.startswith(b"HTTP/1.1 100"):
        head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    content_type, body = headers.get("content-type", ""), b""
    if "content-length" in headers and not is_head:
        body = await reader.readexactly(int(headers["content-length"]))
    return Answer(int(first.split(" ")[1]), content_type, body)


def why_wrong(request: RawRequest, answer: Answer | None) -> str | None:
    """None when this may be answered so."""
    if answer is None:
        return "a whole request was not answered" if request.is_whole else None
    if answer.status < 400 or (not answer.body and request.content.startswith(b"HEAD ")):
        return f"{answer.status}" if answer.status >= 500 else None
    if answer.content_type != "application/problem+json":
        return f"{answer.status} as {answer.content_type}"
    problem = json.loads(answer.body)
    if problem.get("type") == NOBODY_HEARS:
        return None
    if answer.status >= 500 or problem["status"] != answer.status or problem["type"] == "/problems/error":
        return f"{answer.status} {problem}"
    return "what was sent came back" if b"c4n4ry" in answer.body else None


@pytest.fixture
async def server(database: Database, livekit: LiveKitAccess, pool: Pool, tmp_path: Path) -> AsyncIterator[RealServer]:
    """Whole: with a media server, and an agent worker and a steward that beat."""
    beating = [asyncio.create_task(keep_beating(pool, uuid7(), kind, lambda: 8)) for kind in ("agent", "steward")]
    (tmp_path / "index.html").write_text("<!doctype html><title>Parley</title>")
    async with serving(database, tmp_path, rooms=livekit, PARLEY_LOCAL_MODE="1", PARLEY_TRUSTED_PROXIES=HOST) as server:
        yield server
    for task in beating:
        task.cancel()
    await asyncio.gather(*beating, return_exceptions=True)


@pytest.mark.timeout(0)
async def test_no_bytes_are_an_accident(
    server: RealServer,
    database: Database,
    pool: Pool,
    tenant: Tenant,
    owner: Any,
    request: pytest.FixtureRequest,
) -> None:
    asked = request.config.getoption("--count", None)
    count, ends_at = asked or COUNT, math.inf if asked else time.monotonic() + BOX_S
    maker = await make_maker(server, database, pool, tenant)
    statuses: Counter[str] = Counter()
    wrong: list[str] = []
    for first in range(0, count, BATCH):
        if time.monotonic() > ends_at:
            count = first
            break
        await mend(owner, tenant)
        tokens = [cookie_of(user) for user in (tenant.rep, tenant.manager, tenant.admin)]
        queue = [maker.make(tokens) for _ in range(min(BATCH, count - first))]

        async def work(queue: list[RawRequest] = queue) -> None:
            while queue:
                one = queue.pop()
                try:
                    answer = await exchange(server.port, one)
                    problem = why_wrong(one, answer)
                except TimeoutError:
                    answer, problem = None, f"no end within {ANSWERED_WITHIN_S} s"
                statuses[str(answer.status) if answer else "closed"] += 1
                if problem:
                    wrong.append(f"{problem}: {one.content[:300]!r}")

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    assert wrong == [], f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:MOST_SHOWN])
    assert sum(statuses.values()) == count
    print(f"\n{count} raw requests: {dict(sorted(statuses.items()))}")
    # The better half of them reached a route and was understood, or the test would say nothing.
    for status, share in (("200", 0.05), ("404", 0.05), ("422", 0.05), ("400", 0.01), ("405", 0.005), ("403", 0.005)):
        assert statuses[status] >= share * count, statuses
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{server.url}/api/v1/health")).status_code == 200
    assert "request failed" not in server.log.read_text()


async def make_maker(server: RealServer, database: Database, pool: Pool, tenant: Tenant) -> Maker:
    """Of requests about things that are there: two calls, a lead, a question set, a team, a colleague."""
    from api.app import create_app
    from domain.links import Link, Links
    from tests.api.conftest import PUBLIC_URL, SECRET
    from tests.api.test_hostile_input import routes_of

    found = settings(database, LiveKitAccess("ws://x", "x", "x"), server.log.parent)
    routes = [route for route in routes_of(create_app(found)) if route != WAITS_FOR_THE_JOBS_PROCESS]
    calls = [await add_call(pool, owner) for owner in (tenant.rep, tenant.manager)]
    colleague = a_user(tenant.organization_id, UserRole.REP)
    async with transaction(pool, tenant.organization_id) as connection:
        await add_user(connection, colleague)
    links = Links(secret=SECRET, public_url=PUBLIC_URL)
    secrets = [
        links.secret_of(Link(call_id=call.call_id, invitee_id=call.invitees[0].invitee_id, revision=1))
        for call in calls
    ]
    ids = [
        *(call.call_id for call in calls),
        *(tenant.lead.lead_id, tenant.question_set.question_set_id, tenant.team_id, colleague.user_id, uuid7()),
    ]
    return Maker(SEED, routes, ids, secrets)


async def mend(owner: Any, tenant: Tenant) -> None:
    """What requests that were understood have done to those who send them."""
    await owner.execute(
        "UPDATE devices SET ended_at = NULL, end_reason = NULL WHERE organization_id = $1", tenant.organization_id
    )
    for user in (tenant.rep, tenant.manager, tenant.admin):
        await owner.execute(
            "UPDATE users SET status = 'active', disabled_at = NULL, role = $2 WHERE id = $1", user.user_id, user.role
        )


class Count:
    def pytest_addoption(self, parser: pytest.Parser) -> None:
        parser.addoption("--count", type=int)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-s", *sys.argv[1:]], plugins=[Count()]))
