"""Where answers to an organization's invites arrive. Its password goes in and never comes out."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import MayChangeSettings, OwnConnection, PartsHeld
from api.routes.settings_mail_servers import LOOPBACK, HostName
from api.text import Line
from db import audit, inboxes
from db.sealed import Seal
from domain.audit import Actor, Subject
from domain.errors import InvalidInput
from domain.inbox import Inbox
from domain.mail_server import MailSecurity

router = APIRouter(prefix="/settings/inbox")

FolderName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[ !#-\[\]-~]+$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    host: str
    port: int
    security: MailSecurity
    user_name: str
    folder: str
    problem: str | None  # why it could not be read the last time; null: it could, or has not been yet


class ChangedInbox(BaseModel):
    model_config = ConfigDict(extra="forbid")
    host: HostName
    port: Annotated[int, Field(ge=1, le=65_535)]
    security: MailSecurity
    user_name: Line
    password: Annotated[str, Field(min_length=1, max_length=500)] | None = None  # null: keep the one there is
    folder: FolderName = "INBOX"


@router.get("")
async def read_inbox(connection: OwnConnection, user: MayChangeSettings) -> InboxView | None:
    """null: answers are not read."""
    inbox = await inboxes.get(connection, user.organization_id)
    return view(inbox) if inbox else None


@router.put("")
async def change_inbox(
    held: PartsHeld, connection: OwnConnection, user: MayChangeSettings, wanted: ChangedInbox
) -> InboxView:
    before = await inboxes.get(connection, user.organization_id)
    inbox = own_inbox(wanted, before, Seal(held.settings.secret))
    await inboxes.keep(connection, user.organization_id, inbox)
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed", Subject("settings", "inbox"),
        is_set=True,
    )  # fmt: skip
    return view(inbox)


@router.delete("", status_code=204)
async def drop_inbox(connection: OwnConnection, user: MayChangeSettings) -> None:
    if await inboxes.get(connection, user.organization_id) is None:
        return
    await inboxes.keep(connection, user.organization_id, None)
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed", Subject("settings", "inbox"),
        is_set=False,
    )  # fmt: skip


def own_inbox(wanted: ChangedInbox, before: Inbox | None, seal: Seal) -> Inbox:
    """Raises InvalidInput. A password is kept only for the same server and name: elsewhere it would be given away."""
    if wanted.password is not None:
        password = seal.close(wanted.password)
    elif before and (before.host, before.port, before.user_name) == (wanted.host, wanted.port, wanted.user_name):
        password = before.password
    else:
        raise InvalidInput("/body/password", "The server or the user name is another one; enter its password.")
    if wanted.security is MailSecurity.NONE and wanted.host not in LOOPBACK:
        raise InvalidInput("/body/security", "A password is sent over an encrypted connection only.")
    return Inbox(
        host=wanted.host,
        port=wanted.port,
        security=wanted.security,
        user_name=wanted.user_name,
        password=password,
        folder=wanted.folder,
    )


def view(inbox: Inbox) -> InboxView:
    return InboxView(
        host=inbox.host,
        port=inbox.port,
        security=inbox.security,
        user_name=inbox.user_name,
        folder=inbox.folder,
        problem=inbox.problem,
    )
