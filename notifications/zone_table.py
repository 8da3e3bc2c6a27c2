"""VTIMEZONE: what a calendar program needs to turn a local time of ours into an instant, whatever it knows of zones.

Made here, since icalendar 7.3 writes an onset of summer time as the clock shows it afterwards, an hour too late for
whoever reads it as RFC 5545 §3.6.5 has it: in the offset before.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

AROUND = timedelta(days=366)
STEP = timedelta(days=1)  # no zone changes twice within a day
SECOND = timedelta(seconds=1)


def zone_table(zone: ZoneInfo, at: datetime) -> Timezone:
    """Good from a year before `at` to a year after: one part for each change of the clock, none that repeats."""
    return _of_year(zone, at.astimezone(UTC).year)


@lru_cache(maxsize=2048)
def _of_year(zone: ZoneInfo, year: int) -> Timezone:
    """Whoever gets it does not change it."""
    begins = datetime(year, 1, 1, tzinfo=UTC) - AROUND
    table = Timezone()
    table.add("tzid", zone.key)
    table.add_component(_part(zone, begins, begins))
    for onset in changes(zone, begins, begins + 3 * AROUND):
        table.add_component(_part(zone, onset - SECOND, onset))
    return table


def changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The instants in UTC from which the zone's clock shows another offset, to the second."""
    early = begins
    while early < ends:
        late = early + STEP
        if _offset(zone, early) != _offset(zone, late):
            low, high = early, late
            while high - low > SECOND:
                middle = low + (high - low) // 2
                middle -= timedelta(microseconds=middle.microsecond)
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, early) else (low, middle)
            yield high
        early = late


def _part(zone: ZoneInfo, before: datetime, onset: datetime) -> TimezoneStandard | TimezoneDaylight:
    local = onset.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (onset + _offset(zone, before)).replace(tzinfo=None))
    part.add("tzoffsetfrom", _offset(zone, before))
    part.add("tzoffsetto", _offset(zone, onset))
    part.add("tzname", local.tzname())
    return part


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None, "a ZoneInfo has one for every instant"
    return offset
