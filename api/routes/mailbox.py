"""The local mailbox: what the catcher has taken for this organization. On a local copy only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import CurrentUser, OwnConnection, PartsHeld
from api.mail_reading import AttachmentView, CalendarView, MailReading
from api.paging import cursor, read_cursor
from api.views import Page
from db import audit, mailbox
from db.mailbox import CaughtMessage, WholeMessage
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor, Subject
from domain.errors import NotFound
from domain.ids import MessageId

PAGE = 50

MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
MAIL_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><base target="_blank"><title>Mail</title>
<style>:root {{ color-scheme: light }} body {{ margin: 0; padding: 16px; background: #fff; color: #292522;
font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }} img {{ max-width: 100% }}</style></head>
<body>{}</body></html>"""


def local_only(held: PartsHeld) -> None:
    """Raises NotFound where strangers come."""
    if not held.settings.local_mode:
        raise NotFound("page")


router = APIRouter(prefix="/mailbox", dependencies=[Depends(local_only)])


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    message_id: MessageId
    subject: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    has_html: bool  # at `/html` beside it
    text: str
    calendar: CalendarView | None
    attachments: list[AttachmentView]


@router.get("")
async def list_messages(
    connection: OwnConnection,
    user: CurrentUser,
    search: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> Page[CaughtMessage]:
    before = None
    if after is not None:
        at, last_id = read_cursor(after)
        before = (at, MessageId(last_id))
    text = search.replace("\0", "").strip()
    found = await mailbox.search(connection, user.organization_id, text, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    return Page(
        items=shown,
        next_cursor=cursor(shown[-1].received_at, shown[-1].message_id) if len(found) > PAGE else None,
    )


@router.get("/{message_id}")
async def read_message(connection: OwnConnection, user: CurrentUser, message_id: UUID) -> MessageView:
    message = await own_message(connection, user, message_id)
    reading = MailReading(message.raw)
    shown = MessageView(
        message_id=message.message_id,
        subject=message.subject,
        sender=message.sender,
        recipients=message.recipients,
        received_at=message.received_at,
        has_html=bool(reading.html),
        text=reading.text,
        calendar=reading.calendar,
        attachments=[attachment.view for attachment in reading.attachments],
    )
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "mail_viewed", Subject("mail", str(message_id))
    )
    return shown


@router.get("/{message_id}/html", response_class=HTMLResponse)
async def read_message_html(connection: OwnConnection, user: CurrentUser, message_id: UUID) -> HTMLResponse:
    """The mail as it looks, cleaned: no scripts, nothing remote. A document of its own, since text inside a frame
    would be bound by the page's policy, which lets no mail have its styles.
    """
    message = await own_message(connection, user, message_id)
    html = MailReading(message.raw).html
    if not html:
        raise NotFound("message")
    return HTMLResponse(MAIL_PAGE.format(html), headers={"Content-Security-Policy": MAIL_POLICY})


@router.get("/{message_id}/attachments/{number}", response_class=Response)
async def read_attachment(connection: OwnConnection, user: CurrentUser, message_id: UUID, number: int) -> Response:
    """Always as a file to keep, never as something that a browser opens here."""
    message = await own_message(connection, user, message_id)
    for attachment in MailReading(message.raw).attachments:
        if attachment.view.number == number:
            name = quote(attachment.view.name, safe="")
            return Response(
                attachment.content,
                media_type="text/calendar" if attachment.view.name.endswith(".ics") else "application/octet-stream",
                headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
            )
    raise NotFound("attachment")


async def own_message(connection: Connection, user: Viewer, message_id: UUID) -> WholeMessage:
    found = await mailbox.get(connection, user.organization_id, MessageId(message_id))
    if found is None:
        raise NotFound("message")
    return found
