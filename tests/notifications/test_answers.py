"""Answers to invites: what calendar programs send, what is no answer, and how a mailbox is read."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from domain.call import CalendarAnswer
from domain.ids import CallId, InviteeId, uuid7
from domain.inbox import Answer
from notifications.answer import answer_in
from notifications.inbox import KEYWORD, each_answer
from notifications.smtp import NotSent
from tests.fakes.imap_server import running_mailbox

pytestmark = pytest.mark.unit

CALL, GUEST = CallId(uuid7()), InviteeId(uuid7())


def reply(partstat: str = "ACCEPTED", *, method: str = "REPLY", uid: str = f"{CALL}.{GUEST}@parley") -> bytes:
    """As Outlook and Gmail send it."""
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0", f"METHOD:{method}",
        "BEGIN:VEVENT", "DTSTART:20270310T120000Z", "DTEND:20270310T130000Z", "DTSTAMP:20270301T090000Z",
        "ORGANIZER;CN=Ada:mailto:ada@acme.example", f"UID:{uid}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Robin:mailto:r@finch.example",
        "SEQUENCE:2", "STATUS:CONFIRMED", "SUMMARY:Accepted: Discovery", "END:VEVENT", "END:VCALENDAR", "",
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


async def test_a_mailbox_is_read_once_and_left_unread_for_people() -> None:
    kept: list[Answer] = []

    async def keep(answer: Answer) -> None:
        kept.append(answer)

    async with running_mailbox() as mailbox:
        for mail in (b"Subject: Lunch\r\n\r\nToday?\r\n", reply(), reply("DECLINED")):
            mailbox.add(mail)
        assert await each_answer(mailbox.inbox, keep) == 3
        assert await each_answer(mailbox.inbox, keep) == 0
        assert [answer.answer.value for answer in kept] == ["accepted", "declined"]
        assert mailbox.fetched == [1, 2, 3]
        assert set.union(*mailbox.keywords.values()) == {KEYWORD}


async def test_a_mail_whose_answer_was_not_kept_is_read_again() -> None:
    async def lose(_: Answer) -> None:
        raise ConnectionError("the database is away")

    async with running_mailbox() as mailbox:
        mailbox.add(reply())
        with pytest.raises(ConnectionError, match="the database"):
            await each_answer(mailbox.inbox, lose)
        assert mailbox.keywords == {}


async def test_a_wrong_password_is_said_to_be_wrong() -> None:
    async def keep(_: Answer) -> None: ...

    async with running_mailbox() as mailbox:
        with pytest.raises(NotSent, match=r"refused: .*wrong password"):
            await each_answer(replace(mailbox.inbox, password="other"), keep)
