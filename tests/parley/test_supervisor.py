"""Starting, waiting, restarting and stopping, with real processes."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from parley import supervisor as supervising
from parley.problems import SetupProblem
from parley.process import Program
from parley.report import Silent
from parley.settings import CHECKOUT, inherited_environment
from parley.supervisor import Part, Supervisor
from tests.parley.conftest import descendants, is_alive

pytestmark = pytest.mark.system


class Heard(Silent):
    def __init__(self) -> None:
        self.problems: list[str] = []

    def problem(self, text: str) -> None:
        self.problems.append(text)


def part(name: str, code: str, **more: object) -> Part:
    program = Program(name, [sys.executable, "-c", code], cwd=CHECKOUT, stop_within_s=0.5)
    return Part(program, **more)  # type: ignore[arg-type]


SLEEPS = "import time; time.sleep(60)"
TELLS_WHEN_STOPPED = """
import signal, sys, time
def stop(*_):
    open({path!r}, "a").write({name!r} + "\\n"); sys.exit(0)
signal.signal(signal.SIGTERM, stop); print("ready", flush=True); time.sleep(60)
"""


@asynccontextmanager
async def kept(tmp_path: Path) -> AsyncIterator[tuple[Supervisor, Heard]]:
    heard = Heard()
    keeper = Supervisor(tmp_path, inherited_environment(), heard)
    try:
        yield keeper, heard
    finally:
        await keeper.stop()


async def eventually(condition: Callable[[], bool], within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)


def said(log: Path, words: str) -> bool:
    return words in log.read_text()


async def test_what_it_writes_goes_to_its_log_with_its_name(tmp_path: Path) -> None:
    async with kept(tmp_path) as (keeper, _):
        keeper.start(part("alpha", "print('one'); print('two', end='', flush=True); import time; time.sleep(60)"))
        await eventually(lambda: "one" in (tmp_path / "alpha.log").read_text())
    assert (tmp_path / "alpha.log").read_text() == "alpha    | one\nalpha    | two\n"


async def test_a_part_that_breaks_before_it_was_ready_is_shown_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> str | None:
        return "not there"

    async with kept(tmp_path) as (keeper, _):
        keeper.start(part("beta", "print('the reason'); raise SystemExit(3)", ready=never))
        with pytest.raises(SetupProblem, match=r"beta ended with exit code 3[\s\S]*the reason[\s\S]*beta\.log"):
            await keeper.until_ready("beta")


async def test_a_part_that_is_never_ready_is_late_by_name(tmp_path: Path) -> None:
    async def never() -> str | None:
        return "its port is silent"

    async with kept(tmp_path) as (keeper, _):
        keeper.start(part("gamma", SLEEPS, ready=never, ready_within_s=0.2))
        with pytest.raises(SetupProblem, match=r"gamma was not ready within 0.2 s: its port is silent"):
            await keeper.until_ready("gamma")


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with kept(tmp_path) as (keeper, _):
        with pytest.raises(SetupProblem, match="delta could not be started"):
            keeper.start(Part(Program("delta", [str(tmp_path / "absent")])))


async def test_a_part_that_dies_comes_back(tmp_path: Path) -> None:
    async with kept(tmp_path) as (keeper, heard):
        keeper.start(part("epsilon", SLEEPS))
        await keeper.until_ready("epsilon")
        first = keeper.pid("epsilon")
        os.kill(first, 9)
        await eventually(lambda: keeper.pid("epsilon") != first)
        assert is_alive(keeper.pid("epsilon"))
        assert heard.problems == ["epsilon ended with signal 9; restarting in 0.5 s"]


async def test_a_part_that_dies_again_and_again_is_tried_ever_more_slowly_and_then_said_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "FIRST_DELAY_S", 0.01)
    async with kept(tmp_path) as (keeper, heard):
        keeper.start(part("zeta", "raise SystemExit(1)"))
        await keeper.until_ready("zeta")
        await eventually(lambda: any("5 times within 60 s" in problem for problem in heard.problems), 20)
        delays = [problem.split("restarting in ")[1].split(" s")[0] for problem in heard.problems[:5]]
        assert delays == ["0.01", "0.02", "0.04", "0.08", "30"]


async def test_the_highest_rank_stops_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    async with kept(tmp_path) as (keeper, _):
        for rank, name in enumerate(("last", "middle", "first")):
            keeper.start(part(name, TELLS_WHEN_STOPPED.format(path=str(order), name=name), stop_rank=rank))
        for name in ("last", "middle", "first"):
            await eventually(partial(said, tmp_path / f"{name}.log", "ready"))
    assert order.read_text().split() == ["first", "middle", "last"]


async def test_one_that_does_not_stop_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    async with kept(tmp_path) as (keeper, heard):
        stubborn = [sys.executable, "-m", "tests.parley.stand_in", "eta"]
        program = Program("eta", [*stubborn, "0", "parent"], cwd=CHECKOUT, stop_within_s=5)
        keeper.start(Part(program))
        keeper.start(Part(Program("theta", [*stubborn, "0", "stubborn"], cwd=CHECKOUT, stop_within_s=0.5)))
        await eventually(lambda: "eta-child begins" in (tmp_path / "eta.log").read_text())
        await eventually(lambda: "begins" in (tmp_path / "theta.log").read_text())
        pids = {keeper.pid("eta"), keeper.pid("theta")} | descendants(keeper.pid("eta"))
        assert len(pids) == 3
    assert heard.problems == ["theta did not stop within 0.5 s and was killed."]
    await eventually(lambda: not any(map(is_alive, pids)), 2)
