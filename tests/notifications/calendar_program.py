"""A calendar program in small: takes mails with iTIP objects in any order and keeps the calendar they make.

Written from RFC 5545 (iCalendar), 5546 (iTIP), 6047 (iMIP) and 6868 alone, with nothing of ours and nothing of the
library that writes our files. It knows no zones but those that a file brings, and refuses what the RFCs forbid.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

ESCAPED = {"n": "\n", "'": '"', "^": "^"}
"""RFC 6868 §3: what follows a circumflex in a parameter."""


class Wrong(Exception):
    """The file or mail is not what the RFCs ask for."""


@dataclass(frozen=True)
class Property:
    name: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def text(self) -> str:
        """RFC 5545 §3.3.11."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value, flags=re.S)


@dataclass
class Component:
    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def every(self, name: str) -> list[Property]:
        return [found for found in self.properties if found.name == name]

    def one(self, name: str) -> Property:
        """Raises Wrong unless there is exactly one."""
        found = self.every(name)
        if len(found) != 1:
            raise Wrong(f"{self.name} has {len(found)} of {name}")
        return found[0]

    def named(self, name: str) -> list["Component"]:
        return [part for part in self.parts if part.name == name]


@dataclass(frozen=True)
class Entry:
    """What somebody sees in their calendar."""

    starts_at: datetime  # UTC
    ends_at: datetime
    title: str
    link: str
    organizer: str  # address
    rings_before: timedelta | None


@dataclass(frozen=True)
class Known:
    """The newest that was learned of a UID. `entry` None: cancelled."""

    sequence: int
    stamped_at: datetime
    entry: Entry | None


class CalendarProgram:
    """Of one person, who is known by their address."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.known: dict[str, Known] = {}

    @property
    def shown(self) -> dict[str, Entry]:
        """By UID; what was cancelled is not shown."""
        return {uid: known.entry for uid, known in self.known.items() if known.entry}

    def take(self, mail: bytes) -> None:
        """RFC 5546 §2.1.5: the highest SEQUENCE counts; of equal ones, the latest DTSTAMP. Raises Wrong."""
        method, calendar = object_in(mail)
        (event,) = calendar.named("VEVENT")
        if self._address not in [address_of(found) for found in event.every("ATTENDEE")]:
            raise Wrong("this person is not among the attendees")
        sequence, stamped_at = int(event.one("SEQUENCE").value), utc(event.one("DTSTAMP").value)
        entry = requested(event, calendar) if method == "REQUEST" else None
        if entry is None:
            must_cancel(event)
        before = self.known.get(event.one("UID").value)
        if before is None or (before.sequence, before.stamped_at) < (sequence, stamped_at):
            self.known[event.one("UID").value] = Known(sequence, stamped_at, entry)


def object_in(mail: bytes) -> tuple[str, Component]:
    """The iTIP object of a mail. RFC 6047 §2.4: its MIME method is its METHOD."""
    message = message_from_bytes(mail)
    found = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    if len(found) != 1:
        raise Wrong(f"{len(found)} calendar parts")
    words = found[0].get_payload(decode=True)
    assert isinstance(words, bytes)
    calendar = parsed(words)
    method = calendar.one("METHOD").value
    if found[0].get_param("method") != method or method not in ("REQUEST", "CANCEL"):
        raise Wrong("the method of the part is not that of the object")
    if calendar.one("VERSION").value != "2.0" or not calendar.one("PRODID").value:
        raise Wrong("neither version nor maker")
    return method, calendar


def requested(event: Component, calendar: Component) -> Entry:
    """RFC 5546 §3.2.2."""
    zones = {zone.one("TZID").value: Zone(zone) for zone in calendar.named("VTIMEZONE")}
    if event.one("STATUS").value != "CONFIRMED":
        raise Wrong("neither tentative nor cancelled may a booked call be")
    starts_at, ends_at = (instant(event.one(name), zones) for name in ("DTSTART", "DTEND"))
    if ends_at <= starts_at:
        raise Wrong("DTEND must be later than DTSTART")
    alarms = event.named("VALARM")
    return Entry(
        starts_at=starts_at,
        ends_at=ends_at,
        title=event.one("SUMMARY").text,
        link=event.one("LOCATION").text,
        organizer=address_of(event.one("ORGANIZER")),
        rings_before=-duration(alarms[0].one("TRIGGER").value) if alarms else None,
    )


def must_cancel(event: Component) -> None:
    """RFC 5546 §3.2.5: the organizer is named, and the status is CANCELLED since the whole event goes."""
    address_of(event.one("ORGANIZER"))
    if event.one("STATUS").value != "CANCELLED" or event.named("VALARM"):
        raise Wrong("not a cancellation of the whole event")


class Zone:
    """RFC 5545 §3.6.5: from each onset on, another offset. An onset is told in the offset before it."""

    def __init__(self, component: Component) -> None:
        found = []
        for part in component.parts:
            if part.name not in ("STANDARD", "DAYLIGHT") or part.every("RRULE"):
                raise Wrong("a zone that this program does not know how to read")
            before, after = (offset(part.one(name).value) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
            locals_ = [part.one("DTSTART").value, *(at for more in part.every("RDATE") for at in more.value.split(","))]
            found += [(naive(at) - before, before, after) for at in locals_]
        if not found:
            raise Wrong("a zone without an offset")
        self._onsets = sorted(found)

    def offset_at(self, utc_at: datetime) -> timedelta:
        """`utc_at` is naive."""
        return [after for at, _, after in self._onsets if at <= utc_at][-1]

    def instant(self, local: datetime) -> datetime:
        """RFC 5545 §3.3.5: of two the first. A time that the clock skips is refused."""
        first = self._onsets[0][0]
        may_be = {local - after for _, _, after in self._onsets}
        fits = sorted(at for at in may_be if at >= first and at + self.offset_at(at) == local)
        if not fits:
            raise Wrong(f"{local} is not on this zone's clock")
        return fits[0].replace(tzinfo=UTC)


def instant(found: Property, zones: dict[str, Zone]) -> datetime:
    if found.value.endswith("Z"):
        if "TZID" in found.parameters:
            raise Wrong("UTC has no TZID")
        return utc(found.value)
    (tzid,) = found.parameters["TZID"]
    if tzid not in zones:
        raise Wrong("a TZID without its VTIMEZONE")
    return zones[tzid].instant(naive(found.value))


def utc(value: str) -> datetime:
    if not value.endswith("Z"):
        raise Wrong("not in UTC")
    return naive(value[:-1]).replace(tzinfo=UTC)


def naive(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y%m%dT%H%M%S")
    except ValueError:
        raise Wrong(f"not a date with a time: {value}") from None


def offset(value: str) -> timedelta:
    """RFC 5545 §3.3.14."""
    found = re.fullmatch(r"([+-])(\d\d)(\d\d)(\d\d)?", value)
    if not found or value in ("-0000", "-000000"):
        raise Wrong(f"not an offset: {value}")
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return size if found[1] == "+" else -size


def duration(value: str) -> timedelta:
    """RFC 5545 §3.3.6, without weeks."""
    found = re.fullmatch(r"([+-]?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", value)
    if not found:
        raise Wrong(f"not a duration: {value}")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    size = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -size if found[1] == "-" else size


def address_of(found: Property) -> str:
    if not found.value.lower().startswith("mailto:"):
        raise Wrong("not an address")
    return found.value[len("mailto:") :]


def parsed(words: bytes) -> Component:
    """One VCALENDAR. RFC 5545 §3.1: lines of at most 75 octets that end in CRLF, the long ones folded."""
    lines = words.split(b"\r\n")
    if lines.pop() != b"" or any(len(line) > 75 or b"\n" in line for line in lines):
        raise Wrong("lines that are too long, or do not end in CRLF")
    unfolded = re.sub(rb"\r\n[ \t]", b"", words).decode().split("\r\n")[:-1]
    root = Component("")
    open_ = [root]
    for line in unfolded:
        found = content_line(line)
        if found.name == "BEGIN":
            part = Component(found.value.upper())
            open_[-1].parts.append(part)
            open_.append(part)
        elif found.name == "END":
            if open_.pop().name != found.value.upper():
                raise Wrong("parts that overlap")
        else:
            open_[-1].properties.append(found)
    if len(open_) != 1 or [part.name for part in root.parts] != ["VCALENDAR"]:
        raise Wrong("not one calendar")
    return root.parts[0]


def content_line(line: str) -> Property:
    """RFC 5545 §3.1, with the escapes of RFC 6868 in parameters."""
    name = re.match(r"[A-Za-z0-9-]+", line)
    if not name:
        raise Wrong(f"a line without a name: {line}")
    rest, parameters = line[name.end() :], dict[str, list[str]]()
    while found := re.match(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,])*(?:,(?:"[^"]*"|[^";:,])*)*)', rest):
        values = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^,"]+)', found[2])]
        unescaped = [re.sub(r"\^([n'^])", lambda escape: ESCAPED[escape[1]], value) for value in values]
        parameters[found[1].upper()] = unescaped
        rest = rest[found.end() :]
    if not rest.startswith(":"):
        raise Wrong(f"a line without a value: {line}")
    return Property(name[0].upper(), parameters, rest[1:])
