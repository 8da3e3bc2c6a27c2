from datetime import UTC, datetime, timedelta

import pytest

from domain.ending import LEFT, NOBODY_CAME, over_at

pytestmark = pytest.mark.unit

STARTS_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_who_leaves_a_call_that_has_begun_has_half_a_minute_to_come_back() -> None:
    for minutes in (0, 1, 55):
        left_at = STARTS_AT + timedelta(minutes=minutes)
        assert over_at(STARTS_AT, left_at) == left_at + LEFT


def test_who_looks_in_before_the_start_is_waited_for_like_somebody_who_never_came() -> None:
    for seconds in (1, 60, 900):
        assert over_at(STARTS_AT, STARTS_AT - timedelta(seconds=seconds)) == STARTS_AT + NOBODY_CAME
