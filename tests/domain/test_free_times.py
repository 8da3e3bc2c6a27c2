from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.free_times import LEAST_NOTICE, LOOKED_AHEAD, Busy, free_times, some_of

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
nows = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
lengths = st.integers(5, 480).map(lambda minutes: timedelta(minutes=minutes))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, by Berlin's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def test_whoever_has_nothing_else_is_free_on_each_half_hour_of_ten_working_days() -> None:
    found = free_times([], zone=BERLIN, lasting=HOUR, now=SATURDAY)
    assert len(found) == 10 * 15  # from 9:00 to 16:00, so that it is over by 17:00
    assert (found[0], found[14], found[15]) == (at(23, 9), at(23, 16), at(24, 9))
    assert all(start.tzinfo is UTC for start in found)


def test_a_call_takes_away_each_start_that_would_meet_it_and_no_other() -> None:
    busy = [Busy(starts_at=at(23, 11), ends_at=at(23, 11, 45))]
    everything = free_times([], zone=BERLIN, lasting=HOUR, now=SATURDAY)
    found = free_times(busy, zone=BERLIN, lasting=HOUR, now=SATURDAY)
    assert set(everything) - set(found) == {at(23, 10, 30), at(23, 11), at(23, 11, 30)}


def test_nothing_begins_within_the_hour_nor_later_than_in_fourteen_days() -> None:
    now = at(23, 10)
    found = free_times([], zone=BERLIN, lasting=HOUR, now=now)
    assert found[0] == at(23, 11, 30)
    assert found[-1] <= now + LOOKED_AHEAD


def test_a_call_longer_than_a_day_of_work_finds_nothing() -> None:
    assert free_times([], zone=BERLIN, lasting=timedelta(minutes=481), now=SATURDAY) == []
    assert len(free_times([], zone=BERLIN, lasting=timedelta(minutes=480), now=SATURDAY)) == 10


@given(zones, nows, lengths)
def test_in_every_zone_it_is_working_time_on_the_wall_from_beginning_to_end(
    zone: ZoneInfo, now: datetime, lasting: timedelta
) -> None:
    found = free_times([], zone=zone, lasting=lasting, now=now)
    assert found == sorted(set(found))
    for start in found:
        begins, ends = start.astimezone(zone), (start + lasting).astimezone(zone)
        assert begins.weekday() < 5
        assert begins.date() == ends.date()
        assert time(9) <= begins.time() < ends.time() <= time(17)
        assert begins.minute in (0, 30)
        assert now + LEAST_NOTICE < start <= now + LOOKED_AHEAD


def test_on_the_days_after_both_nights_of_change_work_begins_at_nine() -> None:
    for now, day in ((datetime(2027, 3, 26, 20, tzinfo=UTC), date(2027, 3, 29)),
                     (datetime(2026, 10, 23, 20, tzinfo=UTC), date(2026, 10, 26))):  # fmt: skip
        first = free_times([], zone=BERLIN, lasting=HOUR, now=now)[0]
        assert first.astimezone(BERLIN).replace(tzinfo=None) == datetime.combine(day, time(9))
    assert free_times([], zone=BERLIN, lasting=HOUR, now=datetime(2027, 3, 26, 20, tzinfo=UTC))[0].hour == 7
    assert free_times([], zone=BERLIN, lasting=HOUR, now=datetime(2026, 10, 23, 20, tzinfo=UTC))[0].hour == 8


@given(st.lists(st.datetimes(), unique=True, max_size=300).map(sorted), st.integers(1, 60))
def test_some_of_many_are_spread_and_few_are_all_there(starts: list[datetime], most: int) -> None:
    found = some_of(starts, most)
    assert found == sorted(set(found) & set(starts))
    assert len(found) == min(most, len(starts))
    if len(starts) >= most:
        gaps = [starts.index(after) - starts.index(before) for before, after in pairwise(found)]
        assert not gaps or max(gaps) - min(gaps) <= 1
