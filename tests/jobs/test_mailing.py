"""The outbox and its job, against a real database and a real SMTP server on the loopback."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from db import calls, emails, events, smtp
from db.jobs import Work
from db.pool import Pool, transaction
from db.sealed import Seal
from domain.call import Call, Invitee, Switches
from domain.email import Email, EmailKind, EmailStatus
from domain.event import AgentJoined
from domain.ids import EventId, Identity, InviteeId, uuid7
from domain.links import Link, Links
from domain.mail_server import ORGANIZATION_HEADER, MailSecurity, MailServer
from jobs.mailing import DELAYS, OUR_FAULT, Mailing
from notifications import smtp as delivering
from parley.ports import free_base_port
from tests.fakes.mail_server import FakeMailServer, running_mail_server
from tests.sample import Tenant, a_call, add_call

pytestmark = pytest.mark.db

SECRET = "s" * 32
PUBLIC_URL = "https://calls.parley.example"


@pytest.fixture
async def server() -> AsyncIterator[FakeMailServer]:
    async with running_mail_server() as running:
        yield running


def mailing_by(pool: Pool, installation: MailServer | None, mailbox_port: int | None = None) -> Mailing:
    return Mailing(pool, secret=SECRET, public_url=PUBLIC_URL, installation=installation, mailbox_port=mailbox_port)


@pytest.fixture
def mailing(pool: Pool, server: FakeMailServer) -> Mailing:
    return mailing_by(pool, server.address)


def robin(**other: Any) -> Invitee:
    facts = {"name": "Robin Finch", "email": "robin@finch.example", "link_revision": 1, **other}
    return Invitee(invitee_id=InviteeId(uuid7()), **facts)


async def booked(pool: Pool, tenant: Tenant, *invitees: Invitee, **other: Any) -> Call:
    """A call in the database with its invites in the outbox."""
    call = a_call(tenant.rep, starts_at=datetime.now(UTC), invitees=invitees or (robin(),), **other)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.add(connection, call)
        await emails.queue_invites(connection, call)
    return call


async def outbox(pool: Pool, call: Call) -> list[Email]:
    async with transaction(pool, call.organization_id) as connection:
        return await emails.of_call(connection, call.organization_id, call.call_id)


def work(email: Email) -> Work:
    return Work(organization_id=email.organization_id, id=email.email_id)


async def test_each_invitee_with_an_address_gets_one_invite_with_a_link_of_their_own(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    ana, ben, mute = (
        robin(name="Ana", email="ana@a.example"),
        robin(name="Ben", email="ben@b.example"),
        robin(email=None),
    )
    call = await booked(pool, tenant, ana, ben, mute)
    for email in await outbox(pool, call):
        assert await mailing.send(work(email), 0) is None
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
    assert all(email.sent_at and email.subject and email.subject.startswith("Invitation: ") for email in kept)


async def test_a_job_that_runs_twice_sends_one_mail(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    (email,) = await outbox(pool, await booked(pool, tenant))
    await mailing.send(work(email), 0)
    await mailing.send(work(email), 0)
    assert server.seen == 1


async def test_two_jobs_at_once_send_one_mail(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    (email,) = await outbox(pool, await booked(pool, tenant))
    server.hold = asyncio.Event()
    first = asyncio.create_task(mailing.send(work(email), 0))
    while not server.seen:
        await asyncio.sleep(0.01)
    again = await mailing.send(work(email), 0)
    assert again is not None
    assert 55 < again.total_seconds() < 62, "after the first one's claim"
    server.hold.set()
    assert await first is None
    assert server.seen == 1


async def test_a_sender_that_died_in_the_middle_leaves_a_mail_that_is_sent_later_under_the_same_id(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer, owner: Any
) -> None:
    (email,) = await outbox(pool, await booked(pool, tenant))
    server.hold = asyncio.Event()
    killed = asyncio.create_task(mailing.send(work(email), 0))
    while not server.seen:
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    server.hold.set()
    assert (await outbox(pool, await fresh(pool, email)))[0].status is EmailStatus.QUEUED
    await owner.execute("UPDATE emails SET claimed_until = now() WHERE id = $1", email.email_id)
    assert await mailing.send(work(email), 0) is None
    assert {message["Message-ID"] for message in server.taken} == {f"<{email.email_id}@calls.parley.example>"}


async def fresh(pool: Pool, email: Email) -> Call:
    assert email.call_id
    async with transaction(pool, email.organization_id) as connection:
        call = await calls.get(connection, email.organization_id, email.call_id)
    assert call
    return call


async def test_a_passing_refusal_is_tried_again_with_growing_pauses_and_then_given_up(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    server.answers = ["451 4.7.1 Greylisted, try again"] * (len(DELAYS) + 1)
    pauses = [await mailing.send(work(email), 0) for _ in range(len(DELAYS) + 1)]
    assert pauses == [*DELAYS, None]
    assert sum(pause.total_seconds() for pause in DELAYS) < 3600
    (kept,) = await outbox(pool, call)
    assert (kept.status, kept.attempts) == (EmailStatus.FAILED, 6)
    assert kept.problem == "The mail server 127.0.0.1 refused the mail: 451 4.7.1 Greylisted, try again"


async def test_a_refusal_that_passes_does_not_stay(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    server.answers = ["421 4.3.2 Going down"]
    assert await mailing.send(work(email), 0) == DELAYS[0]
    (waiting,) = await outbox(pool, call)
    assert (waiting.status, waiting.problem) == (
        EmailStatus.QUEUED, "The mail server 127.0.0.1 refused the mail: 421 4.3.2 Going down",
    )  # fmt: skip
    assert await mailing.send(work(email), 1) is None
    (sent,) = await outbox(pool, call)
    assert (sent.status, sent.attempts, sent.problem) == (EmailStatus.SENT, 2, None)


async def test_a_lasting_refusal_fails_at_once_with_the_servers_reason(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    server.answers = ["550 5.1.1 No such user"]
    assert await mailing.send(work(email), 0) is None
    (kept,) = await outbox(pool, call)
    assert (kept.status, kept.attempts) == (EmailStatus.FAILED, 1)
    assert kept.problem == "The mail server 127.0.0.1 refused the mail: 550 5.1.1 No such user"


async def test_a_server_that_is_away_is_tried_again(pool: Pool, tenant: Tenant, server: FakeMailServer) -> None:
    port = free_base_port()
    away = MailServer(
        host="127.0.0.1", port=port, security=MailSecurity.NONE, sender_name="P", sender_email="p@p.example"
    )
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    assert await mailing_by(pool, away).send(work(email), 0) == DELAYS[0]
    (kept,) = await outbox(pool, call)
    assert kept.problem == f"The mail server 127.0.0.1 cannot be reached on port {port}."


async def test_a_server_that_says_nothing_is_given_up_in_time(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "TRY_WITHIN_SECONDS", 0.3)
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    server.hold = asyncio.Event()
    assert await mailing.send(work(email), 0) == DELAYS[0]
    server.hold.set()
    (kept,) = await outbox(pool, call)
    assert kept.problem == "The mail server 127.0.0.1 did not answer in time."


async def test_nothing_is_said_in_the_clear_where_encryption_is_asked_for(
    pool: Pool, tenant: Tenant, server: FakeMailServer
) -> None:
    for security in (MailSecurity.STARTTLS, MailSecurity.TLS):
        wanted = MailServer(
            host="127.0.0.1", port=server.port, security=security, sender_name="P", sender_email="p@p.example"
        )
        (email,) = await outbox(pool, await booked(pool, tenant))
        assert await mailing_by(pool, wanted).send(work(email), 0) == DELAYS[0]
    assert server.seen == 0


async def test_without_any_mail_server_the_reason_says_who_can_set_one(pool: Pool, tenant: Tenant) -> None:
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    assert await mailing_by(pool, None).send(work(email), 0) == DELAYS[0]
    (kept,) = await outbox(pool, call)
    assert kept.problem == "No mail server is set. An admin can set one in the settings."


async def test_an_organizations_own_server_is_used_with_its_password(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    async with running_mail_server(sign_in=("ada", "pass wörd")) as own:
        sealed = MailServer(
            host="127.0.0.1", port=own.port, security=MailSecurity.NONE, user_name="ada",
            password=Seal(SECRET).close("pass wörd"), sender_name="Acme", sender_email="calls@acme.example",
        )  # fmt: skip
        async with transaction(pool, tenant.organization_id) as connection:
            await smtp.keep(connection, tenant.organization_id, sealed)
        (email,) = await outbox(pool, await booked(pool, tenant))
        assert await mailing.send(work(email), 0) is None
        (message,) = own.taken
        assert message["From"] == "Acme <calls@acme.example>"
    assert server.seen == 0


async def test_a_wrong_password_is_said_to_be_wrong(pool: Pool, tenant: Tenant, mailing: Mailing) -> None:
    async with running_mail_server(sign_in=("ada", "right")) as own:
        sealed = MailServer(
            host="127.0.0.1", port=own.port, security=MailSecurity.NONE, user_name="ada",
            password=Seal(SECRET).close("wrong"), sender_name="Acme", sender_email="calls@acme.example",
        )  # fmt: skip
        async with transaction(pool, tenant.organization_id) as connection:
            await smtp.keep(connection, tenant.organization_id, sealed)
        call = await booked(pool, tenant)
        (email,) = await outbox(pool, call)
        assert await mailing.send(work(email), 0) is None
    (kept,) = await outbox(pool, call)
    assert kept.status is EmailStatus.FAILED
    assert kept.problem is not None
    assert kept.problem.startswith("The mail server 127.0.0.1 refused the user name or password: 535")


async def test_a_call_with_its_mail_switched_off_writes_to_nobody(pool: Pool, tenant: Tenant) -> None:
    call = await booked(pool, tenant, switches=Switches(mail=False))
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, call.call_id, [joined(call, 1)])
        await emails.queue_summary(connection, tenant.organization_id, call.call_id)
    assert await outbox(pool, call) == []


def joined(call: Call, epoch: int) -> AgentJoined:
    return AgentJoined(
        event_id=EventId(uuid7()), call_id=call.call_id, at_ms=0, identity=Identity(f"agent-{epoch}"), epoch=epoch
    )


async def test_the_owner_is_told_once_that_the_agent_has_joined(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    call = await add_call(pool, tenant.rep)
    for epoch in (1, 2):
        async with transaction(pool, tenant.organization_id) as connection:
            await events.append(connection, tenant.organization_id, call.call_id, [joined(call, epoch)])
    (email,) = await outbox(pool, call)
    assert (email.kind, email.user_id) == (EmailKind.AGENT_JOINED, tenant.rep.user_id)
    await mailing.send(work(email), 0)
    (message,) = server.taken
    assert message["Subject"] == f"Nova has joined: {call.title}"
    body = message.get_body(("plain",))
    assert body is not None
    assert f"{PUBLIC_URL}/calls/{call.call_id}" in body.get_content()


async def test_an_invite_to_a_call_that_is_over_is_not_sent_any_more(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    call = await booked(pool, tenant)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, call.call_id, "ended by a colleague")
    (email,) = await outbox(pool, call)
    assert await mailing.send(work(email), 0) is None
    (kept,) = await outbox(pool, call)
    assert kept.problem == "The call was over before the mail could be sent."
    assert server.seen == 0


async def test_a_booking_that_is_rolled_back_leaves_neither_mail_nor_job(
    pool: Pool, tenant: Tenant, owner: Any
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM pgqueuer")
    call = a_call(tenant.rep, invitees=(robin(),))
    connection = await pool.acquire()
    changes = connection.transaction()
    await changes.start()
    await connection.execute("SELECT set_config('app.organization_id', $1, true)", str(tenant.organization_id))
    await calls.add(connection, call)
    await emails.queue_invites(connection, call)
    await changes.rollback()
    await pool.release(connection)
    assert await outbox(pool, call) == []
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == before


async def test_whoever_tries_a_mail_server_out_gets_a_mail_and_the_result(
    pool: Pool, tenant: Tenant, mailing: Mailing, server: FakeMailServer
) -> None:
    results = []
    for answers in ([], ["554 5.7.1 Not today"]):
        server.answers = answers
        async with transaction(pool, tenant.organization_id) as connection:
            trial_id = await smtp.queue_trial(connection, tenant.organization_id, tenant.manager.user_id)
            assert await smtp.trial_result(connection, tenant.organization_id, trial_id) is None
        asked = Work(organization_id=tenant.organization_id, id=trial_id)
        await mailing.try_out(asked, 0)
        await mailing.try_out(asked, 0)
        async with transaction(pool, tenant.organization_id) as connection:
            results.append(await smtp.trial_result(connection, tenant.organization_id, trial_id))
    assert results == [
        smtp.TrialResult(is_ok=True, detail=f"127.0.0.1 took a mail to {tenant.manager.email}."),
        smtp.TrialResult(is_ok=False, detail="The mail server 127.0.0.1 refused the mail: 554 5.7.1 Not today"),
    ]
    assert [str(message["To"]) for message in server.taken] == [f"{tenant.manager.name} <{tenant.manager.email}>"]
    assert server.seen == 2


async def test_a_mail_that_cannot_be_made_fails_and_the_log_names_nobody(
    pool: Pool,
    tenant: Tenant,
    mailing: Mailing,
    server: FakeMailServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("robin@finch.example is no address")

    monkeypatch.setattr("jobs.mailing.message", fails)
    call = await booked(pool, tenant)
    (email,) = await outbox(pool, call)
    assert await mailing.send(work(email), 0) is None
    (kept,) = await outbox(pool, call)
    assert (kept.status, kept.problem) == (EmailStatus.FAILED, OUR_FAULT)
    told = capsys.readouterr().out
    assert "mail not made" in told
    assert "ValueError" in told
    assert "mailing.py:" in told
    assert "finch" not in told
    assert server.seen == 0
