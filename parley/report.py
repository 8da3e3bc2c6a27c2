"""What a starting, running or stopping copy has to tell, and to whom."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import Protocol, TextIO

NAME_WIDTH = 14


class Report(Protocol):
    """Hears of steps and problems."""

    def done(self, step: str, seconds: float, detail: str = "") -> None: ...

    def waiting(self, step: str, seconds: float, detail: str = "") -> None: ...

    def problem(self, text: str) -> None: ...


class Silent:
    """For copies that nobody watches: the stage's own and the tests'."""

    def done(self, step: str, seconds: float, detail: str = "") -> None:
        pass

    def waiting(self, step: str, seconds: float, detail: str = "") -> None:
        pass

    def problem(self, text: str) -> None:
        pass


class Terminal:
    """Plain lines for a person, coloured only on a terminal, and with times also into PARLEY_HOME/logs."""

    def __init__(self, out: TextIO = sys.stdout, log: Path | None = None) -> None:
        self._out = out
        self._log = log
        self._colours = out.isatty()

    def done(self, step: str, seconds: float, detail: str = "") -> None:
        self.say(f"  {self.good('✓')} {step:<{NAME_WIDTH}} {seconds:5.1f} s  {detail}".rstrip())

    def waiting(self, step: str, seconds: float, detail: str = "") -> None:
        self.say(f"  … {step:<{NAME_WIDTH}} {seconds:5.1f} s  {detail}".rstrip())

    def problem(self, text: str) -> None:
        self.say(f"  {self.bad('!')} {text}")

    def say(self, text: str) -> None:
        """Writes the lines. A reader that is gone (`make run | tee`, Ctrl-C for both) does not stop us."""
        with contextlib.suppress(OSError, ValueError):
            print(text, file=self._out, flush=True)
        if self._log is not None:
            with contextlib.suppress(OSError), self._log.open("a", encoding="utf-8") as log:
                log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}\n")

    def strong(self, text: str) -> str:
        return self._paint("1", text)

    def good(self, text: str) -> str:
        return self._paint("32", text)

    def bad(self, text: str) -> str:
        return self._paint("31", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text
