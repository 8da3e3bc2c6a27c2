"""Processes of a copy that was killed.

Our children die with us by the kernel's hand, and what they started should die with them. Should one not,
it is found here by a mark in its environment before the next copy starts.
"""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from parley.home import Home

MARK = "PARLEY_STARTED_FOR"


def mark(home: Home) -> dict[str, str]:
    """What every process of this home carries in its environment."""
    return {MARK: home.secrets.home_id}


def end_leftovers(home: Home) -> list[int]:
    """Kills every process that carries this home's mark; their pids.

    Only for the holder of the home's lock: whoever else carries the mark then belongs to a copy that is gone.
    """
    wanted = f"{MARK}={home.secrets.home_id}".encode()
    ended: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0") and not _is_postgres(entry):
                os.kill(int(entry.name), signal.SIGKILL)
                ended.append(int(entry.name))
    return ended


def _is_postgres(entry: Path) -> bool:
    """A database server is never killed so: it is given the time to shut down."""
    return (entry / "comm").read_text(encoding="utf-8", errors="replace").strip() == "postgres"
