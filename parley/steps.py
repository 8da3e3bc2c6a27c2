"""Visible steps for the set-up: a name, a line at least every five seconds, the time taken.

Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HEARTBEAT_S = 5.0
TAIL_LINES = 20
NAME_WIDTH = 26


class StepFailed(RuntimeError):
    """A step of the set-up failed; the text says which and what helps."""


class Steps:
    """Says on standard output what the set-up does; the long output of its commands goes to a log file.

    Steps in several threads may go on at once.
    """

    def __init__(self, root: Path, log: Path) -> None:
        self._root = root
        self._log = log
        self._latest: dict[int, str] = {}

    def say(self, text: str) -> None:
        print(text, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step: tells every five seconds that it still goes on, and at its end how long it took."""
        started = time.monotonic()
        over = threading.Event()
        thread = threading.get_ident()
        self._latest[thread] = ""

        def beat() -> None:
            while not over.wait(HEARTBEAT_S):
                seconds = time.monotonic() - started
                self.say(f"  {name:<{NAME_WIDTH}} … {seconds:4.0f} s  {self._latest[thread]}".rstrip())

        heart = threading.Thread(target=beat, daemon=True)
        heart.start()
        try:
            yield
        except BaseException:
            self.say(f"  {name:<{NAME_WIDTH}} failed after {time.monotonic() - started:.1f} s")
            raise
        finally:
            over.set()
            heart.join()
        self.say(f"  {name:<{NAME_WIDTH}} done   {time.monotonic() - started:6.1f} s")

    def skip(self, name: str, why: str = "as it was") -> None:
        self.say(f"  {name:<{NAME_WIDTH}} {why}")

    def run(self, command: Sequence[str], more: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        """Runs one command; its output goes to the log, the newest line of it to the heartbeat.

        Raises StepFailed with the last lines when it cannot run or does not exit with 0.
        """
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n")
            try:
                process = subprocess.Popen(
                    command,
                    cwd=cwd or self._root,
                    env={**os.environ, **(more or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    errors="replace",
                )
            except OSError as error:
                raise StepFailed(f"{command[0]} could not be started: {error}") from error
            with process:
                try:
                    for line in process.stdout or ():
                        log.write(line)
                        log.flush()
                        if line.strip():
                            tail.append(line.rstrip())
                            self._latest[threading.get_ident()] = line.strip()[:80]
                except BaseException:
                    process.terminate()
                    raise
        if process.returncode != 0:
            raise StepFailed(
                f"`{' '.join(command)}` exited with {process.returncode}. Its last lines:\n"
                + "\n".join(f"    {line}" for line in tail)
                + f"\n  All of it is in {self._log}."
            )


class Stamps:
    """Remembers, by hash of the inputs, what need not be done again. One small file for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fits(self, name: str, value: str) -> bool:
        try:
            return (self._folder / name).read_text(encoding="utf-8") == value
        except OSError:
            return False

    def write(self, name: str, value: str) -> None:
        """Writes by renaming, so that a stamp is there whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{name}.{os.getpid()}"
        fresh.write_text(value, encoding="utf-8")
        os.replace(fresh, self._folder / name)


def fingerprint(files: Iterable[Path], *texts: str) -> str:
    """SHA-256 over the files' names and contents and over some texts more."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}:{text}".encode())
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def files_under(folder: Path, leave_out: Iterable[str]) -> list[Path]:
    """All files below a folder, but none in a folder with one of the names to leave out."""
    left_out = set(leave_out)
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in left_out]
        found += [Path(where) / name for name in names]
    return found
