"""The calendar file of an invite (RFC 5545, RFC 5546): the event as the invitee's calendar keeps it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from domain.ids import CallId, InviteeId

REMINDER = timedelta(minutes=15)
"""Source: product.md row B."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    call_id: CallId
    invitee_id: InviteeId
    title: str
    description: str
    starts_at: datetime
    duration_minutes: int
    zone: ZoneInfo  # the invitee's: what a calendar shows when it moves with its owner
    link: str
    organizer: tuple[str, str]  # name and address
    attendee: tuple[str, str]
    booked_at: datetime


def request(booking: Booking) -> bytes:
    """METHOD:REQUEST, SEQUENCE 0. Each invitee has an event of their own, since each has a link of their own."""
    event = Event()
    event.add("uid", f"{booking.call_id}.{booking.invitee_id}@parley")
    event.add("sequence", 0)
    event.add("dtstamp", booking.booked_at)
    ends_at = booking.starts_at + timedelta(minutes=booking.duration_minutes)
    event.add("dtstart", in_zone(booking.starts_at, booking.zone))
    event.add("dtend", in_zone(ends_at, booking.zone))
    event.add("summary", booking.title)
    event.add("description", booking.description)
    event.add("location", booking.link)
    event.add("url", booking.link)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", person(*booking.organizer))
    attendee = person(*booking.attendee)
    for name, value in {"role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "TRUE"}.items():
        attendee.params[name] = vText(value)
    event.add("attendee", attendee)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", booking.title)
    alarm.add("trigger", -REMINDER)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Parley//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    year = timedelta(days=366)
    calendar.add_missing_timezones(first_date=(ends_at - year).date(), last_date=(ends_at + year).date())
    ical: bytes = calendar.to_ical()
    return ical


def in_zone(at: datetime, zone: ZoneInfo) -> datetime:
    """Local time; UTC in the hour that the clock shows for the second time, which local time cannot name there.

    Source: RFC 5545 §3.3.5: a local time that occurs twice means the first.
    """
    local = at.astimezone(zone)
    return at.astimezone(UTC) if local.fold else local


def person(name: str, email: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{email}")
    found.params["cn"] = vText(name)
    return found
