"""From a mailbox read by real IMAP to the guest's row, the mail that came back, and its address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db import calls, emails, inboxes, suppression, timelines
from db.pool import Pool, transaction
from db.sealed import Seal
from domain.call import Call
from domain.email import Email, EmailKind, EmailStatus, SuppressionReason, TryResult
from domain.ids import uuid7
from domain.notices import notices
from jobs.reading import FOREIGN_PASSWORD, Reading
from tests.fakes.imap_server import FakeMailbox, running_mailbox
from tests.jobs.outbox import SECRET, booked, claimed, outbox, robin
from tests.notifications.test_answers import reply
from tests.notifications.test_reports import WRITERS, report
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def reading(pool: Pool) -> Reading:
    return Reading(pool, secret=SECRET, clock=lambda: NOW)


@pytest.fixture(autouse=True)
async def nobody_else_has_an_inbox(owner: Any) -> None:
    await owner.execute("UPDATE organization_settings SET inbox = NULL")


async def use(pool: Pool, tenant: Tenant, mailbox: FakeMailbox, secret: str = SECRET) -> None:
    inbox = replace(mailbox.inbox, password=Seal(secret).close("word"))
    async with transaction(pool, tenant.organization_id) as connection:
        await inboxes.keep(connection, tenant.organization_id, inbox)


async def sent_invite(pool: Pool, tenant: Tenant) -> tuple[Call, Email]:
    """To Robin, taken by a server."""
    call = await booked(pool, tenant, now=NOW)
    (email,) = await claimed(pool, tenant.organization_id, NOW)
    async with transaction(pool, tenant.organization_id) as connection:
        taken = TryResult(email=email, status=EmailStatus.SENT, ended_at=NOW, reply="250 2.0.0 Ok", server_host="h")
        await emails.end_tries(connection, [taken])
    return call, email


async def suppressed(pool: Pool, tenant: Tenant) -> dict[str, SuppressionReason]:
    async with transaction(pool, tenant.organization_id) as connection:
        return {one.address: one.reason for one in await suppression.of(connection, tenant.organization_id)}


async def test_what_guests_answer_is_noted_at_their_own_row_and_only_in_their_organization(
    pool: Pool, tenant: Tenant, owner: Any, reading: Reading
) -> None:
    ana, ben = robin(name="Ana"), robin(name="Ben")
    call = await booked(pool, tenant, ana, ben)
    async with running_mailbox() as mailbox:
        mailbox.add(reply("DECLINED", uid=f"{call.call_id}.{ana.invitee_id}@parley"))
        mailbox.add(b"Subject: Hello\r\n\r\nNo answer at all")
        await use(pool, tenant, mailbox)
        await reading.run()
        await reading.run()
        assert mailbox.fetched == [1, 2], "no mail is read twice"
    rows = await owner.fetch("SELECT id, calendar_answer FROM invitees WHERE call_id = $1", call.call_id)
    assert {row["id"]: row["calendar_answer"] for row in rows} == {ana.invitee_id: "declined", ben.invitee_id: None}


async def test_an_answer_to_another_time_than_the_call_has_says_nothing(
    pool: Pool, tenant: Tenant, owner: Any, reading: Reading
) -> None:
    call = await booked(pool, tenant, robin(), now=NOW, starts_at=NOW + timedelta(days=2))
    async with transaction(pool, tenant.organization_id) as connection:
        moved = await calls.change(connection, replace(call, starts_at=NOW + timedelta(days=3)), call.revision)
        assert moved is not None
        due = notices(call, moved, tenant.rep, NOW)
        await emails.queue(connection, call.organization_id, call.call_id, due)
    uid = f"{call.call_id}.{call.invitees[0].invitee_id}@parley"
    async with running_mailbox() as mailbox:
        await use(pool, tenant, mailbox)
        for sequence, noted in ((0, None), (1, "accepted")):
            mailbox.add(reply(uid=uid, sequence=sequence))
            await reading.run()
            found = await owner.fetchval("SELECT calendar_answer FROM invitees WHERE call_id = $1", call.call_id)
            assert found == noted


async def test_an_answer_counts_until_the_call_is_moved(pool: Pool, tenant: Tenant, reading: Reading) -> None:
    call = await booked(pool, tenant, robin(), now=NOW, starts_at=NOW + timedelta(days=2))
    async with running_mailbox() as mailbox:
        await use(pool, tenant, mailbox)
        mailbox.add(reply(uid=f"{call.call_id}.{call.invitees[0].invitee_id}@parley"))
        await reading.run()
    for other, kept in (({"title": "Another"}, "accepted"), ({"starts_at": NOW + timedelta(days=3)}, None)):
        async with transaction(pool, tenant.organization_id) as connection:
            changed = await calls.change(connection, replace(call, **other), call.revision)
        assert changed is not None
        call = changed
        assert call.invitees[0].calendar_answer == kept


async def test_an_inbox_that_cannot_be_read_keeps_nobody_else_from_reading(
    pool: Pool, tenant: Tenant, reading: Reading, capsys: pytest.CaptureFixture[str]
) -> None:
    other = await add_tenant(pool)
    call, email = await sent_invite(pool, other)
    async with running_mailbox() as broken, running_mailbox() as good:
        await use(pool, tenant, broken, secret="x" * 32)
        await use(pool, other, good)
        good.add(report("postfix", email_id=email.email_id, address=email.to_email))
        await reading.run()
        assert (broken.fetched, good.fetched) == ([], [1])
    assert "inbox not read" in capsys.readouterr().out
    invite, _ = await outbox(pool, call)
    assert invite.status is EmailStatus.BOUNCED


async def test_an_admin_can_read_why_the_inbox_is_not_read_until_it_is(
    pool: Pool, tenant: Tenant, reading: Reading
) -> None:
    async def problem() -> str | None:
        await reading.run()
        async with transaction(pool, tenant.organization_id) as connection:
            inbox = await inboxes.get(connection, tenant.organization_id)
        assert inbox is not None
        return inbox.problem

    async with running_mailbox() as mailbox:
        await use(pool, tenant, mailbox, secret="x" * 32)
        assert await problem() == FOREIGN_PASSWORD
        await use(pool, tenant, mailbox)
        mailbox.password = "another"
        assert await problem() == "The mailbox at 127.0.0.1 refused: [AUTHENTICATIONFAILED] wrong password"
        mailbox.password = "word"
        assert await problem() is None


async def test_another_inbox_is_read_from_its_beginning(pool: Pool, tenant: Tenant, reading: Reading) -> None:
    async with running_mailbox() as first, running_mailbox() as second:
        for mailbox in (first, second):
            mailbox.add(b"Subject: Hello\r\n\r\n")
            await use(pool, tenant, mailbox)
            await reading.run()
            assert mailbox.fetched == [1]


@pytest.mark.parametrize("writer", WRITERS)
async def test_a_mail_that_comes_back_later_is_bounced_its_address_dead_and_the_owner_told(
    pool: Pool, tenant: Tenant, reading: Reading, writer: str
) -> None:
    call, email = await sent_invite(pool, tenant)
    async with running_mailbox() as mailbox:
        for _ in range(2):
            mailbox.add(report(writer, email_id=email.email_id, address=email.to_email))
        await use(pool, tenant, mailbox)
        await reading.run()
    invite, told = await outbox(pool, call)
    assert (invite.status, invite.ended_at, invite.sent_at) == (EmailStatus.BOUNCED, NOW, NOW)
    assert (told.kind, told.user_id) == (EmailKind.UNDELIVERED, tenant.rep.user_id)
    assert told.facts["guest_name"] == "Robin Finch"
    assert "5.1.1" in told.facts["reply"]
    assert await suppressed(pool, tenant) == {email.to_email: SuppressionReason.BOUNCED}
    assert email.invitee_id is not None
    async with transaction(pool, tenant.organization_id) as connection:
        moments = await timelines.of_invitee(connection, tenant.organization_id, call.call_id, email.invitee_id)
    bounced = [moment for moment in moments or [] if moment.what is timelines.What.MAIL_BOUNCED]
    assert [(moment.at, moment.reply) for moment in bounced] == [(NOW, invite.reply)]


async def test_a_server_that_gave_up_for_now_does_not_make_an_address_dead(
    pool: Pool, tenant: Tenant, reading: Reading
) -> None:
    call, email = await sent_invite(pool, tenant)
    async with running_mailbox() as mailbox:
        mailbox.add(report("postfix", email_id=email.email_id, address=email.to_email, action="delayed"))
        await use(pool, tenant, mailbox)
        await reading.run()
        assert [mail.status for mail in await outbox(pool, call)] == [EmailStatus.SENT]
        mailbox.add(report("postfix", email_id=email.email_id, address=email.to_email, status="4.4.7"))
        await reading.run()
    assert [mail.status for mail in await outbox(pool, call)] == [EmailStatus.BOUNCED, EmailStatus.WAITING]
    assert await suppressed(pool, tenant) == {}


async def test_forged_reports_do_nothing(pool: Pool, tenant: Tenant, reading: Reading) -> None:
    call, email = await sent_invite(pool, tenant)
    _, foreign = await sent_invite(pool, await add_tenant(pool))
    async with running_mailbox() as mailbox:
        mailbox.add(report("gmail", email_id=uuid7(), address=email.to_email))
        mailbox.add(report("gmail", email_id="", address=email.to_email))
        mailbox.add(report("gmail", email_id=email.email_id, address="somebody@else.example"))
        mailbox.add(report("gmail", email_id=foreign.email_id, address=foreign.to_email))
        mailbox.add(report("abuse", email_id=foreign.email_id, action="abuse"))
        await use(pool, tenant, mailbox)
        await reading.run()
        assert len(mailbox.fetched) == 5
    assert [mail.status for mail in await outbox(pool, call)] == [EmailStatus.SENT]
    assert await suppressed(pool, tenant) == {}


async def test_whoever_calls_our_mail_unwanted_gets_none_any_more(pool: Pool, tenant: Tenant, reading: Reading) -> None:
    call, email = await sent_invite(pool, tenant)
    async with running_mailbox() as mailbox:
        mailbox.add(report("abuse", email_id=email.email_id, action="abuse"))
        await use(pool, tenant, mailbox)
        await reading.run()
    assert await suppressed(pool, tenant) == {email.to_email: SuppressionReason.COMPLAINED}
    assert [mail.status for mail in await outbox(pool, call)] == [EmailStatus.SENT]
