"""The wall clock of a call: milliseconds since it started, steady also when the machine's date is set."""

import time
from datetime import UTC, datetime


class WallClock:
    def __init__(self, started_at: datetime) -> None:
        already_ms = int((datetime.now(UTC) - started_at).total_seconds() * 1000)
        self._zero_s = time.monotonic() - max(0, already_ms) / 1000

    def elapsed_ms(self) -> int:
        return int((time.monotonic() - self._zero_s) * 1000)
