"""The whole application in this process, before a real database and, where a test asks for it, a real LiveKit."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.auth import KEY_PERIOD, SignedIn, SignIn
from api.settings import ApiSettings
from db.pool import Pool, lookup, queries
from domain.ids import uuid7
from domain.people import User
from parley.plan import LiveKitAccess
from tests.conftest import Database
from tests.sample import Tenant, device_of

PUBLIC_URL = "http://parley.test"
SECRET = "s" * 32
NOBODY_THERE = LiveKitAccess("ws://127.0.0.1:1", "test", "a secret of thirty-two characters")
WEEK_S = KEY_PERIOD.total_seconds()


def settings(database: Database, rooms: LiveKitAccess, web_dir: Path, **other: Any) -> ApiSettings:
    return ApiSettings.model_validate(
        {
            "PARLEY_PORT": 1,
            "PARLEY_APP_DATABASE_URL": database.app_url,
            "LIVEKIT_URL": rooms.url,
            "LIVEKIT_API_KEY": rooms.api_key,
            "LIVEKIT_API_SECRET": rooms.api_secret,
            "PARLEY_SECRET": SECRET,
            "PARLEY_PUBLIC_URL": PUBLIC_URL,
            "PARLEY_WEB_DIR": web_dir,
            "PARLEY_AUDIT_DIR": web_dir.parent / "audit",
            "PARLEY_LOCAL_MODE": True,
            **other,
        }
    )


@pytest.fixture
def web_dir(tmp_path: Path) -> Path:
    """A built page."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Parley</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-1a2b.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("not for you")
    return folder


Start = Callable[[ApiSettings], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts an application with these settings and gives a client of it."""
    async with AsyncExitStack() as stack:

        async def started(with_settings: ApiSettings) -> httpx.AsyncClient:
            app = create_app(with_settings)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            return await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL))

        yield started


@pytest.fixture
async def client(start: Start, database: Database, web_dir: Path) -> httpx.AsyncClient:
    """Nobody is signed in, and there is no media server."""
    return await start(settings(database, NOBODY_THERE, web_dir))


@pytest.fixture
async def room_client(start: Start, database: Database, web_dir: Path, livekit: LiveKitAccess) -> httpx.AsyncClient:
    """Nobody is signed in; rooms are real."""
    return await start(settings(database, livekit, web_dir))


@pytest.fixture
async def ready(pool: Pool) -> AsyncIterator[None]:
    """An agent worker and a steward beat."""
    ids = {"agent": uuid7(), "steward": uuid7()}
    async with lookup(pool) as connection:
        for kind, process_id in ids.items():
            await queries.beat(connection, process_id=process_id, kind=kind, free_calls=8 if kind == "agent" else 0)
    yield
    async with lookup(pool) as connection:
        for process_id in ids.values():
            await queries.stop_beating(connection, process_id=process_id)


class Clock:
    """Of the test: stands in the middle of a signing key's week until somebody moves it."""

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp((datetime.now(UTC).timestamp() // WEEK_S + 0.5) * WEEK_S, UTC)

    def __call__(self) -> datetime:
        return self.now

    @property
    def seconds(self) -> int:
        return int(self.now.timestamp())

    @property
    def week(self) -> int:
        return int(self.now.timestamp() // WEEK_S)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signing(clock: Clock) -> SignIn:
    return SignIn(secret=SECRET, public_url=PUBLIC_URL, clock=clock)


@pytest.fixture
def api(client: httpx.AsyncClient, signing: SignIn) -> httpx.AsyncClient:
    """The application with the clock of the test."""
    app_of(client).state.parts.sign_in = signing
    return client


ACCESS_COOKIE = "parley_access"


def cookie_of(user: User) -> str:
    """The access token of this person on their device; `tests.sample.add_user` has put that into the database."""
    who = SignedIn(user_id=user.user_id, organization_id=user.organization_id, device_id=device_of(user))
    return SignIn(secret=SECRET, public_url=PUBLIC_URL).access_token(who)


def signed_in(client: httpx.AsyncClient, user: User) -> httpx.AsyncClient:
    """The same client, from now on with this person's cookie."""
    client.cookies.clear()
    client.cookies.set(ACCESS_COOKIE, cookie_of(user))
    return client


def booking(tenant: Tenant, **other: Any) -> dict[str, Any]:
    """A body that books a call which starts now."""
    return {
        "title": "Discovery",
        "kind": "discovery",
        "starts_at": datetime.now(UTC).isoformat(),
        "duration_minutes": 30,
        "question_set_id": str(tenant.question_set.question_set_id),
        "lead_id": str(tenant.lead.lead_id),
        "invitees": [{"name": "Robin Finch", "email": "robin@finch.example"}],
        **other,
    }


async def booked(client: httpx.AsyncClient, tenant: Tenant, **other: Any) -> dict[str, Any]:
    """A call booked by the tenant's rep, who is signed in afterwards."""
    answer = await signed_in(client, tenant.rep).post("/api/v1/calls", json=booking(tenant, **other))
    assert answer.status_code == 201, answer.text
    call: dict[str, Any] = answer.json()
    return call


def link_of(call: dict[str, Any], invitee: int = 0) -> str:
    return str(call["invitees"][invitee]["join_link"]).partition("#")[2]


def is_problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The body of a problem that has this status and type, and all that every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def app_of(client: httpx.AsyncClient) -> FastAPI:
    app = client._transport.app  # type: ignore[attr-defined]
    assert isinstance(app, FastAPI)
    return app
