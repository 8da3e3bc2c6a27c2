import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parley.ports import free_base_port
from parley.postgres import SYSTEM_FOLDER
from parley.settings import Settings

VARIABLES = ("DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*VARIABLES, *(name for name in os.environ if name.startswith("PARLEY_"))]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home_path(tmp_path: Path) -> Iterator[Path]:
    """A PARLEY_HOME of the test's own; what it leaves under /var/lib/parley as root is removed afterwards."""
    path = tmp_path / "home"
    yield path
    for note in SYSTEM_FOLDER.glob("*/home"):
        if Path(note.read_text(encoding="utf-8").strip()).is_relative_to(tmp_path):
            _remove(note.parent)


def _remove(place: Path) -> None:
    """A server that was killed just now may still be writing its last words there."""

    def removed() -> bool:
        shutil.rmtree(place, ignore_errors=True)
        return not place.exists()

    until(removed, 10, f"{place} is removed")


@pytest.fixture
def settings(home_path: Path) -> Settings:
    return Settings(home=home_path, port=free_base_port())


def until(condition: Callable[[], object], within_s: float, what: str) -> None:
    """Returns as soon as the condition holds; fails the test when it does not within the time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> set[int]:
    """Every process below this one, whichever thread started it."""
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            listed = children.read_text().split()
        except OSError:
            continue
        for child in map(int, listed):
            found |= {child} | descendants(child)
    return found
