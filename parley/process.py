"""One child process: it dies with us, and its lines go to a log of its own. And the end of a process of ours."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

PR_SET_PDEATHSIG = 1
LAUNCH = Path(__file__).with_name("launch.py")
TAIL_LINES = 8
LOG_LIMIT_BYTES = 20_000_000
DIES_WITHIN_S = 5.0

_libc = ctypes.CDLL(None, use_errno=True)


def end(status: int) -> NoReturn:
    """Ends this process now, without the interpreter's own end.

    A native thread of LiveKit that calls into an ending interpreter aborts the process, whatever its status was.
    """
    logging.shutdown()
    with contextlib.suppress(OSError):  # nobody reads any more
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def dying_with_us(command: Sequence[str], death_signal: int, user: str | None = None) -> list[str]:
    """The command line of a child that gets the signal from the kernel when the *thread* that starts it ends.

    So children are started from the main thread. `user`: a system user to run as, when we are root. See `launch`.
    Raises FileNotFoundError for a program that is not there, or cannot be run.
    """
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(f"{command[0]} is not there, or cannot be run")
    return [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(death_signal)), user or "", *command]


def stop_with_parent() -> None:
    """Has the kernel end this very process with SIGTERM when the one that started it is gone."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass(frozen=True)
class Program:
    """What to start, and how it is to end.

    stop_signal:  asks it to end by itself
    death_signal: what the kernel sends it when we are killed
    user:         a system user to run as, when we are root
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    stop_within_s: float = 5.0


class Process:
    """A started program. Two threads of its own read its output and wait for its end."""

    def __init__(self, program: Program, logs: Path, base_environment: Mapping[str, str]) -> None:
        """Starts the program; call it from the main thread. Raises OSError when it cannot be started."""
        self.program = program
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._ended = asyncio.Event()
        self._group_ended = False
        self._loop = asyncio.get_running_loop()
        log = logs / f"{program.name}.log"
        log.touch()
        self._popen = subprocess.Popen(
            dying_with_us(program.command, program.death_signal, program.user),
            cwd=program.cwd,
            env={**base_environment, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.pid = self._popen.pid
        self._reader = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reader.start()
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return int(self._popen.returncode) if self._ended.is_set() else None

    async def ended(self) -> int:
        """Waits for its end and gives the exit code."""
        await self._ended.wait()
        return int(self._popen.returncode)

    async def stop(self, within_s: float | None = None) -> bool:
        """Asks it to end, then makes it; takes what is left of its process group along.

        Returns False when it had to be killed.
        """
        asked_in_time = True
        if not self._ended.is_set():
            self._signal(self.program.stop_signal)
            try:
                async with asyncio.timeout(within_s or self.program.stop_within_s):
                    await self._ended.wait()
            except TimeoutError:
                asked_in_time = False
                self.kill()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(DIES_WITHIN_S):
                        await self._ended.wait()
        self.kill_group()
        return asked_in_time

    def kill(self) -> None:
        if not self._ended.is_set():
            self._signal(signal.SIGKILL)

    def kill_group(self) -> None:
        """Ends grandchildren that outlived it: it leads a session and group of its own."""
        if not self._group_ended:
            self._group_ended = True
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._popen.send_signal(number)

    def _wait(self) -> None:
        self._popen.wait()
        self._reader.join(timeout=0.2)
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended.set)

    def _read(self, path: Path) -> None:
        assert self._popen.stdout is not None
        prefix = f"{self.program.name:<8} | ".encode()
        written = path.stat().st_size if path.exists() else 0
        log = path.open("ab", buffering=0)
        try:
            for line in self._popen.stdout:
                self.tail.append(line.decode(errors="replace").rstrip())
                whole = prefix + line if line.endswith(b"\n") else prefix + line + b"\n"
                if written > LOG_LIMIT_BYTES:
                    log.close()
                    os.replace(path, path.with_suffix(".log.1"))
                    log, written = path.open("ab", buffering=0), 0
                with contextlib.suppress(OSError):
                    written += log.write(whole)
        finally:
            log.close()
            self._popen.stdout.close()
