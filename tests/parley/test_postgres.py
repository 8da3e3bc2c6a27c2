"""The embedded database, for real: made, killed, started again, as root and not."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from parley.home import Home
from parley.postgres import SYSTEM_FOLDER, Cluster, locate
from parley.postgres_setup import prepare, remove
from parley.problems import SetupProblem
from parley.product import start_postgres
from parley.report import Silent
from parley.settings import CHECKOUT, inherited_environment
from parley.supervisor import Supervisor
from tests.parley.conftest import is_alive, until

pytestmark = pytest.mark.db

AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root has to run PostgreSQL as somebody else")

RUN = """
import asyncio, sys
from pathlib import Path
from parley.home import Home
from parley.postgres import locate
from parley.product import start_postgres
from parley.report import Silent
from parley.settings import inherited_environment
from parley.supervisor import Supervisor

async def main():
    home = Home.open(Path(sys.argv[1]))
    supervisor = Supervisor(home.logs, inherited_environment(), Silent())
    await start_postgres(locate(home), supervisor, Silent())
    print(supervisor.pid("postgres"), locate(home).data, flush=True)
    if len(sys.argv) > 2:
        await supervisor.stop()
    else:
        await asyncio.sleep(60)

asyncio.run(main())
"""


@asynccontextmanager
async def running(home: Home) -> AsyncIterator[tuple[Cluster, Supervisor]]:
    supervisor = Supervisor(home.logs, inherited_environment(), Silent())
    cluster = locate(home)
    try:
        await start_postgres(cluster, supervisor, Silent())
        yield cluster, supervisor
    finally:
        await supervisor.stop()


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_it_accepts_its_owner_over_a_private_socket_and_nobody_over_the_network(
    home_path: Path,
) -> None:
    async with running(Home.open(home_path)) as (cluster, supervisor):
        assert await ask(cluster.owner_url, "SELECT current_user || ' ' || current_database()") == "postgres parley"
        assert await ask(cluster.owner_url, "SHOW listen_addresses") == ""
        assert await ask(cluster.owner_url, "SHOW server_encoding") == "UTF8"
        assert stat.S_IMODE(cluster.socket_folder.stat().st_mode) == 0o700
        pid = supervisor.pid("postgres")
    assert not is_alive(pid)


async def test_what_was_written_is_there_after_a_restart_within_a_second(home_path: Path) -> None:
    async with running(Home.open(home_path)) as (cluster, _):
        await ask(cluster.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    began = time.monotonic()
    async with running(Home.open(home_path)) as (cluster, _):
        assert time.monotonic() - began < 1
        assert await ask(cluster.owner_url, "SELECT answer FROM kept") == 42


async def test_an_interrupted_making_is_begun_anew(home_path: Path) -> None:
    home = Home.open(home_path)
    cluster = locate(home)
    assert prepare(cluster)
    shutil.rmtree(cluster.data)
    half = cluster.data.parent / f".{cluster.data.name}-half"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    assert prepare(cluster)
    assert not half.exists()
    assert not prepare(cluster)


def process_of(user: str | None) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "60"], user=user)


def user_of(pid: int) -> str:
    return Path(f"/proc/{pid}").owner()


async def test_lock_files_with_the_pid_of_another_process_do_not_hinder_the_start(home_path: Path) -> None:
    """As after a container's restart, where small pids come again."""
    home = Home.open(home_path)
    async with running(home) as (cluster, _):
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    stranger = process_of(cluster.user)
    try:
        stale = "\n".join([str(stranger.pid), *lines[1:]]) + "\n"
        (cluster.data / "postmaster.pid").write_text(stale)
        (cluster.socket_folder / ".s.PGSQL.5432.lock").write_text(stale)
        async with running(home):
            assert is_alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_server_that_another_copy_runs_is_left_alone_and_named(
    home_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.product.OTHER_SERVER_ENDS_WITHIN_S", 0.1)
    home = Home.open(home_path)
    async with running(home) as (_, supervisor):
        with pytest.raises(SetupProblem, match=rf"process {supervisor.pid('postgres')}\) works on"):
            async with running(home):
                pass
        assert is_alive(supervisor.pid("postgres"))


@pytest.mark.parametrize("round_number", range(2))
def test_after_kill_9_of_its_starter_it_shuts_down_and_starts_again(home_path: Path, round_number: int) -> None:
    for _ in range(2):
        starter = subprocess.Popen(
            [sys.executable, "-c", RUN, str(home_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        assert starter.stdout is not None
        server = int(starter.stdout.readline().split()[0])
        assert is_alive(server)
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        until(lambda: not is_alive(server), 5, "the server is gone")  # noqa: B023


async def test_a_removed_database_leaves_nothing(home_path: Path) -> None:
    async with running(Home.open(home_path)) as (cluster, _):
        pass
    remove(cluster)
    assert not cluster.data.exists()
    assert not cluster.socket_folder.exists()


@needs_root
async def test_as_root_no_folder_above_is_opened_and_the_data_belong_to_the_system_user(
    tmp_path: Path,
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    home = Home.open(private / "checkout" / ".parley")
    before = {path: path.stat().st_mode for path in (*private.parents, private, private / "checkout", home.path)}
    try:
        async with running(home) as (cluster, supervisor):
            assert await ask(cluster.owner_url, "SELECT 1") == 1
            assert user_of(supervisor.pid("postgres")) == "parley-postgres"
            assert cluster.data.is_relative_to(SYSTEM_FOLDER)
            assert cluster.data.owner() == "parley-postgres"
        assert {path: path.stat().st_mode for path in before} == before
    finally:
        shutil.rmtree(SYSTEM_FOLDER / home.secrets.home_id)


def python_for_nobody() -> str:
    """Ours, or the system's of the same version where ours lies in a folder that only root may enter."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            subprocess.run([python, "-c", ""], check=True, user="nobody", group="nogroup", extra_groups=[])
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    raise AssertionError("no Python here that the user nobody could run")


@needs_root
def test_not_as_root_everything_lies_in_the_home(tmp_path: Path) -> None:
    """As the user nobody, who cannot write anywhere near the checkout and has no home folder."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder == Path(tmp_path.anchor) or folder == Path("/tmp"):
            break
        folder.chmod(folder.stat().st_mode | 0o011)
    home = tmp_path / "home"
    home.mkdir()
    shutil.chown(home, "nobody", "nogroup")
    ran = subprocess.run(
        [python_for_nobody(), "-c", RUN, str(home), "and stop"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": sysconfig.get_path("purelib")},
        user="nobody",
        group="nogroup",
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split()[1] == str(home / "postgres")
    assert (home / "postgres").owner() == "nobody"


def test_a_home_too_deep_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    home = Home.open(tmp_path / ("deep" * 20) / ("deeper" * 10))
    cluster = locate(home, as_root=False)
    assert len(str(cluster.socket_folder / ".s.PGSQL.5432")) < 108
    assert cluster.data.is_relative_to(home.path)
