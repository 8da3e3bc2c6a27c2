"""What the written message says is read back by the standard library, whatever the words are."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest

from domain.mail_server import MailSecurity, MailServer
from notifications.calendar import Method
from notifications.letter import Envelope, Letter
from notifications.mime import parcel

pytestmark = pytest.mark.unit

SERVER = MailServer(host="h", port=25, security=MailSecurity.TLS, sender_name="Parley", sender_email="p@p.example")
ENVELOPE = Envelope(
    server=SERVER, to_name="Robin Finch", to_email="robin@finch.example", message_id="1@calls.example",
    written_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
)  # fmt: skip
LETTER = Letter(subject="Invitation: Discovery", html="<p>Words</p>", text="Words\n")

ALPHABETS = (
    "abcdefgh XYZ 0123",
    "äöüß éñ–’",
    "مرحبا بالعالم",
    "日本語の名前",
    "😀👍🏽",
    '.,;:"<>()@=?_\\/',
    "\n",
    " \t",
    ".\n.",
)


def words(dice: random.Random, longest: int, *, lines: bool) -> str:
    made = "".join(
        dice.choice(alphabet) * dice.choice((1, 1, 1, 90)) for alphabet in dice.choices(ALPHABETS, k=longest)
    )
    return made if lines else " ".join(made.split())


def people(content: bytes, header: str) -> tuple[str, str]:
    """Name and address. By the older part of the library: the newer one splits long names (Python 3.11)."""
    name, email = parseaddr(str(message_from_bytes(content)[header]))
    return str(make_header(decode_header(name))), email


def read(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


@pytest.mark.parametrize("seed", range(60))
def test_words_and_names_of_every_script_come_back_as_they_were(seed: int) -> None:
    dice = random.Random(seed)
    subject, name = words(dice, 12, lines=False), words(dice, 6, lines=False)
    text, html = words(dice, 60, lines=True), words(dice, 200, lines=True)
    calendar = words(dice, 300, lines=True).encode()
    letter = Letter(
        subject=subject, html=html, text=text, calendar=calendar, method=Method.CANCEL, reply_to=(name, "o@o.example")
    )
    written = parcel(letter, replace(ENVELOPE, to_name=name)).content
    assert written.isascii(), "every part is encoded in 7 bits"
    lines = written.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998, "RFC 5322 §2.1.1"
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    found = read(written)
    assert str(make_header(decode_header(message_from_bytes(written)["Subject"]))) == subject
    for header, email in (("To", "robin@finch.example"), ("Reply-To", "o@o.example")):
        assert people(written, header) == (name, email)
    alternative, file = found.iter_parts()
    plain, rich, event = alternative.iter_parts()
    assert [part.get_content_type() for part in (plain, rich, event)] == ["text/plain", "text/html", "text/calendar"]
    assert (plain.get_content(), rich.get_content()) == (text.replace("\n", "\r\n"), html.replace("\n", "\r\n"))
    assert event.get_payload(decode=True) == file.get_payload(decode=True) == calendar
    assert event["Content-Type"].params["method"] == "CANCEL"
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "cancel.ics")


def test_the_same_letter_makes_the_same_bytes() -> None:
    assert parcel(LETTER, ENVELOPE).content == parcel(replace(LETTER), replace(ENVELOPE)).content


def test_without_a_calendar_there_is_no_file() -> None:
    found = read(parcel(LETTER, ENVELOPE).content)
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert (found["Message-ID"], found["Auto-Submitted"]) == ("<1@calls.example>", "auto-generated")
    assert found["Date"].datetime == ENVELOPE.written_at


def test_an_address_of_another_script_stands_in_the_header_as_it_is() -> None:
    made = parcel(LETTER, replace(ENVELOPE, to_email="rene@käse.example"))
    assert made.recipient == "rene@käse.example"
    assert "<rene@käse.example>".encode() in made.content
    assert b"SMTPUTF8" in made.commands[0]


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Robin", "r@r.example\r\nBcc: all@x.example"),
        ("Robin\r\nBcc: all@x.example", "r@r.example"),
        ("Robin", "r@r.example> SIZE=1\r\nRCPT TO:<all@x.example"),
        ("Robin", "r r@r.example"),
    ],
)
def test_nobody_gets_headers_or_commands_into_a_mail_by_a_name_or_an_address(name: str, email: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parcel(LETTER, replace(ENVELOPE, to_name=name, to_email=email))


def test_names_that_must_be_quoted_or_encoded_come_back() -> None:
    names = (
        "Robin Finch",
        "Finch, Robin",
        'Robin "Rob" Finch',
        "R. O'Neil",
        "",
        "Zoë",
        "a" * 70,
        "=?utf-8?q?Robin?=",
    )
    for name in names:
        content = parcel(LETTER, replace(ENVELOPE, to_name=name)).content
        assert people(content, "To") == (name, "robin@finch.example")
        assert read(content)["To"].addresses == (Address(name, addr_spec="robin@finch.example"),)
