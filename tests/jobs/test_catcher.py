"""From the outbox through real SMTP into the local mailbox."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.header import Header
from typing import Any

import aiosmtplib
import pytest

from db import mailbox
from db.pool import Pool, transaction
from domain.ids import uuid7
from domain.mail_server import ORGANIZATION_HEADER, MailSecurity, MailServer
from jobs.catcher import LARGEST_MAIL_BYTES, Catcher
from tests.jobs.outbox import StandingClock, booked, empty_outbox, outbox, sender_by
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db


@pytest.fixture
async def port(pool: Pool) -> AsyncIterator[int]:
    server = await Catcher(pool).listen(0)
    yield int(server.sockets[0].getsockname()[1])
    server.close()


async def caught(pool: Pool, tenant: Tenant, text: str = "") -> list[mailbox.CaughtMessage]:
    async with transaction(pool, tenant.organization_id) as connection:
        return await mailbox.search(connection, tenant.organization_id, text, before=None, most=2_000)


async def send(port: int, organization_id: object, *, subject: str = "Hello", body: str = "Words") -> None:
    message = f"{ORGANIZATION_HEADER}: {organization_id}\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()
    await aiosmtplib.send(
        message, sender="a@a.example", recipients=["b@b.example"], hostname="127.0.0.1", port=port, start_tls=False
    )


async def test_an_invite_arrives_whole_in_the_mailbox_of_its_organization_and_no_other(
    pool: Pool, tenant: Tenant, port: int, owner: Any
) -> None:
    await empty_outbox(owner)
    stranger = await add_tenant(pool)
    here = MailServer(
        host="127.0.0.1", port=port, security=MailSecurity.NONE, sender_name="Parley", sender_email="p@mailbox.invalid"
    )
    call = await booked(pool, tenant)
    sender = sender_by(pool, StandingClock(), here, mailbox_port=port)
    await sender.send_due()
    await sender.aclose()
    (email,) = await outbox(pool, call)
    (message,) = await caught(pool, tenant)
    assert (message.sender, message.recipients) == ("p@mailbox.invalid", ("robin@finch.example",))
    assert message.subject.startswith(f"Invitation: {call.title}")
    assert (datetime.now(UTC) - message.received_at).total_seconds() < 60
    async with transaction(pool, tenant.organization_id) as connection:
        whole = await mailbox.get(connection, tenant.organization_id, message.message_id)
    assert whole is not None
    assert f"Message-ID: <{email.email_id}@".encode() in whole.raw
    assert b"method=" in whole.raw
    assert await caught(pool, stranger) == []


@pytest.mark.parametrize("organization", ["", "nobody", str(uuid7())], ids=["none", "no id", "unknown"])
async def test_mail_for_nobody_here_is_refused(pool: Pool, port: int, organization: str) -> None:
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(port, organization)
    assert refused.value.code == 550


async def test_a_mail_that_is_too_large_is_refused(tenant: Tenant, port: int) -> None:
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await send(port, tenant.organization_id, body="x" * 70 + ("\r\n" + "x" * 70) * (LARGEST_MAIL_BYTES // 72 + 10))
    assert refused.value.code == 552


async def test_strange_bytes_are_kept_and_break_nothing(pool: Pool, tenant: Tenant, port: int) -> None:
    raw = (
        f"{ORGANIZATION_HEADER}: {tenant.organization_id}\r\n".encode()
        + b"Subject: =?utf-8?q?a=00b=ff?= \xff\xfe\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\0\xff"
    )
    await aiosmtplib.send(
        raw, sender="a@a.example", recipients=["b@b.example"], hostname="127.0.0.1", port=port, start_tls=False
    )
    (message,) = await caught(pool, tenant)
    assert "\0" not in message.subject


async def test_a_database_that_is_away_asks_the_sender_to_come_back(
    tenant: Tenant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mailbox, "add", fails)
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(port, tenant.organization_id)
    assert refused.value.code == 451


async def test_only_the_newest_are_kept(pool: Pool, tenant: Tenant, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        await send(port, tenant.organization_id, subject=f"Number {number}")
    assert [message.subject for message in await caught(pool, tenant)] == ["Number 4", "Number 3", "Number 2"]


async def test_the_mailbox_is_searched_in_subject_and_addresses_and_signs_are_only_signs(
    pool: Pool, tenant: Tenant, port: int
) -> None:
    for subject in ("100% sure", "Somewhat sure", "Summary: GRÜN"):
        await send(port, tenant.organization_id, subject=str(Header(subject, "utf-8").encode()))
    assert [message.subject for message in await caught(pool, tenant, "% SURE")] == ["100% sure"]
    assert [message.subject for message in await caught(pool, tenant, "grün")] == ["Summary: GRÜN"]
    assert len(await caught(pool, tenant, "b@b.example")) == 3
    assert await caught(pool, tenant, "nothing of the kind") == []


async def test_many_at_once_are_all_kept(pool: Pool, tenant: Tenant, port: int) -> None:
    await asyncio.gather(*(send(port, tenant.organization_id, subject=f"{number}") for number in range(30)))
    assert {message.subject for message in await caught(pool, tenant)} == {str(number) for number in range(30)}
