"""Time inside a call: milliseconds since it started, by a clock that tests and scripted calls may move by hand."""

from typing import Protocol


class Clock(Protocol):
    def elapsed_ms(self) -> int:
        """Milliseconds since the call started; never goes back."""
        ...


class ScriptClock:
    """A clock that stands still until it is told how far the script has come. Used for calls staged as text."""

    def __init__(self) -> None:
        self._elapsed_ms = 0

    def elapsed_ms(self) -> int:
        return self._elapsed_ms

    def advance_to(self, elapsed_ms: int) -> None:
        self._elapsed_ms = max(self._elapsed_ms, elapsed_ms)
