"""The mail servers of an organization in the order in which they are tried; the installation's comes last, or alone."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import MayChangeSettings, OwnConnection, Parts, PartsHeld
from api.text import EmailAddress, Line, LineOrNothing
from db import audit, mail_servers
from db.mail_servers import TrialResult
from db.pool import Connection, transaction
from db.sealed import Seal
from domain.audit import Actor, Subject
from domain.errors import InvalidInput, NotFound
from domain.ids import OrganizationId, uuid7
from domain.mail_server import INSTALLATION, MailSecurity, MailServer

router = APIRouter(prefix="/settings/mail-servers")

MOST_SERVERS = 10
TRIED_WITHIN_SECONDS = 20.0
LOOKED_AFTER_SECONDS = 0.2
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NOT_YET = (
    f"The mail could not be sent within {TRIED_WITHIN_SECONDS:.0f} s. It is still being tried; "
    "look whether the jobs process runs, and look again."
)

HostName = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:-]+$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServerView:
    server_id: UUID  # the nil UUID: the installation's
    source: Literal["installation", "own", "mailbox"]
    host: str
    port: int
    security: MailSecurity
    user_name: str | None
    has_password: bool
    sender_name: str
    sender_email: str
    mails_a_minute: int | None  # null: as fast as it takes them
    problem: (
        str | None
    )  # why it does not let us in with this user name and password; null: it does, or was not asked yet
    problem_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServersView:
    items: list[MailServerView]  # none: mail is not sent


class NewMailServer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    server_id: UUID | None = None  # one that is there already; null: a new one
    host: HostName
    port: Annotated[int, Field(ge=1, le=65_535)]
    security: MailSecurity
    user_name: LineOrNothing | None = None
    password: Annotated[str, Field(max_length=500)] | None = None  # null: keep the one there is
    sender_name: Line = "Parley"
    sender_email: EmailAddress
    mails_a_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None


class ChangedMailServers(BaseModel):
    """In their order, without the installation's. None at all: only the installation's is used."""

    model_config = ConfigDict(extra="forbid")
    items: Annotated[list[NewMailServer], Field(max_length=MOST_SERVERS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServerTest:
    test_id: UUID
    ok: bool | None  # null: not made yet
    detail: str


@router.get("")
async def read_mail_servers(held: PartsHeld, connection: OwnConnection, user: MayChangeSettings) -> MailServersView:
    return await shown(held, connection, user.organization_id)


@router.put("")
async def change_mail_servers(
    held: PartsHeld, connection: OwnConnection, user: MayChangeSettings, wanted: ChangedMailServers
) -> MailServersView:
    before = {server.server_id: server for server in await mail_servers.of(connection, user.organization_id)}
    seal = Seal(held.settings.secret)
    servers = [own_server(one, before, seal, f"/body/items/{place}") for place, one in enumerate(wanted.items)]
    if len({server.server_id for server in servers}) < len(servers):
        raise InvalidInput("/body/items", "A server stands there twice.")
    await mail_servers.keep(connection, user.organization_id, servers)
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed",
        Subject("settings", "mail_servers"), servers=len(servers),
    )  # fmt: skip
    return await shown(held, connection, user.organization_id)


@router.post("/{server_id}/tests")
async def test_mail_server(held: PartsHeld, user: MayChangeSettings, server_id: UUID) -> MailServerTest:
    """A mail to whoever asks, sent by the jobs process like every other. Waits for what came of it."""
    async with transaction(held.pool, user.organization_id) as connection:
        there = await shown(held, connection, user.organization_id)
        if server_id not in {server.server_id for server in there.items}:
            raise NotFound("mail server")
        test_id = await mail_servers.queue_trial(connection, user.organization_id, user.user_id, server_id)
    deadline = time.monotonic() + TRIED_WITHIN_SECONDS
    result = None
    while result is None and time.monotonic() < deadline:
        await asyncio.sleep(LOOKED_AFTER_SECONDS)
        async with transaction(held.pool, user.organization_id) as connection:
            result = await mail_servers.trial_result(connection, user.organization_id, test_id)
    return told(test_id, result)


@router.get("/{server_id}/tests/{test_id}")
async def read_mail_server_test(
    connection: OwnConnection, user: MayChangeSettings, server_id: UUID, test_id: UUID
) -> MailServerTest:
    if not await mail_servers.is_trial(connection, user.organization_id, test_id, server_id):
        raise NotFound("test")
    return told(test_id, await mail_servers.trial_result(connection, user.organization_id, test_id))


def told(test_id: UUID, result: TrialResult | None) -> MailServerTest:
    if result is None:
        return MailServerTest(test_id=test_id, ok=None, detail=NOT_YET)
    return MailServerTest(test_id=test_id, ok=result.is_ok, detail=result.detail)


def own_server(wanted: NewMailServer, there: dict[UUID, MailServer], seal: Seal, pointer: str) -> MailServer:
    """Raises InvalidInput. A password is kept only for the same server and name: elsewhere it would be given away."""
    before = there.get(wanted.server_id) if wanted.server_id else None
    if wanted.server_id and before is None:
        raise InvalidInput(f"{pointer}/server_id", "There is no such server.")
    user_name = wanted.user_name or None
    if wanted.password is not None:
        password = seal.close(wanted.password) if wanted.password else None
    elif before and (before.host, before.port, before.user_name) == (wanted.host, wanted.port, user_name):
        password = before.password
    elif before and before.password and user_name:
        raise InvalidInput(f"{pointer}/password", "The server or the user name is another one; enter its password.")
    else:
        password = None
    if password and not user_name:
        raise InvalidInput(f"{pointer}/user_name", "A password needs a user name.")
    if password and wanted.security is MailSecurity.NONE and wanted.host not in LOOPBACK:
        raise InvalidInput(f"{pointer}/security", "A password is sent over an encrypted connection only.")
    return MailServer(
        server_id=wanted.server_id or uuid7(),
        host=wanted.host,
        port=wanted.port,
        security=wanted.security,
        user_name=user_name,
        password=password,
        sender_name=wanted.sender_name,
        sender_email=wanted.sender_email,
        mails_a_minute=wanted.mails_a_minute,
    )


async def shown(held: Parts, connection: Connection, organization_id: OrganizationId) -> MailServersView:
    """As they are tried: whoever has servers of their own has no use for the mailbox, which reaches nobody."""
    own, installation = await mail_servers.of(connection, organization_id), held.settings.mail_server
    is_mailbox = bool(
        installation and installation.host in LOOPBACK and installation.port == held.settings.mailbox_port
    )
    last: Sequence[MailServer] = [installation] if installation and not (own and is_mailbox) else []
    return MailServersView(items=[view(server, is_mailbox) for server in (*own, *last)])


def view(server: MailServer, is_mailbox: bool) -> MailServerView:
    source: Literal["installation", "mailbox"] = "mailbox" if is_mailbox else "installation"
    return MailServerView(
        server_id=server.server_id,
        source=source if server.server_id == INSTALLATION else "own",
        host=server.host,
        port=server.port,
        security=server.security,
        user_name=server.user_name,
        has_password=server.password is not None,
        sender_name=server.sender_name,
        sender_email=server.sender_email,
        mails_a_minute=server.mails_a_minute,
        problem=server.problem,
        problem_at=server.problem_at,
    )
