"""Where events wait when the database is away: one file of JSON lines for each call and epoch, replayed in order."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError

from db import event_json, events
from db.pool import Pool, transaction
from domain.event import Event
from domain.ids import CallId, OrganizationId


class Spool:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, organization_id: OrganizationId, call_id: CallId, epoch: int, waiting: Sequence[Event]) -> None:
        """Appends; the file is the owner's alone, since it holds what people said."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{organization_id}.{call_id}.{epoch}.jsonl"
        with open(path, "a", opener=private) as file:
            file.writelines(event_json.dump(event) + "\n" for event in waiting)

    async def replay(self, pool: Pool, *, call_id: CallId | None = None) -> int:
        """Writes what waits (of one call, or of all) into the log and removes the files; returns how many were new.

        Safe to run twice at once: the log knows its events by id.
        """
        if not self._folder.is_dir():
            return 0
        written = 0
        for path in sorted(self._folder.glob(f"*.{call_id or '*'}.*.jsonl")):
            organization, call, _epoch = path.stem.split(".")
            waiting = [
                event for line in (await asyncio.to_thread(path.read_text)).splitlines() if (event := read(line))
            ]
            owner = OrganizationId(UUID(organization))
            async with transaction(pool, owner) as connection:
                written += len(await events.append(connection, owner, CallId(UUID(call)), waiting))
            path.unlink(missing_ok=True)
        return written


def read(line: str) -> Event | None:
    """None for a line that a crash has cut off."""
    try:
        return event_json.load(line)
    except ValidationError:
        return None


def private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
