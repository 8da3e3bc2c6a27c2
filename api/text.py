"""Text that people may send: what the database, a mail and a page can all hold."""

import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

LOCAL_PART = re.compile(r"""[^@\s<>(),;:"\\\[\]]{1,64}""")
HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)

TIME_ZONES = frozenset(available_timezones()) - {"localtime", "Factory"}
"""IANA names; the two left out are no places."""


def is_storable(text: str) -> str:
    """Refuses lone surrogates and control characters other than tab and line break; PostgreSQL cannot hold NUL."""
    if any((ord(c) < 32 and c not in "\t\n\r") or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("The text has characters that cannot be stored.")
    return text


def is_one_line(text: str) -> str:
    """Refuses every line break that Unicode knows: names and titles end up in the headers of mails."""
    if len(text.splitlines()) > 1:
        raise ValueError("The text must be on one line.")
    return text


def is_address(text: str) -> str:
    """Refuses what SMTP would: RFC 5321 §4.5.3.1 for lengths, RFC 5322 §3.2.3 for dots, RFC 1123 §2.1 for hosts.

    Names of hosts in other scripts are held against their ASCII form (RFC 3490); a bare host name is no domain.
    """
    local, _, host = text.rpartition("@")
    try:
        labels = host.encode("idna").decode().split(".")
    except UnicodeError:
        labels = []
    is_host = len(labels) > 1 and all(HOST_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdecimal()
    if len(text) > 254 or not LOCAL_PART.fullmatch(local) or "" in local.split(".") or not is_host:
        raise ValueError("This is not an e-mail address.")
    return text


def is_time_zone(text: str) -> str:
    if text not in TIME_ZONES:
        raise ValueError("This is not a time zone that we know.")
    return text


def in_utc(instant: datetime) -> datetime:
    """Refuses the few instants at either end of the calendar that UTC cannot hold."""
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("This instant is out of range.") from None


Stripped = StringConstraints(strip_whitespace=True)

Line = Annotated[
    str, Stripped, Field(min_length=1, max_length=200), AfterValidator(is_storable), AfterValidator(is_one_line)
]
LineOrNothing = Annotated[
    str, Stripped, Field(max_length=200), AfterValidator(is_storable), AfterValidator(is_one_line)
]
Paragraph = Annotated[str, Field(max_length=5000), AfterValidator(is_storable)]
Words = Annotated[str, Stripped, Field(min_length=1, max_length=2000), AfterValidator(is_storable)]
"""What somebody writes at once in a call."""

EmailAddress = Annotated[
    str,
    Stripped,
    Field(max_length=1000, json_schema_extra={"format": "email"}),
    AfterValidator(is_storable),
    AfterValidator(is_address),
]
TimeZone = Annotated[str, Field(max_length=100), AfterValidator(is_time_zone)]
Instant = Annotated[AwareDatetime, AfterValidator(in_utc)]
"""With its offset, or it is refused; in UTC from here on."""

LinkSecret = Annotated[str, Field(min_length=1, max_length=200)]
