"""A caught mail as a page may show it: cleaned HTML, plain text, the calendar object, the attachments.

What came over SMTP is anybody's: every part is read as if it meant harm, and one that cannot be read is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import nh3
from icalendar import Calendar

TAGS = set(
    "a abbr b blockquote br center code div em h1 h2 h3 h4 hr i img li ol p pre small span strong sub sup "
    "table tbody td tfoot th thead tr u ul".split()
)
ATTRIBUTES = {
    "*": {"style", "align", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor", "role"},
    "td": {"width", "valign", "bgcolor", "colspan", "rowspan", "role"},
    "th": {"width", "valign", "bgcolor", "colspan", "rowspan", "scope"},
}
STYLES = set(
    "background-color border border-bottom border-collapse border-left border-radius border-right border-spacing "
    "border-top color display font-family font-size font-style font-weight line-height margin margin-bottom "
    "margin-left margin-right margin-top max-width padding padding-bottom padding-left padding-right padding-top "
    "text-align text-decoration vertical-align width word-break".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    method: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str  # IANA, as it stands in the event
    location: str
    organizer: str
    attendees: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    number: int  # from 1
    name: str
    type: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    view: AttachmentView
    content: bytes


class MailReading:
    def __init__(self, raw: bytes) -> None:
        parsed = message_from_bytes(raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        self._message = parsed

    @property
    def html(self) -> str:
        """Empty when there is none."""
        return cleaned(self._body("html"))

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def calendar(self) -> CalendarView | None:
        for part in self._message.walk():
            if part.get_content_type() == "text/calendar":
                return calendar_of(content_of(part))
        return None

    @property
    def attachments(self) -> list[Attachment]:
        return list(self._attachments())

    def _attachments(self) -> Iterator[Attachment]:
        number = 0
        for part in self._message.walk():
            if part.is_multipart() or part.get_content_disposition() != "attachment":
                continue
            number += 1
            content = content_of(part)
            yield Attachment(
                view=AttachmentView(
                    number=number,
                    name=file_name(part.get_filename() or "", number),
                    type=part.get_content_type(),
                    bytes=len(content),
                ),
                content=content,
            )

    def _body(self, kind: str) -> str:
        part = self._message.get_body((kind,))
        return decoded(part) if part else ""


def content_of(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def decoded(part: Any) -> str:
    try:
        return content_of(part).decode(part.get_content_charset("utf-8"), "replace").replace("\r\n", "\n")
    except LookupError:  # a character set that nobody knows
        return content_of(part).decode("utf-8", "replace").replace("\r\n", "\n")


def cleaned(html: str) -> str:
    """No scripts, no forms, nothing that is fetched; links open elsewhere and learn nothing of us."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes=ATTRIBUTES,
        attribute_filter=without_remote_images,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        filter_style_properties=STYLES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def without_remote_images(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if value.startswith(("data:image/png;", "data:image/jpeg;", "data:image/gif;")) else None
    if attribute == "href":
        return None if value.strip().lower().startswith("data:") else value
    if attribute == "style":
        return None if "url(" in value.lower() or "\\" in value else value
    return value


def calendar_of(ical: bytes) -> CalendarView | None:
    """None when it holds no event that can be read."""
    try:
        calendar: Any = Calendar.from_ical(ical)
        (event,) = calendar.walk("VEVENT")[:1]
        start, end = event["dtstart"], event.get("dtend", event["dtstart"])
        attendees = event.get("attendee", [])
        return CalendarView(
            method=str(calendar.get("method", "")),
            summary=str(event.get("summary", "")),
            starts_at=instant(start.dt),
            ends_at=instant(end.dt),
            time_zone=str(start.params.get("tzid", "UTC")),
            location=str(event.get("location", "")),
            organizer=person(event.get("organizer")),
            attendees=[person(one) for one in (attendees if isinstance(attendees, list) else [attendees])],
        )
    except Exception:  # the parser raises what it likes
        return None


def instant(at: datetime | date) -> datetime:
    """A whole day begins at midnight; a time without a zone is taken as UTC."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time(), UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def person(given: Any) -> str:
    """Name and address, as far as they are there."""
    if given is None:
        return ""
    address = str(given).removeprefix("mailto:").removeprefix("MAILTO:")
    name = str(given.params.get("cn", ""))
    return f"{name} <{address}>" if name else address


def file_name(given: str, number: int) -> str:
    """Without folders and without characters that a header or a file system would trip over."""
    last = given.replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in last if character.isprintable() and character not in '"<>|:*?').strip(
        " ."
    )
    return kept[:100] or f"attachment-{number}"
