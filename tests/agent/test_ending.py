from datetime import UTC, datetime, timedelta

import pytest

from agent.ending import GOODBYE, Ending
from domain.ending import LEFT, NOBODY_CAME

pytestmark = pytest.mark.unit

STARTS_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Watched:
    """An ending that is looked at every second from `begins_at` on."""

    def __init__(self, begins_at: datetime = STARTS_AT) -> None:
        self._ending = Ending(STARTS_AT)
        self._now = begins_at

    def looks(self, lasting: timedelta, *, humans: int, colleagues: int = 0, bye: bool = False) -> str | None:
        """What was said within that time, at the latest at its last second."""
        until = self._now + lasting
        while self._now < until:
            self._now += SECOND
            reason = self._ending.look(
                humans=humans, colleagues=colleagues, said_goodbye=bye, talking=False, now=self._now
            )
            if reason:
                return reason
        return None


def test_somebody_whose_line_broke_finds_the_call_still_on() -> None:
    watched = Watched()
    assert watched.looks(5 * SECOND, humans=1) is None
    assert watched.looks(LEFT, humans=0) is None
    assert watched.looks(5 * SECOND, humans=1) is None
    assert watched.looks(LEFT, humans=0) is None
    assert watched.looks(SECOND, humans=0) == "everybody left"


def test_somebody_who_looked_in_before_the_start_finds_it_still_on_when_it_starts() -> None:
    early = timedelta(minutes=12)
    watched = Watched(STARTS_AT - early)
    assert watched.looks(2 * SECOND, humans=1) is None
    assert watched.looks(early + NOBODY_CAME - 3 * SECOND, humans=0) is None
    assert watched.looks(SECOND, humans=0) == "everybody left"


def test_after_the_goodbye_the_call_ends_unless_a_colleague_goes_on_talking() -> None:
    assert Watched().looks(GOODBYE, humans=1, bye=True) is None
    assert Watched().looks(GOODBYE + SECOND, humans=1, bye=True) == "all was said"
    assert Watched().looks(GOODBYE * 3, humans=2, colleagues=1, bye=True) is None


def test_a_call_in_which_all_was_said_before_its_start_does_not_wait_for_it() -> None:
    watched = Watched(STARTS_AT - timedelta(minutes=12))
    assert watched.looks(GOODBYE + SECOND, humans=0, bye=True) == "all was said"
