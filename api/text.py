"""Text that people may send: what the database, a mail and a page can all hold."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints


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
    """Refuses what SMTP would: RFC 5321 §4.5.3.1 for the lengths, RFC 5322 §3.2.3 for the dots."""
    local, _, domain = text.rpartition("@")
    labels = domain.split(".")
    if len(local) > 64 or "" in local.split(".") or len(labels) < 2 or "" in labels:
        raise ValueError("This is not an e-mail address.")
    return text


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
    Field(min_length=3, max_length=254, pattern=r"""^[^@\s<>(),;:"\\\[\]]+@[^@\s<>(),;:"\\\[\]]+$"""),
    AfterValidator(is_storable),
    AfterValidator(is_address),
]
LinkSecret = Annotated[str, Field(min_length=1, max_length=200)]
