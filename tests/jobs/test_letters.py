"""What a mail of the outbox says when it is made, and when it has no reason any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from db import calls, emails, people
from db.pool import Pool, transaction
from domain.call import Call, CallOwner, Invitee
from domain.email import Email, EmailKind, EmailStatus, TryResult
from domain.ids import InviteeId, uuid7
from domain.notices import agent_missing, changed_by_guest, no_show, notices
from jobs.letters import Letters
from notifications.letter import Letter, Stationery
from notifications.smtp import NotSent
from tests.sample import Tenant, a_call

pytestmark = pytest.mark.db

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
START = datetime(2027, 3, 10, 12, tzinfo=UTC)
URL = "https://calls.example.org"


class Desk:
    """Books and changes one call, and reads its mails as the sender would."""

    def __init__(self, pool: Pool, tenant: Tenant) -> None:
        self.pool = pool
        self.tenant = tenant
        self.letters = Letters(pool, Stationery(), secret="a secret of tests that is long enough", public_url=URL)

    async def book(self, **other: Any) -> Call:
        guest = Invitee(
            invitee_id=InviteeId(uuid7()),
            name="Robin",
            email="r@finch.example",
            link_revision=1,
            time_zone="Asia/Tokyo",
        )
        call = a_call(self.tenant.rep, **{"starts_at": START, "invitees": (guest,), **other})
        async with transaction(self.pool, self.tenant.organization_id) as connection:
            await calls.add(connection, call)
            await emails.queue(
                connection, call.organization_id, call.call_id, notices(None, call, self.tenant.rep, NOW)
            )
        return call

    async def change(self, before: Call, **other: Any) -> Call:
        async with transaction(self.pool, self.tenant.organization_id) as connection:
            after = await calls.change(connection, replace(before, **other), before.revision)
            assert after is not None
            owner = await people.get(connection, after.organization_id, after.owner.user_id)
            assert owner is not None
            due = notices(before, after, owner, NOW)
            await emails.queue(connection, after.organization_id, after.call_id, due)
        return after

    async def rows(self, call: Call, kind: EmailKind) -> list[Email]:
        async with transaction(self.pool, call.organization_id) as connection:
            return [
                row for row in await emails.of_call(connection, call.organization_id, call.call_id) if row.kind is kind
            ]

    async def send(self, call: Call, now: datetime) -> list[Letter]:
        """All that is due at `now`, taken by a server."""
        async with transaction(self.pool, call.organization_id) as connection:
            claimed = await emails.claim(connection, call.organization_id, now, 50)
        letters = [await self.letters.of(email) for email in claimed]
        ended = [TryResult(email=email, status=EmailStatus.SENT, ended_at=now) for email in claimed]
        async with transaction(self.pool, call.organization_id) as connection:
            await emails.end_tries(connection, ended)
        return letters


@pytest.fixture
async def desk(pool: Pool, tenant: Tenant) -> Desk:
    return Desk(pool, tenant)


def sequence_of(letter: Letter) -> int:
    event: Any = Calendar.from_ical(letter.calendar or b"").walk("VEVENT")[0]
    return int(event["sequence"])


async def test_three_moves_while_the_server_is_down_make_one_invite_with_the_last_time(desk: Desk) -> None:
    call = await desk.book()
    for hours in (1, 2, 3):
        call = await desk.change(call, starts_at=START + timedelta(hours=hours))
    (letter,) = await desk.send(call, NOW)
    assert letter.subject == "Invitation: Discovery, Thu 11 Mar, 00:00", "it is the first that they hear of it"
    assert sequence_of(letter) == 3


async def test_an_update_compares_with_what_the_guest_knows_and_not_with_what_was_never_sent(desk: Desk) -> None:
    call = await desk.book()
    await desk.send(call, NOW)
    call = await desk.change(call, starts_at=START + timedelta(hours=1))
    call = await desk.change(call, starts_at=START + timedelta(hours=2))
    (letter,) = await desk.send(call, NOW)
    assert letter.subject == "Changed: Discovery, Wed 10 Mar, 23:00"
    assert "It was planned for Wednesday, 10 March 2027, 21:00–22:00 (Asia/Tokyo, UTC+9)" in letter.text
    assert sequence_of(letter) == 2


async def test_a_mail_keeps_its_words_although_the_call_changes_while_it_is_on_its_way(desk: Desk) -> None:
    call = await desk.book()
    (row,) = await desk.rows(call, EmailKind.INVITE)
    before = await desk.letters.of(row)
    await desk.change(call, starts_at=START + timedelta(hours=1), title="Another")
    after = await desk.letters.of(row)
    assert (after.text, after.calendar) == (before.text, before.calendar)


async def test_the_link_survives_every_move(desk: Desk) -> None:
    call = await desk.book()
    (first,) = await desk.send(call, NOW)
    call = await desk.change(call, starts_at=START + timedelta(days=1))
    (second,) = await desk.send(call, NOW)
    links = [[word for word in letter.text.split() if "/join#" in word] for letter in (first, second)]
    assert links[0] == links[1] != []


async def test_a_removed_guest_is_told_in_their_own_zone(desk: Desk, pool: Pool) -> None:
    call = await desk.book()
    await desk.send(call, NOW)
    async with transaction(pool, call.organization_id) as connection:
        await calls.remove_invitee(connection, call.organization_id, call.call_id, call.invitees[0].invitee_id)
        after = await calls.get(connection, call.organization_id, call.call_id)
        assert after is not None
        due = notices(call, after, desk.tenant.rep, NOW)
        await emails.queue(connection, call.organization_id, call.call_id, due)
    (letter,) = await desk.send(call, NOW)
    assert letter.subject == "Cancelled: Discovery, Wed 10 Mar, 21:00"
    assert sequence_of(letter) == 1


async def test_a_reminder_of_what_is_no_longer_so_is_not_sent(desk: Desk) -> None:
    call = await desk.book()
    old = await desk.rows(call, EmailKind.REMINDER)
    await desk.change(call, starts_at=START + timedelta(days=1))
    assert len(old) == 3
    for row in old:
        with pytest.raises(NotSent, match="has changed since"):
            await desk.letters.of(row)
    fresh = [row for row in await desk.rows(call, EmailKind.REMINDER) if row.revision == 1]
    subjects = {(await desk.letters.of(row)).subject for row in fresh}
    assert subjects == {"Reminder: Discovery, Thu 11 Mar, 21:00", "Reminder: Discovery, Thu 11 Mar, 12:00"}


async def test_who_owned_the_call_before_is_not_reminded(desk: Desk) -> None:
    call = await desk.book()
    heir = desk.tenant.manager
    await desk.change(call, owner=CallOwner(user_id=heir.user_id, name=heir.name))
    to_users = [row for row in await desk.rows(call, EmailKind.REMINDER) if row.user_id]
    made = {row.user_id: await made_or_none(desk, row) for row in to_users}
    assert {user_id for user_id, letter in made.items() if letter} == {heir.user_id}


async def made_or_none(desk: Desk, row: Email) -> Letter | None:
    try:
        return await desk.letters.of(row)
    except NotSent:
        return None


async def test_a_mail_to_who_changed_their_name_still_goes(desk: Desk, pool: Pool) -> None:
    call = await desk.book()
    async with transaction(pool, call.organization_id) as connection:
        await connection.execute("UPDATE users SET name = 'Ada New' WHERE id = $1", desk.tenant.rep.user_id)
    for row in await desk.rows(call, EmailKind.REMINDER):
        assert (await desk.letters.of(row)).subject.startswith("Reminder: ")


async def test_mail_that_was_switched_off_meanwhile_is_not_sent(desk: Desk) -> None:
    call = await desk.book()
    await desk.change(call, switches=replace(call.switches, mail=False))
    for row in await desk.rows(call, EmailKind.INVITE):
        with pytest.raises(NotSent, match="switched off"):
            await desk.letters.of(row)


async def test_what_is_for_the_owner_leads_to_the_page_of_the_call(desk: Desk, pool: Pool) -> None:
    call = await desk.book()
    rep = desk.tenant.rep
    moved = replace(call, starts_at=START + timedelta(days=1))
    due = [
        *agent_missing(call, rep, NOW),
        *no_show(call, rep, NOW),
        *changed_by_guest(call, moved, rep, call.invitees[0], NOW, "Ill"),
    ]
    async with transaction(pool, call.organization_id) as connection:
        await emails.queue(connection, call.organization_id, call.call_id, due)
    for kind, subject in (
        (EmailKind.AGENT_MISSING, "Nova cannot come: Discovery"),
        (EmailKind.NO_SHOW, "Nobody came: Discovery"),
        (EmailKind.CHANGED_BY_GUEST, "Robin has moved the call: Discovery, Thu 11 Mar, 12:00"),
    ):
        (row,) = [row for row in await desk.rows(call, kind) if row.user_id]
        letter = await desk.letters.of(row)
        assert letter.subject == subject
        assert f"{URL}/calls/{call.call_id}" in letter.text
    (row,) = [row for row in await desk.rows(call, EmailKind.NO_SHOW) if row.invitee_id]
    assert (await desk.letters.of(row)).subject == "Missed: Discovery"


async def test_a_bounce_tells_the_owner_who_did_not_get_what_and_why(desk: Desk) -> None:
    call = await desk.book()
    (row,) = await desk.rows(call, EmailKind.INVITE)
    reply = "550 5.1.1 nobody of that name"
    async with transaction(desk.pool, call.organization_id) as connection:
        await emails.queue_undelivered(connection, row, reply)
    (told,) = await desk.rows(call, EmailKind.UNDELIVERED)
    letter = await desk.letters.of(told)
    assert (told.to_email, letter.reply_to, letter.calendar) == (desk.tenant.rep.email, None, None)
    assert letter.subject == "Robin did not get the invitation: Discovery"
    assert f"The mail to r@finch.example could not be delivered: {reply}" in letter.text
    assert f"{URL}/calls/{call.call_id}" in letter.text
