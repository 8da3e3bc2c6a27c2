"""Rounds of a race, more than a test has time for: `--rounds 250 --seed 7 --into FILE.json` on the command line."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import machine


class Rounds:
    """For the main program of a test module."""

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        parser.addoption("--rounds", type=int)
        parser.addoption("--count", type=int)
        parser.addoption("--seed", type=int)
        parser.addoption("--into", type=Path)


def main(module: str) -> int:
    arguments = [module, "-s", "--timeout=7200", "-p", "no:cacheprovider", *sys.argv[1:]]
    return int(pytest.main(arguments, plugins=[Rounds()]))


def number_of(config: pytest.Config, name: str, otherwise: int) -> int:
    found = config.getoption(f"--{name}", default=None)
    return otherwise if found is None else int(found)


def note(config: pytest.Config, what: str, figures: dict[str, Any]) -> None:
    """Says the figures, and adds them to those that are in the file, if there is to be one."""
    print(f"\n{what}: {json.dumps(figures)}")
    into: Path | None = config.getoption("--into", default=None)
    if into is not None:
        runs = json.loads(into.read_text()) if into.exists() else []
        runs.append({"what": what, **figures, "machine": machine.describe()})
        into.write_text(json.dumps(runs, indent=1) + "\n")
