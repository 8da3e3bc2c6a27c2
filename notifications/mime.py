"""A letter in its envelope, as it goes over the line: MIME whose parts are all in an encoding of 7 bits.

The standard library's EmailMessage takes a millisecond of work for such a message, more than all the rest of a mail's
way.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache

from notifications.calendar import Method
from notifications.letter import Envelope, Letter
from notifications.smtp import Parcel

FILE_NAMES = {Method.REQUEST: "invite", Method.CANCEL: "cancel"}
WORDS_KEPT = 1024
"""Senders, owners and subjects come back with the next mail."""

PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9]+( [A-Za-z0-9]+)* <[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*>"
)
"""Most people's: there is nothing to quote or to encode."""

LONGEST_ENCODED_WORD = 75
"""Source: RFC 2047 §2."""


def parcel(letter: Letter, envelope: Envelope) -> Parcel:
    """multipart/alternative of text, HTML and the calendar object; and that again as a file.

    Gmail and Outlook show their buttons for the alternative with its method; other programs open the file. The same
    letter in the same envelope always makes the same bytes. Raises ValueError when something cannot stand in a header.
    """
    sender, recipient = envelope.server.sender_email, envelope.to_email
    headers = [
        f"From: {_person(envelope.server.sender_name, sender)}",
        f"To: {_person(envelope.to_name, recipient)}",
        f"Subject: {_encoded(letter.subject)}",
        f"Date: {format_datetime(envelope.written_at)}",
        f"Message-ID: <{envelope.message_id}>",
        "Auto-Submitted: auto-generated",
    ]
    if letter.reply_to:
        headers.append(f"Reply-To: {_person(*letter.reply_to)}")
    if letter.unsubscribe:
        headers += [f"List-Unsubscribe: <{letter.unsubscribe}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    headers += [f"{name}: {_encoded(value)}" for name, value in envelope.headers.items()]
    head = "".join(f"{header}\r\n" for header in (*headers, "MIME-Version: 1.0"))
    return Parcel(sender=sender, recipient=recipient, content=head.encode() + _body(letter))


def _person(name: str, email: str) -> str:
    """Raises ValueError for an address that is none."""
    plain = f"{name} <{email}>"
    if PLAIN_ADDRESS.fullmatch(plain):
        return plain
    if _is_plain(name):
        return str(Address(display_name=name, addr_spec=email))
    return f"{_encoded(name)} <{Address(addr_spec=email).addr_spec}>"


@lru_cache(maxsize=WORDS_KEPT)
def _encoded(words: str) -> str:
    """As encoded words on lines of their own where it must be. Raises ValueError for an end of a line."""
    if "\r" in words or "\n" in words:
        raise ValueError("a header has no newline")
    return (
        words if _is_plain(words) else Header(words, "utf-8", LONGEST_ENCODED_WORD, "Reply-To").encode(linesep="\r\n")
    )


def _is_plain(words: str) -> bool:
    return words.isascii() and words.isprintable() and "=?" not in words


def _body(letter: Letter) -> bytes:
    parts = [_text("plain", letter.text), _text("html", letter.html)]
    if letter.calendar is None:
        return _multipart("alternative", parts)
    encoded = base64.encodebytes(letter.calendar).replace(b"\n", b"\r\n")
    kind = f'Content-Type: text/calendar; charset="utf-8"; method={letter.method.value}\r\n'
    parts.append(kind.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded)
    name = FILE_NAMES[letter.method]
    file = (
        "Content-Type: application/ics\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}.ics"\r\n\r\n'
    )
    return _multipart("mixed", [_multipart("alternative", parts), file.encode() + encoded])


def _text(subtype: str, words: str) -> bytes:
    content = words.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + binascii.b2a_qp(content)


def _multipart(subtype: str, parts: Iterable[bytes]) -> bytes:
    """`=_` stands in no line that is quoted-printable or base64. Source: RFC 2045 §6.7."""
    boundary = f"=_{subtype}".encode()
    opened = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    head = f'Content-Type: multipart/{subtype}; boundary="=_{subtype}"\r\n\r\n'
    return head.encode() + opened + b"--" + boundary + b"--\r\n"
