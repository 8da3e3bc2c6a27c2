"""The outbox as rows: once for each reason, the newest word only, and nothing late."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from db import calls, emails, suppression
from db.pool import Pool, transaction
from domain.call import Call, Invitee
from domain.email import Email, EmailKind, EmailStatus, TryResult
from domain.ids import uuid7
from tests.jobs.outbox import StandingClock, a_notice, booked, claimed, empty_outbox, outbox, queue, robin
from tests.sample import Tenant

pytestmark = pytest.mark.db

INVITE, UPDATE, CANCEL, REMINDER = EmailKind.INVITE, EmailKind.UPDATE, EmailKind.CANCEL, EmailKind.REMINDER


@pytest.fixture(autouse=True)
async def _empty_outbox(owner: Any) -> None:
    await empty_outbox(owner)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


async def a_silent_call(pool: Pool, tenant: Tenant, clock: StandingClock) -> Call:
    """Whose mails the test writes down itself."""
    return await booked(pool, tenant, robin(email=None), now=clock.now)


async def end(pool: Pool, email: Email, status: EmailStatus, clock: StandingClock, **about: Any) -> None:
    result = TryResult(email=email, status=status, ended_at=clock.now, **about)
    async with transaction(pool, email.organization_id) as connection:
        await emails.end_tries(connection, [result])


async def found(pool: Pool, call: Call) -> list[tuple[EmailKind, int, EmailStatus]]:
    return [(email.kind, email.revision, email.status) for email in await outbox(pool, call)]


async def test_one_reason_makes_one_mail_however_often_it_is_written_down(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    for _ in range(3):
        await queue(pool, call, [a_notice(INVITE, guest, clock.now), a_notice(REMINDER, guest, clock.now)])
    assert len(await outbox(pool, call)) == 2


async def test_three_moves_while_nothing_could_be_sent_make_one_mail(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call, guest, other = await a_silent_call(pool, tenant, clock), robin(), robin(email="other@finch.example")
    await queue(pool, call, [a_notice(INVITE, one, clock.now) for one in (guest, other)])
    await queue(pool, call, [a_notice(REMINDER, guest, clock.now + timedelta(hours=1), lead_minutes=15)])
    for revision in (1, 2, 3):
        await queue(pool, call, [a_notice(UPDATE, guest, clock.now, revision)])
        await queue(pool, call, [a_notice(REMINDER, guest, clock.now, revision, lead_minutes=15)])
    batch = await claimed(pool, tenant.organization_id, clock.now)
    assert sorted((email.to_email, email.kind, email.revision) for email in batch) == [
        ("other@finch.example", INVITE, 0), ("robin@finch.example", REMINDER, 3), ("robin@finch.example", UPDATE, 3),
    ]  # fmt: skip


async def test_who_never_had_an_invite_gets_no_cancel(pool: Pool, tenant: Tenant, clock: StandingClock) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    await queue(pool, call, [a_notice(INVITE, guest, clock.now)])
    await queue(pool, call, [a_notice(CANCEL, guest, clock.now, 1)])
    assert await found(pool, call) == [(INVITE, 0, EmailStatus.SUPERSEDED)]


@pytest.mark.parametrize("how", ["sent", "in the middle", "perhaps"])
async def test_who_may_have_had_an_invite_gets_the_cancel(
    pool: Pool, tenant: Tenant, clock: StandingClock, how: str
) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    await queue(pool, call, [a_notice(INVITE, guest, clock.now)])
    (email,) = await claimed(pool, tenant.organization_id, clock.now)
    if how == "sent":
        await end(pool, email, EmailStatus.SENT, clock)
    if how == "perhaps":
        await end(pool, email, EmailStatus.WAITING, clock, is_ambiguous=True, due_at=clock.now)
    await queue(pool, call, [a_notice(CANCEL, guest, clock.now, 1)])
    assert (CANCEL, 1, EmailStatus.WAITING) in await found(pool, call)
    if how == "in the middle":
        await end(pool, email, EmailStatus.WAITING, clock, due_at=clock.now)
        assert (INVITE, 0, EmailStatus.SUPERSEDED) in await found(pool, call), "it does not go out after the cancel"


async def test_what_a_dead_sender_left_is_not_sent_when_a_newer_one_says_it_better(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    await queue(pool, call, [a_notice(INVITE, guest, clock.now)])
    await claimed(pool, tenant.organization_id, clock.now)
    await queue(pool, call, [a_notice(UPDATE, guest, clock.now, 1)])
    clock.pass_(seconds=emails.CLAIM_SECONDS + 1)
    assert [email.kind for email in await claimed(pool, tenant.organization_id, clock.now)] == [UPDATE]
    assert await found(pool, call) == [(INVITE, 0, EmailStatus.SUPERSEDED), (UPDATE, 1, EmailStatus.SENDING)]


async def test_a_reminder_is_not_sent_late_nor_for_a_time_or_an_owner_that_is_no_more(
    pool: Pool, tenant: Tenant, clock: StandingClock, owner: Any
) -> None:
    guest = robin()
    starts_at = clock.now + timedelta(days=2)
    call = await booked(pool, tenant, guest, now=clock.now, starts_at=starts_at)
    reminders = [email for email in await outbox(pool, call) if email.kind is REMINDER]
    assert {(email.lead_minutes, email.user_id is None) for email in reminders} == {
        (1440, True),
        (15, True),
        (15, False),
    }
    for email in await claimed(pool, tenant.organization_id, clock.now):
        await end(pool, email, EmailStatus.SENT, clock)
    clock.now = starts_at - timedelta(minutes=14)
    await owner.execute("UPDATE calls SET owner_id = $1 WHERE id = $2", tenant.manager.user_id, call.call_id)
    (to_guest,) = await claimed(pool, tenant.organization_id, clock.now)
    assert (to_guest.invitee_id, to_guest.lead_minutes) == (guest.invitee_id, 15)
    await end(pool, to_guest, EmailStatus.WAITING, clock, due_at=clock.now)
    async with transaction(pool, tenant.organization_id) as connection:
        moved = replace(call, starts_at=starts_at + timedelta(days=1))
        await calls.change(connection, moved, call.revision)
    assert await claimed(pool, tenant.organization_id, clock.now) == []
    statuses = sorted(email.status for email in await outbox(pool, call) if email.kind is REMINDER)
    assert statuses == [EmailStatus.EXPIRED, EmailStatus.SUPERSEDED, EmailStatus.SUPERSEDED]


async def test_what_ends_first_goes_first(pool: Pool, tenant: Tenant, clock: StandingClock) -> None:
    call = await a_silent_call(pool, tenant, clock)
    dice = random.Random(6)
    ends = [clock.now + timedelta(minutes=dice.randint(1, 10_000)) for _ in range(40)]
    guests = [robin(email=f"{number}@finch.example") for number in range(40)]
    await queue(
        pool, call, [a_notice(INVITE, guest, clock.now, expires_at=at) for guest, at in zip(guests, ends, strict=True)]
    )
    taken = []
    while batch := await claimed(pool, tenant.organization_id, clock.now, most=7):
        taken += [email.expires_at for email in batch]
    assert taken == sorted(ends)


async def again(pool: Pool, call: Call, guest: Invitee, clock: StandingClock) -> Email | None:
    async with transaction(pool, call.organization_id) as connection:
        return await emails.resend(connection, call.organization_id, call.call_id, guest.invitee_id, clock.now)


async def test_a_notice_is_sent_again_when_somebody_wants_it(pool: Pool, tenant: Tenant, clock: StandingClock) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    assert await again(pool, call, guest, clock) is None, "nothing was sent yet"
    await queue(pool, call, [a_notice(INVITE, guest, clock.now), a_notice(UPDATE, guest, clock.now, 1)])
    for number in (1, 2):
        (email,) = await claimed(pool, tenant.organization_id, clock.now)
        await end(pool, email, EmailStatus.SENT, clock)
        resent = await again(pool, call, guest, clock)
        assert resent
        assert (resent.kind, resent.revision, resent.resent, resent.status) == (UPDATE, 1, number, EmailStatus.WAITING)
    clock.pass_(days=4)
    assert await again(pool, call, guest, clock) is None, "its time is over"


async def test_what_still_waits_is_sent_again_by_sending_it_now(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    await queue(pool, call, [a_notice(INVITE, guest, clock.now)])
    (email,) = await claimed(pool, tenant.organization_id, clock.now)
    in_an_hour = clock.now + timedelta(hours=1)
    first = await again(pool, call, guest, clock)
    assert first
    assert (first.email_id, first.status) == (email.email_id, EmailStatus.SENDING), "it is on its way"
    await end(pool, email, EmailStatus.WAITING, clock, due_at=in_an_hour)
    hastened = await again(pool, call, guest, clock)
    assert hastened
    assert (hastened.email_id, hastened.due_at) == (email.email_id, clock.now)
    (email,) = await claimed(pool, tenant.organization_id, clock.now)
    await end(pool, email, EmailStatus.WAITING, clock, due_at=in_an_hour, server_id=uuid7())
    greylisted = await again(pool, call, guest, clock)
    assert greylisted
    assert greylisted.due_at == in_an_hour, "a server that named a time is not asked before it"
    assert len(await outbox(pool, call)) == 1


async def test_two_who_want_it_sent_again_at_once_make_one_mail(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call, guest = await a_silent_call(pool, tenant, clock), robin()
    await queue(pool, call, [a_notice(INVITE, guest, clock.now)])
    (email,) = await claimed(pool, tenant.organization_id, clock.now)
    await end(pool, email, EmailStatus.SENT, clock)
    made = await asyncio.gather(*(again(pool, call, guest, clock) for _ in range(4)))
    assert len({one.email_id for one in made if one}) == 1
    assert None not in made
    assert len(await outbox(pool, call)) == 2


async def test_every_end_has_its_time(pool: Pool, tenant: Tenant, clock: StandingClock) -> None:
    call = await a_silent_call(pool, tenant, clock)
    ends = (EmailStatus.SENT, EmailStatus.BOUNCED, EmailStatus.FAILED, EmailStatus.EXPIRED)
    guests = {status: robin(email=f"{status}@finch.example") for status in ends}
    late, overtaken, listed = (robin(email=f"{name}@finch.example") for name in ("late", "overtaken", "listed"))
    soon = clock.now + timedelta(minutes=5)
    await queue(pool, call, [a_notice(INVITE, guest, clock.now) for guest in (*guests.values(), overtaken)])
    await queue(pool, call, [a_notice(UPDATE, overtaken, clock.now, 1)])
    by_address = {email.to_email: email for email in await claimed(pool, tenant.organization_id, clock.now)}
    for status, guest in guests.items():
        await end(pool, by_address[guest.email or ""], status, clock)
    await queue(pool, call, [a_notice(INVITE, late, clock.now, expires_at=soon), a_notice(INVITE, listed, clock.now)])
    async with transaction(pool, tenant.organization_id) as connection:
        await suppression.add_bounced(connection, tenant.organization_id, {"listed@finch.example": "550 5.1.1 Nobody"})
    clock.pass_(minutes=10)
    await claimed(pool, tenant.organization_id, clock.now)
    mails = {(email.to_email, email.kind): email for email in await outbox(pool, call)}
    assert mails["late@finch.example", INVITE].ended_at == soon
    assert mails["listed@finch.example", INVITE].ended_at == clock.now
    on_their_way = {EmailStatus.WAITING, EmailStatus.SENDING}
    assert {email.status for email in mails.values()} - on_their_way == {*ends, EmailStatus.SUPERSEDED}
    assert all((email.ended_at is None) == (email.status in on_their_way) for email in mails.values())


async def test_the_owner_learns_once_for_each_guest_and_revision_who_could_not_be_written_to(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call, guest, other = await a_silent_call(pool, tenant, clock), robin(), robin(email="other@finch.example")
    await queue(pool, call, [a_notice(INVITE, one, clock.now) for one in (guest, other)])
    await queue(pool, call, [a_notice(EmailKind.NO_SHOW, guest, clock.now)])
    for email in await claimed(pool, tenant.organization_id, clock.now):
        await end(pool, email, EmailStatus.BOUNCED, clock, reply="550 5.7.1 No")
    told = await claimed(pool, tenant.organization_id, clock.now)
    assert {(email.kind, email.user_id) for email in told} == {(EmailKind.UNDELIVERED, tenant.rep.user_id)}
    assert sorted(str(email.invitee_id) for email in told) == sorted(str(one.invitee_id) for one in (guest, other))
    for email in told:
        await end(pool, email, EmailStatus.BOUNCED, clock, reply="550 5.7.1 No")
    assert await claimed(pool, tenant.organization_id, clock.now) == [], "nobody is told that one of us was not told"
    await queue(pool, call, [a_notice(UPDATE, guest, clock.now, 1)])
    (email,) = await claimed(pool, tenant.organization_id, clock.now)
    await end(pool, email, EmailStatus.BOUNCED, clock, reply="550 5.7.1 No")
    assert [email.revision for email in await claimed(pool, tenant.organization_id, clock.now)] == [1]


async def test_an_undone_booking_leaves_no_mail(pool: Pool, tenant: Tenant, clock: StandingClock) -> None:
    call = await a_silent_call(pool, tenant, clock)

    async def booked_and_undone() -> None:
        async with transaction(pool, tenant.organization_id) as connection:
            await emails.queue(connection, call.organization_id, call.call_id, [a_notice(INVITE, robin(), clock.now)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await booked_and_undone()
    assert await outbox(pool, call) == []
