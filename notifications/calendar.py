"""The calendar file of an invite, an update, a cancellation (RFC 5545, RFC 5546): the event as the guest keeps it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from domain.ids import CallId, InviteeId
from notifications.zone_table import zone_table

REMINDER = timedelta(minutes=15)
"""Source: product.md row B."""


class Method(StrEnum):
    REQUEST = "REQUEST"  # an invite, and every change of it
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What one guest's calendar is to show. Each has an event of their own, since each has a link of their own."""

    call_id: CallId
    invitee_id: InviteeId
    sequence: int  # rises with every change
    written_at: datetime  # of two with one sequence the later one counts
    title: str
    description: str
    starts_at: datetime
    duration_minutes: int
    zone: ZoneInfo  # the guest's: what a calendar shows when it moves with its owner
    link: str | None  # None: it is cancelled, and nobody comes in by it any more
    organizer: tuple[str, str]  # name and address
    attendee: tuple[str, str]


def file(booking: Booking, method: Method) -> bytes:
    """UID `<call>.<invitee>@parley`, which is for ever one guest's event of one call."""
    event = Event()
    event.add("uid", f"{booking.call_id}.{booking.invitee_id}@parley")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.written_at)
    starts_at, ends_at = span(booking.starts_at, booking.duration_minutes, booking.zone)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", booking.title)
    event.add("description", booking.description)
    if booking.link:
        event.add("location", booking.link)
        event.add("url", booking.link)
    event.add("organizer", person(*booking.organizer))
    attendee = person(*booking.attendee)
    if method is Method.REQUEST:
        for name, value in {"role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "TRUE"}.items():
            attendee.params[name] = vText(value)
        event.add("status", "CONFIRMED")
        event.add("transp", "OPAQUE")
        event.add_component(alarm(booking.title))
    else:
        event.add("status", "CANCELLED")
        event.add("transp", "TRANSPARENT")
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//Parley//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if starts_at.tzinfo is not UTC:
        calendar.add_component(zone_table(booking.zone, booking.starts_at))
    calendar.add_component(event)
    ical: bytes = calendar.to_ical()
    return ical


def span(starts_at: datetime, duration_minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in local time; both in UTC when one lies in the hour that the clock shows for the second time.

    Local time cannot name that hour. Source: RFC 5545 §3.3.5: a local time that occurs twice means the first.
    """
    begins, ends = starts_at.astimezone(UTC), (starts_at + timedelta(minutes=duration_minutes)).astimezone(UTC)
    local = begins.astimezone(zone), ends.astimezone(zone)
    return (begins, ends) if any(at.fold for at in local) or zone.key in ("UTC", "Etc/UTC") else local


def alarm(title: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", title)
    made.add("trigger", -REMINDER)
    return made


def person(name: str, email: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{email}")
    found.params["cn"] = vText(name)
    return found
