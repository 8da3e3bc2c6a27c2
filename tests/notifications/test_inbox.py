"""How a mailbox is read: each mail once, in order, and nothing in it is changed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.inbox import Answer, Found, Mark
from domain.mail_server import MailSecurity
from notifications import inbox
from notifications.inbox import read_new
from notifications.smtp import NotSent
from tests.certificates import make_certificate
from tests.fakes.imap_server import TODAY, FakeMailbox, running_mailbox
from tests.notifications.test_answers import reply

pytestmark = pytest.mark.unit

LUNCH = b"Subject: Lunch\r\n\r\nToday?\r\n"


class Reader:
    """Remembers what a mailbox said, and up to where it was read."""

    def __init__(self, mailbox: FakeMailbox) -> None:
        self.mailbox = mailbox
        self.inbox = mailbox.inbox
        self.found: list[Found | None] = []

    async def read(self, keep: Callable[[Mark, Found | None], Awaitable[None]] | None = None) -> int:
        return await read_new(self.inbox, TODAY, keep or self.keep)

    async def keep(self, mark: Mark, found: Found | None) -> None:
        self.inbox = replace(self.inbox, read_to=mark)
        self.found.append(found)


async def test_a_mailbox_is_read_once_and_in_order() -> None:
    async with running_mailbox() as mailbox:
        reader = Reader(mailbox)
        assert await reader.read() == 0
        for mail in (LUNCH, reply(), reply("DECLINED")):
            mailbox.add(mail)
        assert await reader.read() == 3
        assert await reader.read() == 0
        mailbox.add(LUNCH)
        assert await reader.read() == 1
        assert [found.answer.value for found in reader.found if isinstance(found, Answer)] == ["accepted", "declined"]
        assert mailbox.fetched == [1, 2, 3, 4]


async def test_what_had_come_long_before_is_left_alone() -> None:
    async with running_mailbox() as mailbox:
        mailbox.add(reply(), TODAY - timedelta(days=1))
        mailbox.add(LUNCH)
        assert await Reader(mailbox).read() == 1
        assert mailbox.fetched == [2]


async def test_a_mail_whose_answer_was_not_kept_is_read_again() -> None:
    async def lose(mark: Mark, found: Found | None) -> None:
        raise ConnectionError("the database is away")

    async with running_mailbox() as mailbox:
        reader = Reader(mailbox)
        mailbox.add(reply())
        with pytest.raises(ConnectionError, match="the database"):
            await reader.read(lose)
        assert await reader.read() == 1
        assert len(reader.found) == 1


async def test_a_mailbox_with_new_numbers_is_read_anew() -> None:
    async with running_mailbox() as mailbox:
        reader = Reader(mailbox)
        mailbox.add(reply())
        await reader.read()
        mailbox.validity = 2
        assert await reader.read() == 1
        assert reader.inbox.read_to == Mark(validity=2, number=1)


async def test_a_full_mailbox_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_AT_ONCE", 2)
    async with running_mailbox() as mailbox:
        reader = Reader(mailbox)
        for _ in range(3):
            mailbox.add(LUNCH)
        assert [await reader.read() for _ in range(3)] == [2, 1, 0]


async def test_a_wrong_password_is_said_to_be_wrong() -> None:
    async with running_mailbox() as mailbox:
        reader = Reader(mailbox)
        reader.inbox = replace(reader.inbox, password="other")
        with pytest.raises(NotSent, match=r"refused: \[AUTHENTICATIONFAILED\] wrong password$"):
            await reader.read()


async def test_passwords_may_have_any_letters() -> None:
    async with running_mailbox() as mailbox:
        mailbox.password = 'größer \\ "7"'
        mailbox.add(reply())
        assert await Reader(mailbox).read() == 1


ENCRYPTED = [MailSecurity.TLS, MailSecurity.STARTTLS]


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_mailbox_is_read_over_tls(
    security: MailSecurity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path / "good.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with running_mailbox(security, certificate) as mailbox:
        mailbox.add(reply())
        assert await Reader(mailbox).read() == 1


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_password_is_given_to_nobody_with_another_certificate(security: MailSecurity, tmp_path: Path) -> None:
    async with running_mailbox(security, make_certificate(tmp_path / "bad.pem")) as mailbox:
        with pytest.raises(NotSent, match="a certificate that is not trusted"):
            await Reader(mailbox).read()
        assert "LOGIN" not in mailbox.commands


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_password_is_never_sent_in_clear_where_encryption_was_set(security: MailSecurity) -> None:
    async with running_mailbox() as mailbox:
        reader = Reader(mailbox)
        reader.inbox = replace(reader.inbox, security=security)
        with pytest.raises(NotSent):
            await reader.read()
        assert "LOGIN" not in mailbox.commands
