"""When a call is over although nobody ended it."""

from dataclasses import dataclass

LEFT_SECONDS = 30.0
"""After the last human has gone, so that somebody whose line broke finds the call still on."""

NOBODY_CAME_SECONDS = 600.0
"""Source: product.md row D, waits up to ten minutes."""

GOODBYE_SECONDS = 20.0
"""After the agent's goodbye, when there is nobody of ours to go on talking with."""


@dataclass
class EmptyRoom:
    """Counts the seconds; `look` is called at a steady step."""

    _alone_s: float = 0.0
    _quiet_s: float = 0.0
    _somebody_came: bool = False

    def look(self, *, humans: int, colleagues: int, said_goodbye: bool, talking: bool, step_s: float) -> str | None:
        """Why the call is over now, or None."""
        self._somebody_came = self._somebody_came or humans > 0
        self._alone_s = 0.0 if humans else self._alone_s + step_s
        is_done = said_goodbye and colleagues == 0 and not talking
        self._quiet_s = self._quiet_s + step_s if is_done else 0.0
        if self._alone_s >= (LEFT_SECONDS if self._somebody_came else NOBODY_CAME_SECONDS):
            return "everybody left" if self._somebody_came else "nobody came"
        return "all was said" if self._quiet_s >= GOODBYE_SECONDS else None
