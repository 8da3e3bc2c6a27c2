"""Mails that came back, in the words and the structure of the programs that write such reports."""

import random
from pathlib import Path

import pytest

from domain.ids import EmailId, uuid7
from domain.inbox import Complaint, Undelivered
from notifications.report import report_in

pytestmark = pytest.mark.unit

EMAIL = EmailId(uuid7())
ADDRESS = "Robin@finch.example"
WRITERS = ("postfix", "exchange", "gmail")


def report(
    writer: str,
    *,
    email_id: object = EMAIL,
    address: str = ADDRESS,
    action: str = "failed",
    status: str = "5.1.1",
) -> bytes:
    text = (Path(__file__).parent / "reports" / f"{writer}.eml").read_text()
    for name, value in {"email_id": email_id, "address": address, "action": action, "status": status}.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text.replace("\n", "\r\n").encode()


WORDS = {
    "postfix": "550 5.1.1 <Robin@finch.example>: Recipient address rejected: User unknown in virtual mailbox table",
    "exchange": (
        "550 5.1.1 RESOLVER.ADR.RecipientNotFound; Recipient Robin@finch.example not found by SMTP address lookup"
    ),
    "gmail": (
        "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the "
        "recipient's email address for typos or 550 5.1.1 unnecessary spaces."
    ),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_report_says_which_mail_to_whom_and_why(writer: str) -> None:
    found = report_in(report(writer))
    assert isinstance(found, Undelivered)
    assert (found.email_id, found.reply, found.is_address_dead) == (EMAIL, WORDS[writer], True)
    assert "robin@finch.example" in found.addresses


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_tried_again_or_handed_on_is_not_undelivered(writer: str, action: str) -> None:
    assert report_in(report(writer, action=action)) is None


@pytest.mark.parametrize(
    ("status", "is_dead"),
    [
        ("5.1.1", True),
        ("5.1.10", True),
        ("5.0.0", True),
        ("5.2.1", True),
        ("5.4.1", True),
        ("4.4.7", False),
        ("4.2.2", False),
        ("5.1.8", False),
        ("5.2.2", False),
        ("5.3.4", False),
        ("5.7.1", False),
        ("5.7.26", False),
        ("2.0.0", False),
        ("", False),
    ],
)
def test_an_address_is_dead_only_where_the_code_says_that_nobody_is_there(status: str, is_dead: bool) -> None:
    for writer in WRITERS:
        found = report_in(report(writer, status=status))
        assert isinstance(found, Undelivered)
        assert found.is_address_dead is is_dead


@pytest.mark.parametrize("writer", WRITERS)
def test_a_report_about_a_mail_that_is_not_ours_is_none(writer: str) -> None:
    assert report_in(report(writer, email_id="CAF=d3a9e1")) is None
    assert report_in(report(writer).replace(str(EMAIL).encode(), b"")) is None


def test_what_only_looks_like_a_report_is_none() -> None:
    assert report_in(report("postfix").replace(b"multipart/report", b"multipart/mixed")) is None
    forwarded = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    assert report_in(forwarded + report("gmail") + b"\r\n--x--\r\n") is None
    assert report_in(b"") is None


def test_a_complaint_says_about_which_mail() -> None:
    assert report_in(report("abuse", action="abuse")) == Complaint(email_id=EMAIL)
    assert report_in(report("abuse", action="not-spam")) is None


def test_no_report_is_too_broken_to_be_read() -> None:
    chance = random.Random(20261121)
    for writer in (*WRITERS, "abuse"):
        whole = report(writer, action="abuse" if writer == "abuse" else "failed")
        for _ in range(300):
            mail = bytearray(whole)
            for _ in range(chance.randint(1, 20)):
                mail[chance.randrange(len(mail))] = chance.randrange(256)
            assert isinstance(report_in(bytes(mail[: chance.randint(1, len(mail))])), Undelivered | Complaint | None)
