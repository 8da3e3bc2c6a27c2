"""When a call that somebody came to is over although nobody ended it."""

from datetime import datetime, timedelta

from domain.ending import over_at

GOODBYE = timedelta(seconds=20)
"""After the agent's goodbye, when there is nobody of ours to go on talking with."""


class Ending:
    """Asked again and again with what is so at that moment."""

    def __init__(self, starts_at: datetime) -> None:
        self._starts_at = starts_at
        self._left_at: datetime | None = None
        self._quiet_since: datetime | None = None

    def look(self, *, humans: int, colleagues: int, said_goodbye: bool, talking: bool, now: datetime) -> str | None:
        """Why the call is over now, or None."""
        self._left_at = None if humans else self._left_at or now
        is_done = said_goodbye and colleagues == 0 and not talking
        self._quiet_since = (self._quiet_since or now) if is_done else None
        if self._left_at and now >= over_at(self._starts_at, self._left_at):
            return "everybody left"
        return "all was said" if self._quiet_since and now - self._quiet_since >= GOODBYE else None
