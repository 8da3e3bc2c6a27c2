"""Every route, found in the application itself, with everything that a body, an address and a header must never be.

One application for all of it, several routes asked at once: what is slow is to start one and to wait for each answer.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from api.app import create_app
from api.guard import LARGEST_BODY_BYTES
from db.heartbeats import keep_beating
from db.pool import Pool, open_pool, transaction
from domain.ids import uuid7
from parley.plan import LiveKitAccess
from tests.api.conftest import PUBLIC_URL, app_of, booked, cookie_of, is_problem, link_of, settings
from tests.conftest import Database
from tests.sample import Tenant, add_tenant

pytestmark = [pytest.mark.room, pytest.mark.asyncio(loop_scope="module")]

AT_ONCE = 8
WITH_THEIR_OWN_SIGN = {"/api/v1/sign-in/refreshes", "/api/v1/livekit/webhooks"}
SIGN_OUT = ("DELETE", "/api/v1/sign-in")

CANARY = "c4n4ry"
JSON = {"Content-Type": "application/json"}

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "one byte that is no text": b"\xff",
    "latin-1": f'{{"link": "{CANARY}é"}}'.encode("latin-1"),
    "utf-16": f'{{"link": "{CANARY}"}}'.encode("utf-16"),
    "cut-off text": '{"link": "高'.encode()[:-1],
    "overlong utf-8": b'{"link": "\xc0\x80"}',
    "a surrogate as bytes": b'{"link": "\xed\xa0\x80"}',
    "a lone surrogate": b'{"link": "\\ud800", "title": "\\udfff", "text": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\ud800c4n4ry": 1}',
    "nul": b'{"link": "\\u0000", "name": "\\u0000", "text": "\\u0000", "title": "\\u0000"}',
    "cut-off json": b'{"link": ',
    "not json": f"link={CANARY}&name={CANARY}".encode(),
    "a list": b"[]",
    "a list of itself": b"[" * 100_000,
    "an object of itself": b'{"a":' * 100_000,
    "null": b"null",
    "a word": f'"{CANARY}"'.encode(),
    "a number": b"17",
    "a huge number": b"1" * 5_000,
    "an endless number": b"1e999999",
    "nan": b"NaN",
    "infinity": b'{"link": Infinity, "duration_minutes": -Infinity, "start_ms": NaN}',
    "wrong types": b'{"link": {}, "name": [], "title": 1, "invitees": "x", "as": {}, "text": true, "questions": {}}',
    "unknown fields": f'{{"{CANARY}": "{CANARY}"}}'.encode(),
    "the same name twice": b'{"link": "a", "link": "b"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "many fields": json.dumps({f"{CANARY}{n}": n for n in range(5_000)}).encode(),
    "many wrong elements": json.dumps({"questions": [{}] * 5_000, "invitees": [CANARY] * 5_000}).encode(),
}

CONTENT_TYPES = [
    "application/json", None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "application/json; charset=utf-16", "application/octet-stream", "", "é", "/", "application/problem+json",
]  # fmt: skip

HEADERS: list[tuple[bytes, bytes]] = [
    (b"cookie", b"parley_access=\xff\xfe\x80"),
    (b"cookie", b"\xe9=\xe9; parley_access=a.b.c; parley_access"),
    (b"cookie", b"; ;=; ====" * 200),
    (b"last-event-id", b"\xff\xb2\xb3"),
    (b"last-event-id", b"9" * 300),
    (b"last-event-id", b"-1"),
    (b"x-c4n4ry", b"\xff" * 1_000),
    (b"accept", b"\xff"),
    (b"range", b"bytes=9-1,\xff"),
    (b"if-modified-since", b"\xff never"),
    (b"content-length", b"12345678901234567890123"),
    (b"content-length", b"-1"),
    (b"content-length", b"\xb2"),
    (b"origin", b"http://[\xff"),
    (b"sec-fetch-site", b"\xff"),
    (b"host", b"\xff"),
]

TAILS = ["%00", "%ff", "%ed%a0%80", "..%2f..%2f", "%2e%2e", "\\", "'", "%0d%0aX-Evil:%201",
         "x" * 3_000, "%", "?%ff=%00",
         "?cursor=%ff&after=%ff", "?after=" + "9" * 400, "?after=-1", "?after=NaN", "?cursor=%00"]  # fmt: skip


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path pattern of everything that answers."""

    for route in app.routes:
        included: Any = getattr(route, "original_router", None)  # how FastAPI keeps what was included
        prefix = route.include_context.prefix if included else ""  # type: ignore[attr-defined]
        one: Any
        for one in included.routes if included else [route]:
            for method in sorted(getattr(one, "methods", None) or ()):
                yield method, prefix + one.path
    yield "GET", "/assets/{path}"


def filled(path: str, value: str) -> str:
    return re.sub(r"\{[^}]*\}", lambda _: value, path)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_pool(database: Database) -> AsyncIterator[Pool]:
    opened = await open_pool(database.app_url, most_connections=4)
    yield opened
    opened.terminate()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tenant(shared_pool: Pool) -> Tenant:
    return await add_tenant(shared_pool)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_client(
    database: Database,
    livekit: LiveKitAccess,
    shared_pool: Pool,
    tenant: Tenant,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[httpx.AsyncClient]:
    """With a call and a link; everything is there that a call needs."""
    web_dir = tmp_path_factory.mktemp("hostile") / "dist"
    (web_dir / "assets").mkdir(parents=True)
    (web_dir / "index.html").write_text("<!doctype html><title>Parley</title>")
    app = create_app(settings(database, livekit, web_dir))
    beating = [
        asyncio.create_task(keep_beating(shared_pool, uuid7(), kind, lambda: 8)) for kind in ("agent", "steward")
    ]
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as made:
        call = await booked(made, tenant, staged_as_text=True)
        made.headers["x-call"] = call["call_id"]
        yield made
    for task in beating:
        task.cancel()
    await asyncio.gather(*beating, return_exceptions=True)


@pytest_asyncio.fixture(loop_scope="module")
async def client(
    shared_client: httpx.AsyncClient, shared_pool: Pool, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> httpx.AsyncClient:
    """Signed in as an admin, whom every route lets further than others; again if the test before signed them out.

    By a token and not by a cookie, since the answer to a signing out takes cookies away.
    """
    monkeypatch.setattr("api.routes.settings_mail_servers.TRIED_WITHIN_SECONDS", 0.0)
    async with transaction(shared_pool, tenant.organization_id) as connection:
        await connection.execute("UPDATE devices SET ended_at = NULL, end_reason = NULL")
    shared_client.cookies.clear()
    shared_client.headers["authorization"] = f"Bearer {cookie_of(tenant.admin)}"
    return shared_client


async def on_routes(routes: Iterator[tuple[str, str]], ask: Callable[[str, str], Awaitable[None]]) -> None:
    """Several at once; signing out comes last, or the rest would be asked by nobody."""
    places = asyncio.Semaphore(AT_ONCE)

    async def in_turn(method: str, path: str) -> None:
        async with places:
            await ask(method, path)

    ordered = sorted(routes, key=lambda route: route == SIGN_OUT)
    async with asyncio.TaskGroup() as group:
        for method, path in ordered:
            if (method, path) != SIGN_OUT:
                group.create_task(in_turn(method, path))
    if SIGN_OUT in ordered:
        await ask(*SIGN_OUT)


async def send(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    content: bytes | AsyncIterator[bytes] = b"",
    headers: list[tuple[bytes, bytes]] | dict[str, str] | None = None,
) -> httpx.Response:
    async with client.stream(method, path, content=content, headers=headers) as answer:
        is_endless = answer.headers.get("content-type", "").startswith("text/event-stream")
        if not is_endless:
            await answer.aread()
    return answer


def must_be_graceful(answer: httpx.Response, what: str) -> None:
    """No 5xx, and an error is a problem with its members and without a word of the input."""
    assert answer.status_code < 500, f"{what}: {answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json", what
        body = json.loads(answer.content.decode())
        assert {"type", "title", "status", "detail"} <= set(body), what
        assert body["type"].startswith("/problems/"), what
        assert body["status"] == answer.status_code, what
        assert body["type"] != "/problems/error", f"{what}: {answer.status_code} has no words of its own"
        assert CANARY not in answer.text, what
        for error in body.get("errors", []):
            assert set(error) == {"pointer", "detail"}, what


async def test_the_list_of_routes_is_the_whole_application(client: httpx.AsyncClient) -> None:
    found = set(routes_of(app_of(client)))
    documented = {
        (method.upper(), path)
        for path, operations in app_of(client).openapi()["paths"].items()
        for method in operations
    }
    assert len(documented) >= 17
    assert documented <= found
    assert ("GET", "/{path:page}") in found
    assert SIGN_OUT in found


@pytest.mark.parametrize("name", BODIES)
async def test_no_body_is_an_accident_on_any_route(client: httpx.AsyncClient, name: str) -> None:
    call_id = client.headers["x-call"]

    async def ask(method: str, path: str) -> None:
        if "events" in path and method == "GET":
            return
        answer = await send(client, method, filled(path, call_id), BODIES[name], JSON)
        must_be_graceful(answer, f"{method} {path} with {name}")
        assert answer.status_code != 401 or path in WITH_THEIR_OWN_SIGN, f"{method} {path} was not reached"

    await on_routes(routes_of(app_of(client)), ask)


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
async def test_no_content_type_is_an_accident_on_any_route(client: httpx.AsyncClient, content_type: str | None) -> None:
    call_id = client.headers["x-call"]
    headers = [(b"content-type", content_type.encode("latin-1"))] if content_type is not None else []

    async def ask(method: str, path: str) -> None:
        if method == "GET" and "events" in path:
            return
        for body in (b'{"link": "c4n4ry"}', b"\xff\xfe", b""):
            answer = await send(client, method, filled(path, call_id), body, headers)
            must_be_graceful(answer, f"{method} {path} as {content_type!r}")

    await on_routes(routes_of(app_of(client)), ask)


@pytest.mark.parametrize("is_signed_in", [True, False], ids=["admin", "nobody"])
@pytest.mark.parametrize("header", HEADERS, ids=lambda header: f"{header[0].decode()} {header[1][:12]!r}")
async def test_no_header_is_an_accident_on_any_route(
    client: httpx.AsyncClient, header: tuple[bytes, bytes], is_signed_in: bool
) -> None:
    if not is_signed_in:
        del client.headers["authorization"]

    async def ask(method: str, path: str) -> None:
        answer = await send(
            client, method, filled(path, str(uuid4())), b"{}", [(b"content-type", b"application/json"), header]
        )
        must_be_graceful(answer, f"{method} {path} with {header!r}")

    await on_routes(routes_of(app_of(client)), ask)


@pytest.mark.parametrize("tail", TAILS, ids=lambda tail: tail[:20])
async def test_no_address_is_an_accident_on_any_route(client: httpx.AsyncClient, tail: str) -> None:
    call_id = client.headers["x-call"]
    is_query = tail.startswith("?")

    async def ask(method: str, path: str) -> None:
        for address in {filled(path, call_id) + tail, filled(path, call_id if is_query else tail.partition("?")[0])}:
            if method == "GET" and "events" in path and address.partition("?")[0].endswith(f"{call_id}/events"):
                continue
            must_be_graceful(await send(client, method, address, b"{}", JSON), f"{method} {address[:80]}")

    await on_routes(routes_of(app_of(client)), ask)


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "É"]
)
async def test_no_method_is_an_accident_on_any_route(client: httpx.AsyncClient, method: str) -> None:
    routes = list(routes_of(app_of(client)))

    def is_read_as_an_id(method: str, path: str) -> bool:
        """As `days` is by PATCH /calls/{call_id}."""
        one = re.compile(re.escape(path.rpartition("/")[0]) + r"/{\w+}")
        return any(each == method and one.fullmatch(other) for each, other in routes)

    async def ask(method: str, path: str) -> None:
        if method == "GET" and "events" in path:
            return
        address = filled(path, client.headers["x-call"])
        answer = await send(client, method, address, b"", JSON)
        must_be_graceful(answer, f"{method} {path}")
        if (method, path) not in routes and not path.startswith(("/assets", "/{path")):
            if is_read_as_an_id(method, path):
                assert answer.status_code == 422, f"{method} {path}"
                return
            assert answer.status_code == 405, f"{method} {path}"
            assert answer.headers["allow"]

    await on_routes(iter({(method, path) for _, path in routes}), ask)


async def test_a_body_that_is_too_large_is_refused_by_its_length_on_every_route(client: httpx.AsyncClient) -> None:
    body = b'"' + b"x" * LARGEST_BODY_BYTES + b'"'

    async def ask(method: str, path: str) -> None:
        answer = await client.request(method, filled(path, str(uuid4())), content=body, headers=JSON)
        if method != "HEAD":
            is_problem(answer, 413, "too-large")

    await on_routes(routes_of(app_of(client)), ask)


async def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_large(client: httpx.AsyncClient) -> None:
    for method, path in routes_of(app_of(client)):
        if method not in ("POST", "PUT"):
            continue
        sent_bytes = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent_bytes
            while sent_bytes < 50 * LARGEST_BODY_BYTES:
                sent_bytes += 65_536
                yield b" " * 65_536

        answer = await send(client, method, filled(path, client.headers["x-call"]), endless(), JSON)
        must_be_graceful(answer, f"{method} {path}")
        if sent_bytes:
            assert answer.status_code == 413, f"{method} {path}: {answer.status_code}"
        assert sent_bytes <= LARGEST_BODY_BYTES + 2 * 65_536, f"{method} {path} read on"


async def test_what_a_guest_writes_reaches_nobody_as_more_than_text(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(client, tenant, invitees=[{"name": "<img src=x onerror=alert(1)>"}])
    view = await client.post("/api/v1/joins", json={"link": link_of(call)})
    assert view.headers["content-type"] == "application/json"
    assert view.headers["x-content-type-options"] == "nosniff"


async def test_what_nobody_foresaw_is_a_problem_that_tells_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"{CANARY} of Robin Finch")

    monkeypatch.setattr("db.leads.list_newest", fails)
    answer = await client.get("/api/v1/leads")
    is_problem(answer, 500, "internal-error")
    assert CANARY not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_database_that_is_away_is_said_to_be_away(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error in (ConnectionRefusedError(), TimeoutError()):

        async def fails(*_: Any, error: Exception = error, **__: Any) -> None:
            raise error

        monkeypatch.setattr("db.leads.list_newest", fails)
        is_problem(await client.get("/api/v1/leads"), 503, "database-away")
