import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parley.home import Home, Running, Secrets
from parley.problems import SetupProblem
from parley.settings import CHECKOUT
from tests.parley.conftest import until

pytestmark = pytest.mark.system

IMPORTS = "import sys, time; from pathlib import Path; from parley.home import Home\n"
OPEN = IMPORTS + "print(Home.open(Path(sys.argv[1])).secrets)"
HOLD = IMPORTS + ("with Home.open(Path(sys.argv[1])).lock(8123): print('held', flush=True); time.sleep(60)")


def python(code: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


def test_the_home_and_its_secrets_are_private(home_path: Path) -> None:
    home_path.mkdir(mode=0o755)
    home = Home.open(home_path)
    assert home_path.stat().st_mode & 0o777 == 0o700
    assert (home_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(home.secrets.livekit_secret) >= 32
    assert len(bytes.fromhex(home.secrets.secret)) == 32


def test_the_secrets_stay_the_same(home_path: Path) -> None:
    assert Home.open(home_path).secrets == Home.open(home_path).secrets


def test_processes_that_come_together_get_the_same_secrets(home_path: Path) -> None:
    several = [python(OPEN, str(home_path)) for _ in range(6)]
    assert len({process.communicate(timeout=30)[0] for process in several}) == 1
    assert sorted(path.name for path in home_path.iterdir()) == ["logs", "secrets.json"]


def test_two_generated_secrets_have_nothing_in_common() -> None:
    one, other = Secrets.generate(), Secrets.generate()
    assert not set(vars(one).values()) & set(vars(other).values())


def test_damaged_secrets_are_named_with_a_remedy(home_path: Path) -> None:
    Home.open(home_path)
    (home_path / "secrets.json").write_text(json.dumps({"home_id": "x"}))
    with pytest.raises(SetupProblem, match=r"secrets\.json is damaged .*livekit_key"):
        Home.open(home_path)


def test_a_home_that_cannot_be_made_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupProblem, match=r"PARLEY_HOME .*file/home cannot be used"):
        Home.open(tmp_path / "file" / "home")


def test_a_second_copy_hears_who_holds_the_home_until_kill_9_lets_go(home_path: Path) -> None:
    home = Home.open(home_path)
    assert home.running() is None
    holder = python(HOLD, str(home_path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert home.running() == Running(holder.pid, 8123)
    with (
        pytest.raises(SetupProblem, match=rf"process {holder.pid}, http://127\.0\.0\.1:8123"),
        home.lock(8000),
    ):
        pass
    holder.kill()
    holder.wait()
    until(lambda: home.running() is None, 2, "the lock is free")
    with home.lock(8000):
        assert home.running() == Running(os.getpid(), 8000)
