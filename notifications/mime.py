"""A letter in its envelope, as it goes over the line: MIME whose parts are all in an encoding of 7 bits.

The standard library makes such a message as well, and takes a millisecond of work for it, more than all the rest of a
mail's way. Here it still encodes and folds the headers.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from notifications.calendar import Method
from notifications.letter import Envelope, Letter
from notifications.smtp import Parcel

FILE_NAMES = {Method.REQUEST: "invite", Method.CANCEL: "cancel"}
HEADERS_KEPT = 1024
"""Senders, owners and subjects come back with the next mail."""


LONGEST_PLAIN_LINE = 76
PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9]+( [A-Za-z0-9]+)* <[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*>"
)
"""Most people's: such a header is what it says, with nothing to quote, encode or fold."""


def parcel(letter: Letter, envelope: Envelope) -> Parcel:
    """multipart/alternative of text, HTML and the calendar object; and that again as a file.

    Gmail and Outlook show their buttons for the alternative with its method; other programs open the file. The same
    letter in the same envelope always makes the same bytes. Raises ValueError when something cannot stand in a header.
    """
    sender, recipient = envelope.server.sender_email, envelope.to_email
    is_utf8 = not (sender + recipient).isascii()
    headers = [
        _person("From", envelope.server.sender_name, sender, is_utf8),
        _person("To", envelope.to_name, recipient, is_utf8),
        _header("Subject", letter.subject, is_utf8),
        f"Date: {format_datetime(envelope.written_at)}\r\nMessage-ID: <{envelope.message_id}>\r\n".encode("ascii"),
        b"Auto-Submitted: auto-generated\r\n",
    ]
    if letter.reply_to:
        headers.append(_person("Reply-To", *letter.reply_to, is_utf8))
    if letter.unsubscribe:
        headers.append(f"List-Unsubscribe: <{letter.unsubscribe}>\r\n".encode("ascii"))
        headers.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    headers += [_header(name, value, is_utf8) for name, value in envelope.headers.items()]
    return Parcel(
        sender=sender, recipient=recipient, content=b"".join([*headers, b"MIME-Version: 1.0\r\n", _body(letter)])
    )


def _person(header: str, name: str, email: str, is_utf8: bool) -> bytes:
    """Raises ValueError when the address cannot stand in a header."""
    plain = f"{name} <{email}>"
    if len(header) + len(plain) < LONGEST_PLAIN_LINE and PLAIN_ADDRESS.fullmatch(plain):
        return f"{header}: {plain}\r\n".encode("ascii")
    return _header(header, str(Address(display_name=name, addr_spec=email)), is_utf8)


@lru_cache(maxsize=HEADERS_KEPT)
def _header(name: str, value: str, is_utf8: bool) -> bytes:
    """`is_utf8`: as SMTPUTF8 has it, where an address of the envelope needs that. Raises ValueError for a line end."""
    policy = SMTP.clone(utf8=is_utf8)
    return policy.fold_binary(*policy.header_store_parse(name, value))


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
