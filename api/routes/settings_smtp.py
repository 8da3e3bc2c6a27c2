"""The mail server of an organization: the installation's, the local mailbox, or one of its own."""

import asyncio
import time
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import MayChangeSettings, OwnConnection, Parts, PartsHeld
from api.text import EmailAddress, Line, LineOrNothing
from db import audit, smtp
from db.pool import Connection, transaction
from db.sealed import Seal
from domain.audit import Actor, Subject
from domain.errors import InvalidInput
from domain.ids import OrganizationId
from domain.mail_server import MailSecurity, MailServer

router = APIRouter(prefix="/settings/smtp")

TRIED_WITHIN_SECONDS = 20.0
LOOKED_AFTER_SECONDS = 0.2
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NOT_YET = (
    f"The mail could not be sent within {TRIED_WITHIN_SECONDS:.0f} s. It is still being tried; "
    "look whether the jobs process runs, and try again."
)

HostName = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:-]+$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpView:
    source: Literal["installation", "own", "mailbox"]
    host: str  # empty: mail is not sent
    port: int
    security: MailSecurity
    user_name: str | None
    has_password: bool
    sender_name: str
    sender_email: str


class ChangedSmtp(BaseModel):
    """Nothing at all goes back to the installation's."""

    model_config = ConfigDict(extra="forbid")
    host: HostName | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    security: MailSecurity | None = None
    user_name: LineOrNothing | None = None
    password: Annotated[str, Field(max_length=500)] | None = None  # null: keep the one there is
    sender_name: Line | None = None
    sender_email: EmailAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTest:
    ok: bool
    detail: str


@router.get("")
async def read_smtp(held: PartsHeld, connection: OwnConnection, user: MayChangeSettings) -> SmtpView:
    return await shown(held, connection, user.organization_id)


@router.put("")
async def change_smtp(
    held: PartsHeld, connection: OwnConnection, user: MayChangeSettings, wanted: ChangedSmtp
) -> SmtpView:
    server = None
    if wanted.model_fields_set:
        server = own_server(wanted, await smtp.get(connection, user.organization_id), Seal(held.settings.secret))
    await smtp.keep(connection, user.organization_id, server)
    changed = await shown(held, connection, user.organization_id)
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed", Subject("settings", "smtp"),
        has_own_server=server is not None,
    )  # fmt: skip
    return changed


@router.post("/tests")
async def test_smtp(held: PartsHeld, user: MayChangeSettings) -> SmtpTest:
    """A mail to whoever asks, sent by the jobs process like every other. Waits for what came of it."""
    async with transaction(held.pool, user.organization_id) as connection:
        trial_id = await smtp.queue_trial(connection, user.organization_id, user.user_id)
    deadline = time.monotonic() + TRIED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(LOOKED_AFTER_SECONDS)
        async with transaction(held.pool, user.organization_id) as connection:
            result = await smtp.trial_result(connection, user.organization_id, trial_id)
        if result:
            return SmtpTest(ok=result.is_ok, detail=result.detail)
    return SmtpTest(ok=False, detail=NOT_YET)


def own_server(wanted: ChangedSmtp, before: MailServer | None, seal: Seal) -> MailServer:
    """Raises InvalidInput. A password is kept only for the same server and name: elsewhere it would be given away."""
    needed = {
        "host": wanted.host,
        "port": wanted.port,
        "security": wanted.security,
        "sender_email": wanted.sender_email,
    }
    for name, value in needed.items():
        if value is None:
            raise InvalidInput(f"/body/{name}", "This is needed for a mail server of your own.")
    assert wanted.host is not None
    assert wanted.port is not None
    assert wanted.security is not None
    assert wanted.sender_email is not None
    user_name = wanted.user_name or None
    if wanted.password is not None:
        password = seal.close(wanted.password) if wanted.password else None
    elif before and (before.host, before.port, before.user_name) == (wanted.host, wanted.port, user_name):
        password = before.password
    elif before and before.password and user_name:
        raise InvalidInput("/body/password", "The server or the user name is another one; enter its password.")
    else:
        password = None
    if password and not user_name:
        raise InvalidInput("/body/user_name", "A password needs a user name.")
    if password and wanted.security is MailSecurity.NONE and wanted.host not in LOOPBACK:
        raise InvalidInput("/body/security", "A password is sent over an encrypted connection only.")
    return MailServer(
        host=wanted.host,
        port=wanted.port,
        security=wanted.security,
        user_name=user_name,
        password=password,
        sender_name=wanted.sender_name or "Parley",
        sender_email=wanted.sender_email,
    )


async def shown(held: Parts, connection: Connection, organization_id: OrganizationId) -> SmtpView:
    own, installation = await smtp.get(connection, organization_id), held.settings.mail_server
    if own:
        return view("own", own)
    if installation is None:
        nowhere = MailServer(host="", port=587, security=MailSecurity.STARTTLS, sender_name="Parley", sender_email="")
        return view("installation", nowhere)
    is_mailbox = installation.host in LOOPBACK and installation.port == held.settings.mailbox_port
    return view("mailbox" if is_mailbox else "installation", installation)


def view(source: Literal["installation", "own", "mailbox"], server: MailServer) -> SmtpView:
    return SmtpView(
        source=source,
        host=server.host,
        port=server.port,
        security=server.security,
        user_name=server.user_name,
        has_password=server.password is not None,
        sender_name=server.sender_name,
        sender_email=server.sender_email,
    )
