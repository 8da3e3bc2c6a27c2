"""Answers to invites: what calendar programs send, and what is no answer."""

import random
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from domain.call import CalendarAnswer
from domain.ids import CallId, InviteeId, uuid7
from domain.inbox import Answer
from notifications.answer import answer_in

pytestmark = pytest.mark.unit

CALL, GUEST = CallId(uuid7()), InviteeId(uuid7())


def reply(
    partstat: str = "ACCEPTED", *, method: str = "REPLY", uid: str = f"{CALL}.{GUEST}@parley", sequence: int = 2
) -> bytes:
    """As Outlook and Gmail send it."""
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0", f"METHOD:{method}",
        "BEGIN:VEVENT", "DTSTART:20270310T120000Z", "DTEND:20270310T130000Z", "DTSTAMP:20270301T090000Z",
        "ORGANIZER;CN=Ada:mailto:ada@acme.example", f"UID:{uid}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Robin:mailto:r@finch.example",
        f"SEQUENCE:{sequence}", "STATUS:CONFIRMED", "SUMMARY:Accepted: Discovery", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "r@finch.example", "ada@acme.example", "Accepted: Discovery"
    mail.set_content("Robin has accepted.")
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": method})
    return mail.as_bytes()


@pytest.mark.parametrize("said", list(CalendarAnswer))
def test_an_answer_says_who_which_call_and_what(said: CalendarAnswer) -> None:
    assert answer_in(reply(said.value.upper())) == Answer(
        call_id=CALL, invitee_id=GUEST, answer=said, sequence=2, answered_at=datetime(2027, 3, 1, 9, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "mail",
    [
        reply("NEEDS-ACTION"),
        reply(method="REQUEST"),
        reply(uid="somebody-elses@example.org"),
        reply(uid=f"{CALL}.{GUEST}@parley.example"),
        reply().replace(b"DTSTAMP:20270301T090000Z", b"DTSTAMP:20270301T090000"),
        b"Subject: Lunch\r\n\r\nToday?",
        b"",
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
    ],
)
def test_everything_else_is_no_answer(mail: bytes) -> None:
    assert answer_in(mail) is None


def test_no_mail_is_too_broken_to_be_read() -> None:
    chance, whole = random.Random(20261121), reply()
    for _ in range(2_000):
        mail = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            mail[chance.randrange(len(mail))] = chance.randrange(256)
        assert isinstance(answer_in(bytes(mail[: chance.randint(1, len(mail))])), Answer | None)
