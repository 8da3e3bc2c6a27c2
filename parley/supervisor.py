"""Keeps our processes running: starts them, waits until each is ready, restarts what dies, stops all."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parley.problems import SetupProblem
from parley.process import Process, Program
from parley.report import Report

POLL_S = 0.03
WAITING_LINE_EVERY_S = 5.0
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
DEATHS_BEFORE_ALARM = 5
WITHIN_S = 60.0


async def at_once() -> str | None:
    """The readiness of a part that nothing waits for."""
    return None


@dataclass(frozen=True)
class Part:
    """One process of the product and how it is kept.

    ready:          None when it can be used, else what is missing; polled, so it answers within a second
    ready_within_s: how long it may take from its start
    prepare:        runs before every start and restart, e.g. to remove what a killed one left; quick
    stop_rank:      parts of the highest rank are stopped first, together
    """

    program: Program
    ready: Callable[[], Awaitable[str | None]] = at_once
    ready_within_s: float = 30.0
    prepare: Callable[[], None] | None = None
    stop_rank: int = 0

    @property
    def name(self) -> str:
        return self.program.name


class Supervisor:
    """Owns the processes from `start` to `stop`. Use it from the main thread's event loop."""

    def __init__(self, logs: Path, environment: Mapping[str, str], report: Report) -> None:
        self._logs = logs
        self._environment = environment
        self._report = report
        self._running: dict[str, Process] = {}
        self._parts: dict[str, Part] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._began: dict[str, float] = {}
        self._was_ready: set[str] = set()

    def start(self, part: Part) -> None:
        """Starts a part, and restarts it whenever it dies. Raises SetupProblem when it cannot be started."""
        self._parts[part.name] = part
        self._began[part.name] = time.monotonic()
        process = self._launch(part)
        self._keepers[part.name] = asyncio.create_task(self._keep(part, process), name=f"keep {part.name}")

    def pid(self, name: str) -> int:
        """The part's newest process."""
        return self._running[name].pid

    async def until_ready(self, name: str) -> None:
        """Waits for the part. Raises SetupProblem when it dies before it was ready, or is late."""
        part, began = self._parts[name], self._began[name]
        next_line = WAITING_LINE_EVERY_S
        while (missing := await part.ready()) is not None:
            process, seconds = self._running[name], time.monotonic() - began
            if process.exit_code is not None:
                what = f"{name} ended with {ending(process.exit_code)} before it was ready"
                raise SetupProblem(what + last_lines(process.tail), self._look_at(name))
            if seconds > part.ready_within_s:
                what = f"{name} was not ready within {part.ready_within_s:g} s: {missing}"
                raise SetupProblem(what + last_lines(process.tail), self._look_at(name))
            if seconds > next_line:
                self._report.waiting(name, seconds, missing)
                next_line += WAITING_LINE_EVERY_S
            await asyncio.sleep(POLL_S)
        self._was_ready.add(name)
        self._report.done(name, time.monotonic() - began)

    async def stop(self) -> None:
        """Stops everything, the highest rank first and each rank together."""
        for keeper in self._keepers.values():
            keeper.cancel()
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)
        for rank in sorted({part.stop_rank for part in self._parts.values()}, reverse=True):
            names = [name for name, part in self._parts.items() if part.stop_rank == rank]
            await asyncio.gather(*(self._stop_one(name) for name in names))

    async def _stop_one(self, name: str) -> None:
        process = self._running.get(name)
        if process is None:
            return
        if not await process.stop():
            self._report.problem(f"{name} did not stop within {process.program.stop_within_s:g} s and was killed.")

    def _launch(self, part: Part) -> Process:
        try:
            if part.prepare is not None:
                part.prepare()
            process = Process(part.program, self._logs, self._environment)
        except OSError as error:
            raise SetupProblem(f"{part.name} could not be started: {error}", "Run `make setup`.") from error
        self._running[part.name] = process
        return process

    async def _keep(self, part: Part, process: Process) -> None:
        deaths: deque[float] = deque(maxlen=DEATHS_BEFORE_ALARM)
        while True:
            code = await process.ended()
            process.kill_group()
            if part.name not in self._was_ready:
                return
            now = time.monotonic()
            deaths.append(now)
            often = len(deaths) == DEATHS_BEFORE_ALARM and now - deaths[0] < WITHIN_S
            recent = sum(now - death < WITHIN_S for death in deaths)
            delay = LONGEST_DELAY_S if often else min(FIRST_DELAY_S * 2 ** (recent - 1), LONGEST_DELAY_S)
            self._report.problem(
                f"{part.name} ended with {ending(code)}; restarting in {delay:g} s{last_lines(process.tail)}"
            )
            if often:
                self._report.problem(
                    f"{part.name} ended {DEATHS_BEFORE_ALARM} times within {WITHIN_S:.0f} s and is now tried "
                    f"only every {LONGEST_DELAY_S:.0f} s. {self._look_at(part.name)}"
                )
            await asyncio.sleep(delay)
            process = await self._relaunch(part)

    async def _relaunch(self, part: Part) -> Process:
        while True:
            with contextlib.suppress(SetupProblem):
                return self._launch(part)
            await asyncio.sleep(LONGEST_DELAY_S)

    def _look_at(self, name: str) -> str:
        return f"All it said is in {self._logs / name}.log; `parley doctor` checks every part."


def ending(code: int) -> str:
    """An exit code in words."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def last_lines(lines: Sequence[str] | deque[str]) -> str:
    """The last lines that a process wrote, ready to be put behind a message."""
    return "".join(f"\n      {line[:300]}" for line in lines)
