"""Every route, found in the application itself, with everything that a body, an address and a header must never be."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from api.guard import LARGEST_BODY_BYTES
from tests.api.conftest import app_of, booked, is_problem, link_of
from tests.sample import Tenant

pytestmark = pytest.mark.room

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


@pytest.fixture
async def client(room_client: httpx.AsyncClient, tenant: Tenant, ready: None) -> httpx.AsyncClient:
    """Signed in, with a call and a link; everything is there that a call needs."""
    call = await booked(room_client, tenant, staged_as_text=True)
    room_client.headers["x-call"] = call["call_id"]
    return room_client


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


def test_the_list_of_routes_is_the_whole_application(room_client: httpx.AsyncClient) -> None:
    found = set(routes_of(app_of(room_client)))
    documented = {
        (method.upper(), path)
        for path, operations in app_of(room_client).openapi()["paths"].items()
        for method in operations
    }
    assert len(documented) >= 17
    assert documented <= found
    assert ("GET", "/{path:page}") in found


@pytest.mark.parametrize("name", BODIES)
async def test_no_body_is_an_accident_on_any_route(client: httpx.AsyncClient, name: str) -> None:
    call_id = client.headers["x-call"]
    for method, path in routes_of(app_of(client)):
        if "events" in path and method == "GET":
            continue
        answer = await send(client, method, filled(path, call_id), BODIES[name], JSON)
        must_be_graceful(answer, f"{method} {path} with {name}")


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
async def test_no_content_type_is_an_accident_on_any_route(client: httpx.AsyncClient, content_type: str | None) -> None:
    call_id = client.headers["x-call"]
    headers = [(b"content-type", content_type.encode("latin-1"))] if content_type is not None else []
    for method, path in routes_of(app_of(client)):
        if method == "GET" and "events" in path:
            continue
        for body in (b'{"link": "c4n4ry"}', b"\xff\xfe", b""):
            answer = await send(client, method, filled(path, call_id), body, headers)
            must_be_graceful(answer, f"{method} {path} as {content_type!r}")


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: f"{header[0].decode()} {header[1][:12]!r}")
async def test_no_header_is_an_accident_on_any_route(client: httpx.AsyncClient, header: tuple[bytes, bytes]) -> None:
    client.cookies.clear()
    for method, path in routes_of(app_of(client)):
        answer = await send(
            client, method, filled(path, str(uuid4())), b"{}", [(b"content-type", b"application/json"), header]
        )
        must_be_graceful(answer, f"{method} {path} with {header!r}")


@pytest.mark.parametrize("tail", TAILS, ids=lambda tail: tail[:20])
async def test_no_address_is_an_accident_on_any_route(client: httpx.AsyncClient, tail: str) -> None:
    call_id = client.headers["x-call"]
    for method, path in routes_of(app_of(client)):
        is_query = tail.startswith("?")
        for address in {filled(path, call_id) + tail, filled(path, call_id if is_query else tail.partition("?")[0])}:
            if method == "GET" and "events" in path and address.partition("?")[0].endswith(f"{call_id}/events"):
                continue
            must_be_graceful(await send(client, method, address, b"{}", JSON), f"{method} {address[:80]}")


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "É"]
)
async def test_no_method_is_an_accident_on_any_route(client: httpx.AsyncClient, method: str) -> None:
    routes = list(routes_of(app_of(client)))
    for path in sorted({path for _, path in routes}):
        if method == "GET" and "events" in path:
            continue
        address = filled(path, client.headers["x-call"])
        answer = await send(client, method, address, b"", JSON)
        must_be_graceful(answer, f"{method} {path}")
        if (method, path) not in routes and not path.startswith(("/assets", "/{path")):
            assert answer.status_code == 405, f"{method} {path}"
            assert answer.headers["allow"]


async def test_a_body_that_is_too_large_is_refused_by_its_length_on_every_route(client: httpx.AsyncClient) -> None:
    body = b'"' + b"x" * LARGEST_BODY_BYTES + b'"'
    for method, path in routes_of(app_of(client)):
        answer = await client.request(method, filled(path, str(uuid4())), content=body, headers=JSON)
        if method != "HEAD":
            is_problem(answer, 413, "too-large")


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
