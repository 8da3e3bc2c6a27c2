"""What we mail, to whom, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import CallId, EmailId, InviteeId, OrganizationId, SignInLinkId, UserId


class EmailKind(StrEnum):
    INVITE = "invite"
    AGENT_JOINED = "agent_joined"
    SUMMARY = "summary"
    SIGN_IN = "sign_in"
    INVITATION = "invitation"  # of a colleague; a guest gets an invite


class EmailStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """One mail of the outbox. To an invitee or to one of us, about a call or with a link that signs in, never both."""

    email_id: EmailId
    organization_id: OrganizationId
    call_id: CallId | None
    link_id: SignInLinkId | None
    kind: EmailKind
    invitee_id: InviteeId | None
    user_id: UserId | None
    to_name: str
    to_email: str
    status: EmailStatus
    attempts: int
    problem: str | None  # why the last attempt failed, in words for people
    subject: str | None  # None until it was made
    created_at: datetime
    sent_at: datetime | None
