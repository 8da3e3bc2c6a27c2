"""The mails of a call: to whom, and how each went."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from api.deps import CurrentUser, OwnConnection
from api.join import own_call
from api.views import Page
from db import emails
from domain.email import EmailKind, EmailStatus
from domain.ids import EmailId, InviteeId, UserId

router = APIRouter(prefix="/calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailView:
    email_id: EmailId
    kind: EmailKind
    to_name: str
    to_email: str
    invitee_id: InviteeId | None  # to an invitee; of `undelivered`: about them
    user_id: UserId | None  # to one of us
    status: EmailStatus
    attempts: int
    problem: str | None  # why the last attempt failed, also while more are to come
    subject: str | None  # null until it was sent
    created_at: datetime
    sent_at: datetime | None


@router.get("/{call_id}/emails")
async def list_emails(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> Page[EmailView]:
    call = await own_call(connection, user, call_id)
    found = await emails.of_call(connection, user.organization_id, call.call_id)
    shown = [
        EmailView(
            email_id=email.email_id,
            kind=email.kind,
            to_name=email.to_name,
            to_email=email.to_email,
            invitee_id=email.invitee_id,
            user_id=email.user_id,
            status=email.status,
            attempts=email.attempts,
            problem=email.problem,
            subject=email.subject,
            created_at=email.created_at,
            sent_at=email.sent_at,
        )
        for email in found
    ]
    return Page(items=shown, next_cursor=None)
