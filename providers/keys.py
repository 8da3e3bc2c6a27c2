"""Several keys of one vendor: taken in turn, and left alone for a while when the vendor refuses one."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

COOL_DOWN_S = 30.0
"""After "too many requests" without a word for how long."""

LONGEST_COOL_DOWN_S = 3_600.0

BARRED_S = 600.0
"""After "not allowed" or "not paid": a person must do something, so it is only looked at again now and then."""

TOO_MANY = 429
BARRED = (401, 402, 403)
REFUSALS = (TOO_MANY, *BARRED)
"""HTTP statuses that are about the key and not about the vendor: another key may be let in."""


class KeyRing:
    """Shared by all that ask one vendor in this process. `clock` gives seconds that never go back."""

    def __init__(self, keys: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._free_at_s = dict.fromkeys(keys, 0.0)
        self._turn = list(keys)
        self._clock = clock

    def __len__(self) -> int:
        return len(self._turn)

    def take(self) -> str | None:
        """The next key that is not resting, or None."""
        now_s = self._clock()
        key = next((key for key in self._turn if self._free_at_s[key] <= now_s), None)
        if key is not None:
            self._turn.remove(key)
            self._turn.append(key)
        return key

    def refused(self, key: str, status: int, retry_after_s: float | None) -> None:
        """The vendor answered this key with one of REFUSALS."""
        rest_s = BARRED_S if status in BARRED else COOL_DOWN_S if retry_after_s is None else retry_after_s
        self.rest(key, rest_s)

    def rest(self, key: str, seconds: float) -> None:
        self._free_at_s[key] = self._clock() + min(max(0.0, seconds), LONGEST_COOL_DOWN_S)

    def free_in_s(self) -> float:
        """Until the first key may be taken; 0 when one may now."""
        return max(0.0, min(self._free_at_s.values()) - self._clock())


def retry_after_s(headers: Mapping[str, str] | None) -> float | None:
    """What a Retry-After header asks for, in seconds from now; None without one that can be read. RFC 9110 §10.2.3."""
    value = (headers or {}).get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
