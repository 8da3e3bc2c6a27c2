"""When a call is over although nobody ended it."""

from datetime import datetime, timedelta

LEFT = timedelta(seconds=30)
"""After the last human has gone, so that somebody whose line broke finds the call still on."""

NOBODY_CAME = timedelta(minutes=10)
"""After the start. Source: product.md row D, waits up to ten minutes."""


def over_at(starts_at: datetime, left_at: datetime) -> datetime:
    """When a call is over that everybody left at `left_at`. Who left before the start may come back for it."""
    return left_at + LEFT if left_at >= starts_at else max(left_at + LEFT, starts_at + NOBODY_CAME)
