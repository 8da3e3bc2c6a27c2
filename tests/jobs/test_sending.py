"""The outbox and its sender, against a real database and real SMTP servers on the loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from db import calls, emails, events, mail_servers, suppression
from db.jobs import Work
from db.pool import Pool, transaction
from db.sealed import Seal
from domain.call import Switches
from domain.email import EmailKind, EmailStatus, SuppressionScope, TryResult
from domain.event import AgentJoined
from domain.ids import EventId, Identity, uuid7
from domain.links import Link, Links
from domain.mail_server import ORGANIZATION_HEADER, MailSecurity, MailServer
from jobs import outflow
from jobs.delivering import GREYLISTED_FOR, JITTER, OUR_FAULT, PAUSES
from jobs.sending import Sender
from jobs.servers import NO_SERVER, Servers
from jobs.trials import GONE, Trials
from notifications import smtp_line
from notifications.letter import Stationery
from parley.ports import free_base_port
from tests.conftest import eventually
from tests.fakes.mail_server import FakeMailServer, running_mail_server
from tests.jobs.outbox import (
    OUR_NAME,
    PUBLIC_URL,
    SECRET,
    StandingClock,
    a_notice,
    booked,
    claimed,
    empty_outbox,
    outbox,
    queue,
    robin,
    sender_by,
    use_servers,
)
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db

UNDELIVERED = EmailKind.UNDELIVERED


@pytest.fixture(autouse=True)
async def _empty_outbox(owner: Any) -> None:
    await empty_outbox(owner)


@pytest.fixture
async def server() -> AsyncIterator[FakeMailServer]:
    async with running_mail_server() as running:
        yield running


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def sender(pool: Pool, clock: StandingClock, server: FakeMailServer) -> AsyncIterator[Sender]:
    made = sender_by(pool, clock, server.address)
    yield made
    await made.aclose()


async def problem_of_server(pool: Pool, tenant: Tenant) -> tuple[str | None, datetime | None]:
    async with transaction(pool, tenant.organization_id) as connection:
        (server,) = await mail_servers.of(connection, tenant.organization_id)
    return server.problem, server.problem_at


def about(pause: timedelta) -> tuple[timedelta, timedelta]:
    return pause * (1 - JITTER), pause * (1 + JITTER)


async def test_each_invitee_with_an_address_gets_one_invite_with_a_link_of_their_own(
    pool: Pool, tenant: Tenant, sender: Sender, server: FakeMailServer
) -> None:
    ana, ben, mute = (
        robin(name="Ana", email="ana@a.example"),
        robin(name="Ben", email="ben@b.example"),
        robin(email=None),
    )
    call = await booked(pool, tenant, ana, ben, mute)
    await sender.send_due()
    to = {str(message["To"]): message for message in server.taken}
    assert set(to) == {"Ana <ana@a.example>", "Ben <ben@b.example>"}
    links = Links(secret=SECRET, public_url=PUBLIC_URL)
    for invitee, other in ((ana, ben), (ben, ana)):
        message = to[f"{invitee.name} <{invitee.email}>"]
        body = message.get_body(("plain",))
        assert body is not None
        mine, theirs = (
            links.address(Link(call_id=call.call_id, invitee_id=one.invitee_id, revision=1)) for one in (invitee, other)
        )
        assert mine in body.get_content()
        assert theirs not in message.as_string()
        assert message["Reply-To"] == f"{tenant.rep.name} <{tenant.rep.email}>"
        assert message[ORGANIZATION_HEADER] is None, "that is for our own catcher alone"
    kept = await outbox(pool, call)
    assert [(email.status, email.attempts, email.problem) for email in kept] == [(EmailStatus.SENT, 1, None)] * 2
    assert all(
        (email.sent_at, email.server_host, email.reply) == (email.sent_at, "127.0.0.1", "250 OK") for email in kept
    )
    assert all(email.sent_at and email.subject for email in kept)


async def test_what_was_sent_is_not_sent_again_and_what_two_send_at_once_is_sent_once(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    another = sender_by(pool, clock, server.address)
    await booked(pool, tenant, *(robin(email=f"{number}@finch.example") for number in range(30)))
    await asyncio.gather(sender.send_due(), another.send_due())
    await sender.send_due()
    assert sorted(str(message["To"]) for message in server.taken) == sorted(
        f"Robin Finch <{number}@finch.example>" for number in range(30)
    )
    await another.aclose()


async def test_a_sender_that_died_in_the_middle_leaves_a_mail_that_goes_to_the_same_server_under_the_same_id(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant)
    server.hold = asyncio.Event()
    async with running_mail_server() as other:
        first, second = replace(server.address, server_id=uuid7()), replace(other.address, server_id=uuid7())
        await use_servers(pool, tenant, first, second)
        killed = sender_by(pool, clock, None)
        sending = asyncio.create_task(killed.send_due())

        async def has_come() -> bool:
            return server.seen == 1

        await eventually(has_come, "the message is there")
        for flow in killed._outflows.values():
            flow.task.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        server.hold.set()
        (left,) = await outbox(pool, call)
        assert (left.status, left.server_id) == (EmailStatus.SENDING, first.server_id)
        successor = sender_by(pool, clock, None)
        await successor.send_due()
        assert server.seen == 1, "it is still claimed"
        await use_servers(pool, tenant, second, first)
        clock.pass_(seconds=emails.CLAIM_SECONDS + 1)
        await successor.send_due()
        await successor.aclose()
        assert other.seen == 0
    (sent,) = await outbox(pool, call)
    assert (sent.status, sent.attempts, sent.ambiguous_ends, sent.is_ambiguous) == (EmailStatus.SENT, 2, 1, False)
    assert {message["Message-ID"] for message in server.taken} == {f"<{sent.email_id}@{OUR_NAME}>"}


async def test_a_passing_refusal_is_tried_again_with_growing_pauses_until_its_time_is_over(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant, now=clock.now)
    (email,) = await outbox(pool, call)
    server.answers = ["452 4.2.2 Mailbox full"] * 20
    for pause in PAUSES[:5]:
        await sender.send_due()
        (waiting,) = await outbox(pool, call)
        assert waiting.status is EmailStatus.WAITING
        assert waiting.problem == "The mail server 127.0.0.1 refused the mail: 452 4.2.2 Mailbox full"
        shortest, longest = about(pause)
        assert shortest <= waiting.due_at - clock.now <= longest
        await sender.send_due()
        clock.now = waiting.due_at
    assert server.seen == 5, "never before its time"
    clock.now = email.expires_at
    await sender.send_due()
    (kept,) = await outbox(pool, call)
    assert (kept.status, server.seen) == (EmailStatus.EXPIRED, 5)


async def test_the_time_that_a_server_names_is_kept(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant, now=clock.now)
    for answer, pause in (
        ("451 4.7.1 Greylisted, come back in 00:03:20", timedelta(seconds=200)),
        ("450 4.2.0 Try again in 2 minutes", timedelta(minutes=2)),
        ("421 4.3.2 Retry after 90 seconds", timedelta(seconds=90)),
        ("451 4.7.1 Greylisted", GREYLISTED_FOR),
    ):
        server.answers = [answer]
        await sender.send_due()
        (waiting,) = await outbox(pool, call)
        assert (waiting.status, waiting.due_at - clock.now) == (EmailStatus.WAITING, pause)
        clock.now = waiting.due_at
    await sender.send_due()
    (sent,) = await outbox(pool, call)
    assert (sent.status, sent.attempts, sent.problem) == (EmailStatus.SENT, 5, None)


async def test_another_server_takes_what_the_first_does_not_but_greylisting_waits_for_the_same(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer
) -> None:
    async with running_mail_server() as other:
        first, second = replace(server.address, server_id=uuid7()), replace(other.address, server_id=uuid7())
        await use_servers(pool, tenant, first, second)
        sender = sender_by(pool, clock, None)
        passing = await booked(pool, tenant, now=clock.now)
        server.answers = ["452 4.3.1 No room"]
        await sender.send_due()
        (at_once,) = await outbox(pool, passing)
        assert (at_once.status, at_once.server_id) == (EmailStatus.SENT, second.server_id)
        greylisted = await booked(pool, tenant, now=clock.now)
        server.answers = ["451 4.7.1 Greylisted"]
        await sender.send_due()
        (waits,) = await outbox(pool, greylisted)
        assert (waits.status, waits.server_id, other.seen) == (EmailStatus.WAITING, first.server_id, 1)
        await use_servers(pool, tenant, second, first)
        clock.now = waits.due_at
        await sender.send_due()
        (sent,) = await outbox(pool, greylisted)
        assert (sent.status, sent.server_id, other.seen) == (EmailStatus.SENT, first.server_id, 1)
        await sender.aclose()


async def test_a_lasting_refusal_bounces_with_the_servers_reason_and_a_dead_address_is_not_written_to_again(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    refused, dead = "Refused@finch.example", "Dead@finch.example"
    for address, answer in ((refused, "554 5.7.1 Not today"), (dead, "550 5.1.1 No such user")):
        server.answers = [answer]
        call = await booked(pool, tenant, robin(email=address), now=clock.now)
        await sender.send_due()
        kept, told = await outbox(pool, call)
        assert (kept.status, kept.reply, kept.ended_at) == (EmailStatus.BOUNCED, answer, clock.now)
        assert kept.problem == f"The mail server 127.0.0.1 refused the mail: {answer}"
        assert (told.kind, told.user_id, told.invitee_id) == (UNDELIVERED, tenant.rep.user_id, kept.invitee_id)
        assert told.facts == {"guest_name": "Robin Finch", "guest_email": address, "kind": "invite", "reply": answer}
    async with transaction(pool, tenant.organization_id) as connection:
        (listed,) = await suppression.of(connection, tenant.organization_id)
    assert (listed.address, listed.scope, listed.detail) == (
        "dead@finch.example", SuppressionScope.EVERYTHING, "550 5.1.1 No such user",
    )  # fmt: skip
    seen = server.seen
    call = await booked(pool, tenant, robin(email=dead), robin(email=refused), now=clock.now)
    await sender.send_due()
    found = {email.to_email: email for email in await outbox(pool, call)}
    assert found[tenant.rep.email].facts["reply"] == found[dead].problem, "whom the list keeps from us is told of too"
    assert found[refused].status is EmailStatus.SENT
    assert found[dead].status is EmailStatus.BOUNCED
    assert "list" in (found[dead].problem or "")
    assert server.seen == seen + 2
    async with transaction(pool, tenant.organization_id) as connection:
        assert await suppression.lift(connection, tenant.organization_id, "DEAD@finch.example", listed.scope)
    call = await booked(pool, tenant, robin(email=dead), now=clock.now)
    await sender.send_due()
    assert [email.status for email in await outbox(pool, call)] == [EmailStatus.SENT]


async def test_who_asked_for_no_reminders_gets_everything_else(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    guest = robin()
    call = await booked(pool, tenant, guest, now=clock.now)
    reminder = a_notice(EmailKind.REMINDER, guest, clock.now, lead_minutes=15)
    await queue(pool, call, [reminder])
    async with transaction(pool, tenant.organization_id) as connection:
        await suppression.add_bounced(
            connection, tenant.organization_id, {"ROBIN@finch.example": ""}, SuppressionScope.REMINDERS
        )
    await sender.send_due()
    assert {email.kind: email.status for email in await outbox(pool, call)} == {
        EmailKind.INVITE: EmailStatus.SENT, EmailKind.REMINDER: EmailStatus.BOUNCED,
    }  # fmt: skip


async def test_a_server_that_is_away_is_left_alone_after_three_failures_and_asked_again_later(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer
) -> None:
    port = free_base_port()
    away = replace(server.address, server_id=uuid7(), port=port)
    sender = sender_by(pool, clock, away)
    call = await booked(pool, tenant, *(robin(email=f"{number}@finch.example") for number in range(20)), now=clock.now)
    await sender.send_due()
    kept = await outbox(pool, call)
    assert {email.status for email in kept} == {EmailStatus.WAITING}
    assert f"The mail server 127.0.0.1 cannot be reached on port {port}." in {email.problem for email in kept}
    assert sender._delivering.circuits.rests_until(away, clock.now) == clock.now + timedelta(seconds=30)
    attempts = sum(email.attempts for email in kept)
    clock.pass_(seconds=15)
    await sender.send_due()
    assert sum(email.attempts for email in await outbox(pool, call)) == attempts, "it rests"
    clock.pass_(seconds=16)
    await sender.send_due()
    assert sender._delivering.circuits.rests_until(away, clock.now) == clock.now + timedelta(seconds=60)
    await sender.aclose()


async def test_a_server_that_says_nothing_is_given_up_in_time_and_the_next_one_is_asked_if_the_message_was_not_out(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_line, "ANSWER_WITHIN_SECONDS", 0.3)
    async with running_mail_server() as other:
        first, second = replace(server.address, server_id=uuid7()), replace(other.address, server_id=uuid7())
        await use_servers(pool, tenant, first, second)
        sender = sender_by(pool, clock, None)
        call = await booked(pool, tenant, now=clock.now)
        server.hold = asyncio.Event()
        await sender.send_due()
        (kept,) = await outbox(pool, call)
        assert kept.problem == "The mail server 127.0.0.1 did not answer in time."
        assert (kept.status, kept.is_ambiguous, kept.ambiguous_ends) == (EmailStatus.WAITING, True, 1)
        server.hold.set()
        clock.now = kept.due_at
        await sender.send_due()
        (sent,) = await outbox(pool, call)
        assert (sent.status, sent.server_id, other.seen) == (EmailStatus.SENT, first.server_id, 0)
        await sender.aclose()


async def test_nothing_is_said_in_the_clear_where_encryption_is_asked_for(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer
) -> None:
    for security in (MailSecurity.STARTTLS, MailSecurity.TLS):
        call = await booked(pool, tenant, now=clock.now)
        sender = sender_by(pool, clock, server.secured(security))
        await sender.send_due()
        assert [email.status for email in await outbox(pool, call)] == [EmailStatus.WAITING]
        await sender.aclose()
    assert server.seen == 0


async def test_without_any_mail_server_the_reason_says_who_can_set_one(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call = await booked(pool, tenant, now=clock.now)
    sender = sender_by(pool, clock, None)
    await sender.send_due()
    (kept,) = await outbox(pool, call)
    assert (kept.status, kept.problem) == (EmailStatus.WAITING, NO_SERVER)


async def test_an_organizations_own_server_comes_first_with_its_password_and_the_local_mailbox_never_after_it(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer
) -> None:
    async with running_mail_server(sign_in=("ada", "pass wörd")) as own:
        acme = replace(own.address, server_id=uuid7(), sender_name="Acme", sender_email="calls@acme.example")
        await use_servers(pool, tenant, acme)
        sender = sender_by(pool, clock, server.address, mailbox_port=server.port)
        await booked(pool, tenant, now=clock.now)
        await sender.send_due()
        (message,) = own.taken
        assert message["From"] == "Acme <calls@acme.example>"
        own.answers = ["452 4.3.1 No room"]
        call = await booked(pool, tenant, now=clock.now)
        await sender.send_due()
        assert [email.status for email in await outbox(pool, call)] == [EmailStatus.WAITING]
        await sender.aclose()
    assert server.seen == 0


async def test_a_wrong_password_is_said_to_be_wrong_and_not_tried_in_a_loop(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    async with running_mail_server(sign_in=("ada", "right")) as own:
        locked = replace(own.address, password="wrong", server_id=uuid7())
        await use_servers(pool, tenant, locked)
        sender = sender_by(pool, clock, None)
        call = await booked(pool, tenant, now=clock.now)
        await sender.send_due()
        (kept,) = await outbox(pool, call)
        assert kept.status is EmailStatus.WAITING
        assert (kept.problem or "").startswith("The mail server 127.0.0.1 refused the user name or password: 535")
        assert await problem_of_server(pool, tenant) == (kept.problem, clock.now), "for admins to read"
        clock.pass_(minutes=9)
        await sender.send_due()
        assert [email.attempts for email in await outbox(pool, call)] == [1]
        await use_servers(pool, tenant, replace(own.address, server_id=locked.server_id))
        clock.pass_(seconds=3)
        await sender.send_due()
        assert [email.status for email in await outbox(pool, call)] == [EmailStatus.SENT], "it was mended"
        assert await problem_of_server(pool, tenant) == (None, None)
        await sender.aclose()


async def test_a_server_that_lets_us_in_again_has_no_problem_any_more(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    async with running_mail_server(sign_in=("ada", "new")) as own:
        await use_servers(pool, tenant, replace(own.address, password="old", server_id=uuid7()))
        sender = sender_by(pool, clock, None)
        await booked(pool, tenant, now=clock.now)
        await sender.send_due()
        assert (await problem_of_server(pool, tenant))[0]
        own.sign_in = ("ada", "old")
        clock.pass_(minutes=11)
        await sender.send_due()
        assert len(own.taken) == 1
        assert await problem_of_server(pool, tenant) == (None, None)
        await sender.aclose()


async def test_a_server_gets_no_more_in_a_minute_than_it_may_and_the_rest_waits(
    pool: Pool, tenant: Tenant, clock: StandingClock, server: FakeMailServer
) -> None:
    slow = replace(server.address, server_id=uuid7(), mails_a_minute=1)
    await use_servers(pool, tenant, slow)
    sender, another = sender_by(pool, clock, None), sender_by(pool, clock, None)
    call = await booked(pool, tenant, *(robin(email=f"{number}@finch.example") for number in range(10)), now=clock.now)
    await asyncio.gather(sender.send_due(), another.send_due())
    assert server.seen == 1, "one a minute, for all senders together"
    assert {email.status for email in await outbox(pool, call)} == {EmailStatus.SENT, EmailStatus.WAITING}
    await sender.aclose()
    await another.aclose()


async def test_a_call_with_its_mail_switched_off_writes_to_nobody(pool: Pool, tenant: Tenant) -> None:
    call = await booked(pool, tenant, switches=Switches(mail=False))
    async with transaction(pool, tenant.organization_id) as connection:
        await emails.queue_agent_joined(connection, tenant.organization_id, call.call_id)
        await emails.queue_summary(connection, tenant.organization_id, call.call_id)
    assert await outbox(pool, call) == []


async def test_the_owner_is_told_once_that_the_agent_has_joined(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    call = await add_call(pool, tenant.rep)
    for epoch in (1, 2):
        joined = AgentJoined(
            event_id=EventId(uuid7()), call_id=call.call_id, at_ms=0, identity=Identity(f"agent-{epoch}"), epoch=epoch
        )
        async with transaction(pool, tenant.organization_id) as connection:
            await events.append(connection, tenant.organization_id, call.call_id, [joined])
    (email,) = await outbox(pool, call)
    assert (email.kind, email.user_id) == (EmailKind.AGENT_JOINED, tenant.rep.user_id)
    clock.pass_(seconds=1)
    await sender.send_due()
    (message,) = server.taken
    assert message["Subject"] == f"Nova has joined: {call.title}"


async def test_an_invite_to_a_call_that_is_over_is_not_sent_any_more(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant, now=clock.now)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, call.call_id, "ended by a colleague")
    await sender.send_due()
    (kept,) = await outbox(pool, call)
    assert (kept.status, kept.problem) == (EmailStatus.EXPIRED, "The call was over before the mail could be sent.")
    assert server.seen == 0


async def test_a_running_sender_notices_at_once_what_is_written_down_and_ends_when_it_is_told_to(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    woken = asyncio.Event()

    async def wake(most_seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(most_seconds):
                await woken.wait()
        woken.clear()

    running = asyncio.create_task(sender.run(wake))
    for number in range(1, 4):
        await booked(pool, tenant, now=clock.now)
        woken.set()

        async def is_there(wanted: int = number) -> bool:
            return len(server.taken) == wanted

        await eventually(is_there, f"mail {number}")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_becomes_due_while_a_mail_is_slow_goes_out_meanwhile(
    pool: Pool, tenant: Tenant, clock: StandingClock, sender: Sender, server: FakeMailServer
) -> None:
    server.hold = released = asyncio.Event()
    slow = await booked(pool, tenant, now=clock.now)
    sending = asyncio.create_task(sender.send_due())

    async def has_come() -> bool:
        return server.seen == 1

    await eventually(has_come, "the first one is there")
    server.hold = None
    other = await booked(pool, tenant, now=clock.now)
    await sender._look()

    async def is_written_down() -> bool:
        return [email.status for email in await outbox(pool, other)] == [EmailStatus.SENT]

    await eventually(is_written_down, "the second one is sent")
    assert [email.status for email in await outbox(pool, slow)] == [EmailStatus.SENDING]
    released.set()
    await sending
    assert [email.status for email in await outbox(pool, slow)] == [EmailStatus.SENT]


async def test_a_database_that_refuses_for_a_moment_costs_no_copy(
    pool: Pool,
    tenant: Tenant,
    clock: StandingClock,
    sender: Sender,
    server: FakeMailServer,
    owner: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(outflow, "BACK_AFTER_SECONDS", 0.05)
    server.hold = asyncio.Event()
    call = await booked(pool, tenant, now=clock.now)
    sending = asyncio.create_task(sender.send_due())

    async def has_come() -> bool:
        return server.seen == 1

    await eventually(has_come, "the message is there")
    await owner.execute("REVOKE UPDATE ON emails FROM parley_app")
    try:
        server.hold.set()

        async def is_refused() -> bool:
            return "outbox away" in capsys.readouterr().out

        await eventually(is_refused, "the result is not taken")
    finally:
        await owner.execute("GRANT UPDATE ON emails TO parley_app")
    await sending
    (sent,) = await outbox(pool, call)
    assert (sent.status, sent.attempts, sent.ambiguous_ends, server.seen) == (EmailStatus.SENT, 1, 0, 1)


async def test_whoever_tries_a_mail_server_out_gets_a_mail_and_the_result(
    pool: Pool, tenant: Tenant, server: FakeMailServer
) -> None:
    own = replace(server.address, server_id=uuid7())
    await use_servers(pool, tenant, own)
    servers = Servers(pool, secret=SECRET, installation=None, mailbox_port=None)
    trials = Trials(pool, servers, Stationery(), OUR_NAME)
    results = []
    for answers, server_id in (([], own.server_id), (["554 5.7.1 Not today"], own.server_id), ([], uuid7())):
        server.answers = answers
        async with transaction(pool, tenant.organization_id) as connection:
            trial_id = await mail_servers.queue_trial(
                connection, tenant.organization_id, tenant.manager.user_id, server_id
            )
            assert await mail_servers.trial_result(connection, tenant.organization_id, trial_id) is None
        asked = Work(organization_id=tenant.organization_id, id=trial_id)
        await trials.run(asked, 0)
        await trials.run(asked, 0)
        async with transaction(pool, tenant.organization_id) as connection:
            results.append(await mail_servers.trial_result(connection, tenant.organization_id, trial_id))
    assert results == [
        mail_servers.TrialResult(is_ok=True, detail=f"127.0.0.1 took a mail to {tenant.manager.email}."),
        mail_servers.TrialResult(is_ok=False, detail="The mail server 127.0.0.1 refused the mail: 554 5.7.1 Not today"),
        mail_servers.TrialResult(is_ok=False, detail=GONE),
    ]
    assert [str(message["To"]) for message in server.taken] == [f"{tenant.manager.name} <{tenant.manager.email}>"]
    assert server.seen == 2


async def test_a_password_sealed_under_another_secret_has_to_be_entered_again(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    sealed = MailServer(
        server_id=uuid7(), host="127.0.0.1", port=1, security=MailSecurity.NONE, user_name="a",
        password=Seal("x" * 32).close("p"), sender_name="P", sender_email="p@p.example",
    )  # fmt: skip
    async with transaction(pool, tenant.organization_id) as connection:
        await mail_servers.keep(connection, tenant.organization_id, [sealed])
    call = await booked(pool, tenant, now=clock.now)
    await sender_by(pool, clock, None).send_due()
    (kept,) = await outbox(pool, call)
    assert kept.problem == "The password of the mail server has to be entered again."


async def test_a_mail_that_cannot_be_made_fails_and_the_log_names_nobody(
    pool: Pool,
    tenant: Tenant,
    clock: StandingClock,
    sender: Sender,
    server: FakeMailServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("robin@finch.example is no address")

    monkeypatch.setattr("jobs.delivering.parcel", fails)
    call = await booked(pool, tenant, now=clock.now)
    await sender.send_due()
    (kept,) = await outbox(pool, call)
    assert (kept.status, kept.problem) == (EmailStatus.FAILED, OUR_FAULT)
    told = capsys.readouterr().out
    assert "mail not made" in told
    assert "ValueError" in told
    assert "delivering.py:" in told
    assert "finch" not in told
    assert server.seen == 0


async def test_a_claim_that_has_run_out_and_was_taken_by_another_does_not_count_any_more(
    pool: Pool, tenant: Tenant, clock: StandingClock
) -> None:
    call = await booked(pool, tenant, now=clock.now)
    (zombie,) = await claimed(pool, tenant.organization_id, clock.now)
    clock.pass_(seconds=emails.CLAIM_SECONDS + 1)
    (successor,) = await claimed(pool, tenant.organization_id, clock.now)
    ends = [
        TryResult(email=email, status=status, ended_at=clock.now, due_at=clock.now)
        for email, status in ((zombie, EmailStatus.BOUNCED), (successor, EmailStatus.SENT))
    ]
    async with transaction(pool, tenant.organization_id) as connection:
        assert await emails.end_tries(connection, ends) == {successor.email_id}
        assert not await emails.turn_to(connection, zombie, uuid7())
    assert [email.status for email in await outbox(pool, call)] == [EmailStatus.SENT]
