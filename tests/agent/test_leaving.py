"""When an agent leaves that waits for its people."""

from datetime import timedelta
from typing import Any

import pytest

from agent.lease import LeaseEnd
from agent.waiting import GIVES_UP, NO_LONGER_WANTED, NOBODY_CAME_AT_ALL, reason_to_leave
from db.leases import Kept
from tests.sample import STARTS_AT

pytestmark = pytest.mark.unit


def kept(**other: object) -> Kept:
    facts: Any = {
        "epoch": 1,
        "is_dismissed": False,
        "is_live": False,
        "is_wanted": True,
        "starts_at": STARTS_AT,
        **other,
    }
    return Kept(**facts)


def test_an_agent_leaves_when_it_is_replaced_dismissed_or_no_longer_wanted() -> None:
    at = {"came_at": STARTS_AT, "now": STARTS_AT}
    assert reason_to_leave(kept(), 1, **at) is None
    assert reason_to_leave(kept(epoch=2), 1, **at) is LeaseEnd.REPLACED
    assert reason_to_leave(kept(is_dismissed=True), 1, **at) is LeaseEnd.DISMISSED
    assert reason_to_leave(kept(is_wanted=False), 1, **at) == NO_LONGER_WANTED


@pytest.mark.parametrize("came_after", [timedelta(minutes=-1.5), timedelta(0), timedelta(minutes=30)])
def test_an_agent_gives_up_eleven_minutes_after_the_start_or_after_it_came(came_after: timedelta) -> None:
    came_at = STARTS_AT + came_after
    gives_up_at = max(came_at, STARTS_AT) + GIVES_UP
    assert reason_to_leave(kept(), 1, came_at, gives_up_at - timedelta(seconds=1)) is None
    assert reason_to_leave(kept(), 1, came_at, gives_up_at) == NOBODY_CAME_AT_ALL
