"""What several folders of tests stand on: a PostgreSQL and a LiveKit server of the tests' own."""

import asyncio
import atexit
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import asyncpg
import httpx
import pytest
from livekit import rtc

from db import migrate
from db.pool import Pool, open_pool
from parley.home import Home
from parley.livekit_server import find
from parley.plan import LiveKitAccess
from parley.ports import HOST, Ports, free_base_port
from parley.postgres import DATABASE, locate
from parley.postgres_setup import prepare
from parley.process import Program, dying_with_us, end
from parley.settings import CHECKOUT
from tests.sample import Tenant, add_tenant
from tests.simulated_people import People

READY_WITHIN_S = 30.0
POLL_S = 0.02


ROOMS: WeakSet[rtc.Room] = WeakSet()
"""Every room that this process made and still holds."""


_make_room = rtc.Room.__init__


def _make_noted_room(room: rtc.Room, *args: Any, **options: Any) -> None:
    _make_room(room, *args, **options)
    ROOMS.add(room)


rtc.Room.__init__ = _make_noted_room  # type: ignore[method-assign, assignment]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """All was said and put away: the process ends before a native thread can spoil its status."""
    atexit.register(lambda: end(int(session.exitstatus)))


@pytest.fixture(autouse=True)
def no_room_is_left() -> Iterator[None]:
    """A room that is still connected when the interpreter ends makes its native threads abort the process."""
    yield
    left = [room for room in ROOMS if room.isconnected()]
    ROOMS.clear()
    assert left == [], f"{len(left)} rooms were not disconnected"


@dataclass(frozen=True)
class Database:
    """`owner_url` may do everything; `app_url` is what the product connects with."""

    owner_url: str
    app_url: str

    def named(self, name: str) -> "Database":
        """Another database of the same server."""
        return Database(
            self.owner_url.replace(f"/{DATABASE}?", f"/{name}?"), self.app_url.replace(f"/{DATABASE}?", f"/{name}?")
        )


@contextmanager
def running(program: Program, log: Path) -> Iterator[None]:
    """The program as a child that dies with us."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            dying_with_us(program.command, program.death_signal, program.user),
            env={**os.environ, **program.environment},
            cwd=program.cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.send_signal(program.stop_signal)
        try:
            process.wait(program.stop_within_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {READY_WITHIN_S} s: {what}"
        time.sleep(POLL_S)


async def eventually(condition: Callable[[], Awaitable[object]], what: str, *, within_s: float = 10.0) -> None:
    """Returns as soon as the condition holds; fails the test when it does not in time."""
    deadline = time.monotonic() + within_s
    while not await condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        await asyncio.sleep(POLL_S)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An embedded server that lives as long as the session, its database migrated."""
    home = Home.open(tmp_path_factory.mktemp("database") / "home")
    cluster = locate(home)
    prepare(cluster)
    try:
        with running(cluster.program, home.logs / "postgres.log"):
            wait_until(lambda: asyncio.run(cluster.ready()) is None, "PostgreSQL accepts connections")
            asyncio.run(migrate.apply(cluster.owner_url, app_password=None))
            yield Database(cluster.owner_url, cluster.app_url)
    finally:
        if cluster.user is not None:
            shutil.rmtree(cluster.data.parent, ignore_errors=True)


@pytest.fixture
async def empty_database(database: Database) -> AsyncIterator[Database]:
    """A database without a schema, on the same server."""
    name = f"test_{uuid4().hex}"
    owner = await asyncpg.connect(database.owner_url)
    try:
        await owner.execute(f"CREATE DATABASE {name}")
        yield database.named(name)
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await owner.close()


@pytest.fixture
async def owner(database: Database) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A superuser's connection: it sees past row-level security."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    opened = await open_pool(database.app_url, most_connections=10)
    yield opened
    opened.terminate()


@pytest.fixture
async def tenant(pool: Pool) -> Tenant:
    """An organization of the test's own, with a rep, a manager, a lead and a question set."""
    return await add_tenant(pool)


@pytest.fixture(scope="session")
def livekit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKitAccess]:
    """A media server that lives as long as the session."""
    server = find(CHECKOUT / ".venv" / "bin")
    assert server is not None, "livekit-server is missing; run `make setup`"
    ports = Ports(free_base_port())
    access = LiveKitAccess(f"ws://{HOST}:{ports.signalling}", "test", "a secret of thirty-two characters")
    program = Program(
        name="livekit",
        command=[
            *(str(server), "--config", str(CHECKOUT / "livekit.yaml")),
            *("--port", str(ports.signalling), "--udp-port", str(ports.media)),
        ],
        environment={"LIVEKIT_KEYS": f"{access.api_key}: {access.api_secret}"},
    )

    def answers() -> bool:
        try:
            return httpx.get(f"http://{HOST}:{ports.signalling}/", timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    with running(program, tmp_path_factory.mktemp("livekit") / "livekit.log"):
        wait_until(answers, "LiveKit answers")
        yield access


@pytest.fixture
async def people() -> AsyncIterator[People]:
    """Gets people into rooms of the real media server, and out of them when the test is over."""
    made = People()
    yield made
    await made.leave()
