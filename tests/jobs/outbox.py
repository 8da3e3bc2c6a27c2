"""Mails in the outbox, a clock that stands until it is moved, and a sender for tests."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from db import calls, emails, mail_servers
from db.pool import Pool, transaction
from db.sealed import Seal
from domain.call import Call, Invitee
from domain.email import Email, EmailKind
from domain.ids import InviteeId, OrganizationId, uuid7
from domain.mail_server import MailServer
from domain.notices import Notice, notices
from jobs import delivering
from jobs.delivering import Delivering
from jobs.letters import Letters
from jobs.sending import Sender
from jobs.servers import Servers
from notifications.letter import Letter, Stationery
from tests.sample import Tenant, a_call

SECRET = "s" * 32
PUBLIC_URL = "https://calls.parley.example"
OUR_NAME = "calls.parley.example"
GUESTS_OF_A_CALL = 4


class StandingClock:
    """A minute ahead of the database's own, so that all that a test writes down is due."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class PlainLetters:
    """One line for every mail: for tests of the way, not of the words."""

    async def of(self, email: Email) -> Letter:
        return Letter(subject=f"About {email.kind.value}", html="<p>Words</p>", text="Words\n")


def sender_by(
    pool: Pool,
    clock: StandingClock,
    installation: MailServer | None,
    *,
    letters: delivering.Letters | None = None,
    mailbox_port: int | None = None,
) -> Sender:
    servers = Servers(pool, secret=SECRET, installation=installation, mailbox_port=mailbox_port)
    words = letters or Letters(pool, Stationery(), secret=SECRET, public_url=PUBLIC_URL)
    return Sender(pool, servers, Delivering(pool, words, servers, our_name=OUR_NAME, clock=clock), clock)


async def use_servers(pool: Pool, tenant: Tenant, *servers: MailServer) -> None:
    seal = Seal(SECRET)
    sealed = [replace(one, password=seal.close(one.password) if one.password else None) for one in servers]
    async with transaction(pool, tenant.organization_id) as connection:
        await mail_servers.keep(connection, tenant.organization_id, sealed)


def robin(**other: Any) -> Invitee:
    facts = {"name": "Robin Finch", "email": "robin@finch.example", "link_revision": 1, **other}
    return Invitee(invitee_id=InviteeId(uuid7()), **facts)


async def booked(pool: Pool, tenant: Tenant, *invitees: Invitee, now: datetime | None = None, **other: Any) -> Call:
    """A call in the database with its mails in the outbox; it begins now, so nobody is reminded."""
    now = now or datetime.now(UTC)
    call = a_call(tenant.rep, **{"starts_at": now, "invitees": invitees or (robin(),), **other})
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.add(connection, call)
        await emails.queue(connection, call.organization_id, call.call_id, notices(None, call, tenant.rep, now))
    return call


async def crowd(pool: Pool, tenant: Tenant, guests: int, now: datetime) -> list[Call]:
    """Calls with a few guests each, so many in all, whose invites wait and are worth sending for eight hours."""
    numbers = [range(first, min(first + GUESTS_OF_A_CALL, guests)) for first in range(0, guests, GUESTS_OF_A_CALL)]
    return [
        await booked(
            pool, tenant, *(robin(email=f"{number}@finch.example") for number in few), now=now, duration_minutes=480
        )
        for few in numbers
    ]


def a_notice(kind: EmailKind, invitee: Invitee, now: datetime, revision: int = 0, **other: Any) -> Notice:
    facts = {"lead_minutes": 0, "due_at": now, "expires_at": now + timedelta(days=3), "facts": {}, "user": None}
    return Notice(kind=kind, invitee=invitee, revision=revision, **{**facts, **other})


async def queue(pool: Pool, call: Call, made: Sequence[Notice]) -> None:
    async with transaction(pool, call.organization_id) as connection:
        await emails.queue(connection, call.organization_id, call.call_id, made)


async def outbox(pool: Pool, *of_calls: Call) -> list[Email]:
    async with transaction(pool, of_calls[0].organization_id) as connection:
        return [
            email for call in of_calls for email in await emails.of_call(connection, call.organization_id, call.call_id)
        ]


async def claimed(pool: Pool, organization_id: OrganizationId, now: datetime, most: int = 50) -> list[Email]:
    async with transaction(pool, organization_id) as connection:
        return await emails.claim(connection, organization_id, now, most)


def log_errors_only() -> None:
    """For thousands of mails that fail as they should."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


async def on_their_way(owner: Any, tenant: Tenant) -> int:
    found: int = await owner.fetchval(
        "SELECT count(*) FROM emails WHERE organization_id = $1 AND status IN ('waiting', 'sending')",
        tenant.organization_id,
    )
    return found


async def empty_outbox(owner: Any) -> None:
    """Other tests' mails want nothing more: a sender works for all organizations."""
    await owner.execute("UPDATE emails SET status = 'failed' WHERE status IN ('waiting', 'sending')")
