"""Rounds of a race, more than a test has time for: `--rounds 1000 --seed 7 --into FILE.json` on the command line.

With `--seconds 300` no round begins after so long, and the figures say how many were played.
"""

import fcntl
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import machine
from parley.livekit_server import VERSION


class Rounds:
    """For the main program of a test module."""

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        parser.addoption("--rounds", type=int)
        parser.addoption("--count", type=int)
        parser.addoption("--seed", type=int)
        parser.addoption("--seconds", type=int)
        parser.addoption("--into", type=Path)


def main(module: str) -> int:
    arguments = [module, "-s", "--timeout=7200", "-p", "no:cacheprovider", *sys.argv[1:]]
    return int(pytest.main(arguments, plugins=[Rounds()]))


def rounds(config: pytest.Config, otherwise: int) -> Iterator[int]:
    """From 0, as many as are wanted; `otherwise` when nobody says how many. Says where it is."""
    wanted = _number(config, "rounds", otherwise)
    began, seconds = time.monotonic(), _number(config, "seconds", 0)
    for number in range(wanted):
        if seconds and time.monotonic() - began > seconds:
            return
        if number and number % 25 == 0:
            print(f"{number} of {wanted} rounds, {time.monotonic() - began:.0f} s", flush=True)
        yield number


def seed(config: pytest.Config, otherwise: int) -> int:
    return _number(config, "seed", otherwise)


def _number(config: pytest.Config, name: str, otherwise: int) -> int:
    found = config.getoption(f"--{name}", default=None)
    return otherwise if found is None else int(found)


def note(config: pytest.Config, what: str, figures: dict[str, Any]) -> None:
    """Says the figures, and adds them to those that are in the file, if there is to be one."""
    print(f"\n{what}: {json.dumps(figures)}")
    into: Path | None = config.getoption("--into", default=None)
    if into is not None:
        with into.open("a+") as file:  # of one file for those that play at the same time
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            runs = json.loads(file.read() or "[]")
            runs.append({"what": what, **figures, "livekit_server": VERSION, "machine": machine.describe()})
            file.truncate(0)
            file.write(json.dumps(runs, indent=1) + "\n")
