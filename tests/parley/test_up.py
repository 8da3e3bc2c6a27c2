"""`parley up` from start to end: real database, real media server, stand-ins for our processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from parley.home import Home
from parley.leftovers import MARK
from parley.postgres import locate
from parley.problems import SetupProblem
from parley.product import running_product
from parley.settings import CHECKOUT, Settings
from tests.parley.conftest import descendants, is_alive, until
from tests.parley.outside_postgres import outside_postgres
from tests.parley.up_with_stand_ins import stand_ins

pytestmark = pytest.mark.system


class Up:
    """A started `parley up` and what it says."""

    def __init__(self, settings: Settings, said: Path, *quirks: str, as_pipe: bool = False) -> None:
        self.said = said
        environment = {"PARLEY_HOME": str(settings.home), "PARLEY_PORT": str(settings.port)}
        with said.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.parley.up_with_stand_ins", *quirks],
                cwd=CHECKOUT,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE if as_pipe else out,
                stderr=subprocess.STDOUT,
            )

    def until_started(self) -> "Up":
        until(lambda: "Ctrl-C stops" in self.text or self.process.poll() is not None, 60, "it is started")
        assert self.process.poll() is None, self.text
        return self

    @property
    def text(self) -> str:
        return self.said.read_text()


@pytest.fixture
def said(tmp_path: Path) -> Path:
    return tmp_path / "said"


@pytest.fixture
def started(settings: Settings, said: Path) -> Iterator[Up]:
    up = Up(settings, said).until_started()
    yield up
    up.process.terminate()
    up.process.wait(timeout=20)


def test_it_says_each_step_and_where_to_go(started: Up, settings: Settings) -> None:
    at = f"http://127.0.0.1:{settings.port}"
    for words in (
        "✓ database",
        "✓ postgres",
        "✓ migrations",
        "✓ livekit",
        "✓ agent",
        "✓ api",
        "✓ jobs",
        "✓ health",
    ):
        assert words in started.text
    for words in (
        f"runs at {at}",
        f"{at}/demo/manager",
        f"{at}/demo/rep",
        f"{at}/demo/admin",
        f"{at}/calls/the-call/room",
        "/join#link",
    ):
        assert words in started.text
    assert "\x1b" not in started.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child_and_exits_with_0(started: Up, number: signal.Signals) -> None:
    children = descendants(started.process.pid)
    assert len(children) >= 5
    started.process.send_signal(number)
    assert started.process.wait(timeout=20) == 0
    assert not any(map(is_alive, children))
    assert started.text.rstrip().endswith("Stopped.")
    assert "killed" not in started.text


def test_a_second_ctrl_c_ends_at_once_what_does_not_want_to_stop(settings: Settings, said: Path) -> None:
    up = Up(settings, said, "agent=stubborn").until_started()
    children = descendants(up.process.pid)
    up.process.send_signal(signal.SIGINT)
    until(lambda: "Stopping" in up.text, 10, "it begins to stop")
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=5) == 130
    until(lambda: not any(map(is_alive, children)), 5, "all children are gone")


def test_it_stops_in_order_when_nobody_reads_its_words_any_more(settings: Settings, said: Path) -> None:
    reader = Up(settings, said, as_pipe=True)
    assert reader.process.stdout is not None
    for line in reader.process.stdout:
        if b"Ctrl-C stops" in line:
            break
    children = descendants(reader.process.pid)
    reader.process.stdout.close()
    reader.process.send_signal(signal.SIGINT)
    assert reader.process.wait(timeout=20) in (0, 120)
    assert len(children) >= 5
    assert not any(map(is_alive, children))


def test_after_kill_9_nothing_lives_on_and_the_next_start_works(settings: Settings, said: Path) -> None:
    for _ in range(3):
        up = Up(settings, said).until_started()
        children = descendants(up.process.pid)
        up.process.kill()
        up.process.wait()
        until(lambda: not any(map(is_alive, children)), 5, "all children are gone")  # noqa: B023
    last = Up(settings, said).until_started()
    last.process.terminate()
    assert last.process.wait(timeout=20) == 0


def test_a_grandchild_that_outlived_kill_9_is_ended_by_the_next_start(settings: Settings, said: Path) -> None:
    up = Up(settings, said, "agent=parent").until_started()
    log = settings.home / "logs" / "agent.log"
    until(lambda: "agent-child begins" in log.read_text(), 10, "the grandchild runs")
    mark = f"{MARK}={Home.open(settings.home).secrets.home_id}".encode()
    grandchildren = [
        pid for pid in descendants(up.process.pid) if b"agent-child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    assert len(grandchildren) == 1
    assert mark in Path(f"/proc/{grandchildren[0]}/environ").read_bytes()
    up.process.kill()
    up.process.wait()
    again = Up(settings, said).until_started()
    assert not is_alive(grandchildren[0])
    again.process.terminate()
    assert again.process.wait(timeout=20) == 0


def test_a_second_copy_on_the_same_home_is_turned_away(started: Up, settings: Settings, tmp_path: Path) -> None:
    other = Up(Settings(home=settings.home, port=settings.port + 8), tmp_path / "other")
    assert other.process.wait(timeout=30) == 1
    assert f"already runs from {settings.home} (process {started.process.pid}" in other.text
    assert httpx.get(f"http://127.0.0.1:{settings.port}/api/v1/health").status_code == 200


def test_a_part_that_breaks_ends_the_start_with_its_reason_and_stops_the_rest(settings: Settings, said: Path) -> None:
    up = Up(settings, said, "agent=breaks")
    assert up.process.wait(timeout=60) == 1
    assert "agent ended with exit code 3 before it was ready" in up.text
    assert "the reason why it broke" in up.text
    assert "✓ postgres" in up.text
    assert locate(Home.open(settings.home)).other_server() is None
    with httpx.Client() as client, pytest.raises(httpx.ConnectError):
        client.get(f"http://127.0.0.1:{settings.port + 1}/")


async def test_running_product_gives_addresses_and_leaves_nothing(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    others = descendants(os.getpid())
    async with running_product(settings, processes=stand_ins) as product:
        children = descendants(os.getpid()) - others
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{product.url}/api/v1/health")).status_code == 200
        connection = await asyncpg.connect(product.app_database_url)
        assert await connection.fetchval("SELECT current_user") == "parley_app"
        assert not await connection.fetchval(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        await connection.close()
        assert product.livekit.url == f"ws://127.0.0.1:{settings.port + 1}"
    assert len(children) >= 5
    assert not any(map(is_alive, children))
    assert capfd.readouterr() == ("", "")


async def test_a_database_of_the_owners_is_used(settings: Settings, tmp_path: Path, home_path: Path) -> None:
    """On TCP and with passwords: migrated by its owner, used as parley_app with our own password."""
    async with outside_postgres(tmp_path / "other") as url:
        outside = Settings(home=home_path, port=settings.port, database_url=SecretStr(url))
        async with running_product(outside, processes=stand_ins) as product:
            assert product.plan.cluster is None
            assert "parley_app:" in product.app_database_url
            connection = await asyncpg.connect(product.app_database_url)
            assert await connection.fetchval("SELECT current_user") == "parley_app"
            await connection.close()
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(product.app_database_url.replace("parley_app:", "parley_app:not"))
        assert not (home_path / "postgres").exists()


async def test_a_database_that_refuses_is_told_with_a_remedy(settings: Settings) -> None:
    refusing = settings.model_copy(update={"database_url": SecretStr("postgresql://a@127.0.0.1:1/b")})
    with pytest.raises(SetupProblem, match=r"could not be brought up to date[\s\S]*DATABASE_URL"):
        async with running_product(refusing, processes=stand_ins):
            pass
    assert locate(Home.open(settings.home)).other_server() is None
