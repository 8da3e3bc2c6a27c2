"""Events on disk while the database is away: one file of JSON lines for each call and epoch, replayed in order.

A file is renamed before it is replayed, so that what is written meanwhile starts a new one.
"""

import asyncio
import fcntl
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from uuid import UUID

from pydantic import ValidationError

from db import event_json, events
from db.pool import DatabaseError, Pool, transaction
from domain.event import Event
from domain.ids import CallId, OrganizationId, uuid7

WAITING, CLAIMED = ".jsonl", ".replaying"


class Spool:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, organization_id: OrganizationId, call_id: CallId, epoch: int, waiting: Sequence[Event]) -> None:
        """Appends; the file is the owner's alone, since it holds what people said. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{organization_id}.{call_id}.{epoch}{WAITING}"
        lines = "".join(event_json.dump(event) + "\n" for event in waiting)
        with open_locked(path) as file:
            file.write(after_cut_off_line(file) + lines.encode())

    async def replay(self, pool: Pool, *, call_id: CallId | None = None, untouched_for_seconds: float = 0.0) -> int:
        """Writes what waits (of one call, or of all) into the log and removes the files; returns how many were new.

        `untouched_for_seconds` passes over the files of agents that may still be at it.

        Safe to run twice at once, and while others write: the log knows its events by id. What was said in a call that
        has been erased is dropped. Raises the first DatabaseError after all files have been tried; those it was about
        wait for the next time.
        """
        written = 0
        refused: Exception | None = None
        for path in sorted(self._folder.glob(f"*.{call_id or '*'}.*{WAITING}")):
            claim(path, untouched_for_seconds)
        for path in sorted(self._folder.glob(f"*.{call_id or '*'}.*{CLAIMED}")):
            organization, call, *_ = path.name.split(".")
            waiting = await asyncio.to_thread(read_file, path)
            owner = OrganizationId(UUID(organization))
            try:
                async with transaction(pool, owner) as connection:
                    written += len(await events.append(connection, owner, CallId(UUID(call)), waiting))
            except DatabaseError as error:
                refused = refused or error
                continue
            except LookupError:
                pass
            path.unlink(missing_ok=True)
        if refused:
            raise refused
        return written


def open_locked(path: Path) -> IO[bytes]:
    """The file under this name, ours until it is closed; never one that has been claimed while we waited for it."""
    while True:
        file = open(path, "a+b", buffering=0, opener=private)  # noqa: SIM115 (the caller closes it)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
        except FileNotFoundError:
            pass
        file.close()


def claim(path: Path, untouched_for_seconds: float) -> None:
    """Gives the file a name that nobody writes to, unless somebody else has done so or it is too fresh."""
    try:
        if time.time() - path.stat().st_mtime < untouched_for_seconds:
            return
        os.rename(path, path.with_name(f"{path.name.removesuffix(WAITING)}.{uuid7()}{CLAIMED}"))
    except FileNotFoundError:
        return


def read_file(path: Path) -> list[Event]:
    """The events of a claimed file, without the lines that a crash has cut off; none when the file is gone."""
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # a writer may still be at it
            return [event for line in file.read().split(b"\n") if (event := read(line))]
    except FileNotFoundError:
        return []


def read(line: bytes) -> Event | None:
    try:
        return event_json.load(line)
    except ValidationError:
        return None


def after_cut_off_line(file: IO[bytes]) -> bytes:
    """A line break when the last line has none, so that it does not spoil the next."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return b""
    file.seek(size - 1)
    return b"" if file.read(1) == b"\n" else b"\n"


def private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
