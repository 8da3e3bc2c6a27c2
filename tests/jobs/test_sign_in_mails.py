"""Mails with links that sign in: whom they reach, what they open, and when they are not sent any more."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from db import emails, sign_in_links
from db.pool import Pool, transaction
from domain.email import EmailKind, EmailStatus
from domain.ids import SignInLinkId
from domain.links import LinkPurpose, SignInLinks
from domain.people import User
from jobs.sending import Sender
from tests.fakes.mail_server import FakeMailServer, running_mail_server
from tests.jobs.outbox import PUBLIC_URL, SECRET, StandingClock, empty_outbox, sender_by
from tests.sample import Tenant

pytestmark = pytest.mark.db

NOT_ANY_MORE = "The link was no longer good before the mail could be sent."


@pytest.fixture
async def server() -> AsyncIterator[FakeMailServer]:
    async with running_mail_server() as running:
        yield running


@pytest.fixture
async def sender(pool: Pool, server: FakeMailServer, owner: Any) -> AsyncIterator[Sender]:
    await empty_outbox(owner)
    made = sender_by(pool, StandingClock(), server.address)
    yield made
    await made.aclose()


async def queued(pool: Pool, user: User, purpose: LinkPurpose) -> SignInLinkId:
    async with transaction(pool, user.organization_id) as connection:
        link_id = await sign_in_links.add(connection, user, purpose)
        await emails.queue_link(connection, user, purpose, link_id)
    return link_id


async def outbox(owner: Any, user: User) -> list[Any]:
    rows: list[Any] = await owner.fetch(
        "SELECT id, kind, call_id, link_id, invitee_id, user_id, to_email, status, problem FROM emails "
        "WHERE user_id = $1 ORDER BY created_at",
        user.user_id,
    )
    return rows


async def invited(owner: Any, user: User) -> User:
    await owner.execute("UPDATE users SET status = 'invited' WHERE id = $1", user.user_id)
    return user


def links_in(message: Any) -> set[str]:
    return set(re.findall(r"https://calls\S+", message.get_body(("plain",)).get_content()))


async def test_a_link_reaches_its_person_and_nobody_else_and_is_the_one_in_the_database(
    pool: Pool, tenant: Tenant, sender: Sender, server: FakeMailServer, owner: Any
) -> None:
    link_id = await queued(pool, tenant.rep, LinkPurpose.SIGN_IN)
    (row,) = await outbox(owner, tenant.rep)
    assert (row["kind"], row["call_id"], row["link_id"], row["invitee_id"]) == (
        EmailKind.SIGN_IN, None, link_id, None,
    )  # fmt: skip
    await sender.send_due()
    (message,) = server.taken
    assert message["To"] == f"{tenant.rep.name} <{tenant.rep.email}>"
    assert message["Subject"] == "Your link to sign in to Acme"
    assert links_in(message) == {SignInLinks(secret=SECRET, public_url=PUBLIC_URL).address(link_id)}


async def test_an_invitation_is_sent_and_good_for_a_week(
    pool: Pool, tenant: Tenant, sender: Sender, server: FakeMailServer, owner: Any
) -> None:
    link_id = await queued(pool, await invited(owner, tenant.manager), LinkPurpose.INVITATION)
    await sender.send_due()
    (message,) = server.taken
    assert message["Subject"] == "Acme invites you to Parley"
    assert links_in(message) == {SignInLinks(secret=SECRET, public_url=PUBLIC_URL).address(link_id)}
    days = await owner.fetchval("SELECT expires_at - created_at FROM sign_in_links WHERE id = $1", link_id)
    assert days.days == 7


async def test_a_newer_link_takes_the_place_of_the_older_and_of_its_mail_but_not_of_another_purpose(
    pool: Pool, tenant: Tenant, sender: Sender, server: FakeMailServer, owner: Any
) -> None:
    await invited(owner, tenant.rep)
    invitation = await queued(pool, tenant.rep, LinkPurpose.INVITATION)
    await queued(pool, tenant.rep, LinkPurpose.SIGN_IN)
    newest = await queued(pool, tenant.rep, LinkPurpose.SIGN_IN)
    assert {row["link_id"] for row in await outbox(owner, tenant.rep)} == {invitation, newest}
    await sender.send_due()
    links = SignInLinks(secret=SECRET, public_url=PUBLIC_URL)
    assert set().union(*map(links_in, server.taken)) == {links.address(invitation), links.address(newest)}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'disabled' WHERE id = $1",
        "UPDATE sign_in_links SET used_at = now() WHERE user_id = $1",
        "UPDATE sign_in_links SET expires_at = now() WHERE user_id = $1",
    ],
)
async def test_a_link_that_opens_nothing_any_more_is_not_sent(
    pool: Pool, tenant: Tenant, sender: Sender, server: FakeMailServer, owner: Any, change: str
) -> None:
    await queued(pool, tenant.rep, LinkPurpose.SIGN_IN)
    await owner.execute(change, tenant.rep.user_id)
    await sender.send_due()
    (row,) = await outbox(owner, tenant.rep)
    assert (row["status"], row["problem"]) == (EmailStatus.EXPIRED, NOT_ANY_MORE)
    assert server.seen == 0


async def test_an_invitation_is_not_sent_to_somebody_who_has_come_by_another_way(
    pool: Pool, tenant: Tenant, sender: Sender, server: FakeMailServer, owner: Any
) -> None:
    await queued(pool, await invited(owner, tenant.rep), LinkPurpose.INVITATION)
    await owner.execute("UPDATE users SET status = 'active' WHERE id = $1", tenant.rep.user_id)
    await sender.send_due()
    (row,) = await outbox(owner, tenant.rep)
    assert (row["status"], row["problem"]) == (EmailStatus.EXPIRED, NOT_ANY_MORE)
    assert server.seen == 0


async def test_many_who_ask_at_once_leave_one_good_link(pool: Pool, tenant: Tenant, owner: Any) -> None:
    made = await asyncio.gather(*(queued(pool, tenant.rep, LinkPurpose.SIGN_IN) for _ in range(8)))
    kept = await owner.fetch("SELECT id FROM sign_in_links WHERE user_id = $1", tenant.rep.user_id)
    assert len(kept) == 1
    assert kept[0]["id"] in made
    assert len(await outbox(owner, tenant.rep)) == 1


async def test_a_person_who_is_erased_takes_their_links_and_mails_along(pool: Pool, tenant: Tenant, owner: Any) -> None:
    await queued(pool, tenant.admin, LinkPurpose.SIGN_IN)
    assert len(await outbox(owner, tenant.admin)) == 1
    await owner.execute("DELETE FROM users WHERE id = $1", tenant.admin.user_id)
    assert await outbox(owner, tenant.admin) == []
