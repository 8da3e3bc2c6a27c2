"""From a mailbox read by real IMAP to the guest's row."""

from dataclasses import replace
from typing import Any

import pytest

from db import inboxes
from db.pool import Pool, transaction
from db.sealed import Seal
from jobs.reading import Reading
from tests.fakes.imap_server import running_mailbox
from tests.jobs.outbox import SECRET, booked, robin
from tests.notifications.test_answers import reply
from tests.sample import Tenant

pytestmark = pytest.mark.db


async def test_what_guests_answer_is_noted_at_their_own_row_and_only_in_their_organization(
    pool: Pool, tenant: Tenant, owner: Any
) -> None:
    await owner.execute("UPDATE organization_settings SET inbox = NULL")
    ana, ben = robin(name="Ana"), robin(name="Ben")
    call = await booked(pool, tenant, ana, ben)
    async with running_mailbox() as mailbox:
        mailbox.add(reply("DECLINED", uid=f"{call.call_id}.{ana.invitee_id}@parley"))
        mailbox.add(b"Subject: Hello\r\n\r\nNo answer at all")
        inbox = replace(mailbox.inbox, password=Seal(SECRET).close("word"))
        async with transaction(pool, tenant.organization_id) as connection:
            await inboxes.keep(connection, tenant.organization_id, inbox)
        await Reading(pool, secret=SECRET).run()
        await Reading(pool, secret=SECRET).run()
        assert mailbox.fetched == [1, 2], "no mail is read twice"
    rows = await owner.fetch("SELECT id, calendar_answer FROM invitees WHERE call_id = $1", call.call_id)
    assert {row["id"]: row["calendar_answer"] for row in rows} == {ana.invitee_id: "declined", ben.invitee_id: None}


async def test_an_inbox_that_cannot_be_read_keeps_nobody_else_from_reading(
    pool: Pool, tenant: Tenant, owner: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    await owner.execute("UPDATE organization_settings SET inbox = NULL")
    async with running_mailbox() as mailbox:
        inbox = replace(mailbox.inbox, password=Seal("x" * 32).close("word"))
        async with transaction(pool, tenant.organization_id) as connection:
            await inboxes.keep(connection, tenant.organization_id, inbox)
        await Reading(pool, secret=SECRET).run()
        assert mailbox.fetched == []
    assert "inbox not read" in capsys.readouterr().out
