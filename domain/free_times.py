"""Starts at which an owner is free, as far as we know: working hours of the call's zone, on the half hour."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

LOOKED_AHEAD = timedelta(days=14)
LEAST_NOTICE = timedelta(hours=1)
"""Nobody is surprised by a call that begins sooner than that."""

WORK_BEGINS, WORK_ENDS = time(9), time(17)
STEP = timedelta(minutes=30)
FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    starts_at: datetime
    ends_at: datetime


def free_times(busy: Sequence[Busy], *, zone: tzinfo, lasting: timedelta, now: datetime) -> list[datetime]:
    """In UTC, earliest first. The whole call lies in working hours and meets nothing that the owner has."""
    return [
        start
        for start in working_times(zone, lasting, now)
        if not any(one.starts_at < start + lasting and start < one.ends_at for one in busy)
    ]


def some_of(starts: Sequence[datetime], most: int) -> list[datetime]:
    """At most so many, spread evenly: there is something on each day."""
    if len(starts) <= most:
        return list(starts)
    return [starts[number * len(starts) // most] for number in range(most)]


def working_times(zone: tzinfo, lasting: timedelta, now: datetime) -> Iterator[datetime]:
    earliest, latest = now + LEAST_NOTICE, now + LOOKED_AHEAD
    for day in days(now.astimezone(zone).date(), latest.astimezone(zone).date()):
        ends_at = instant(day, WORK_ENDS, zone)
        for start in instants(day, zone):
            if earliest < start <= latest and start + lasting <= ends_at:
                yield start


def instants(day: date, zone: tzinfo) -> Iterable[datetime]:
    """Each half hour of the day's work by the clock on the wall, without those that the clock leaves out."""
    at = datetime.combine(day, WORK_BEGINS)
    while at.time() < WORK_ENDS:
        start = instant(day, at.time(), zone)
        if start.astimezone(zone).replace(tzinfo=None) == at:
            yield start
        at += STEP


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def days(first: date, last: date) -> Iterator[date]:
    """Weekdays."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day.weekday() <= FRIDAY:
            yield day
