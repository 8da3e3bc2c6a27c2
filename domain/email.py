"""What we mail, to whom, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.ids import CallId, EmailId, InviteeId, OrganizationId, SignInLinkId, UserId


class EmailKind(StrEnum):
    INVITE = "invite"
    UPDATE = "update"
    CANCEL = "cancel"
    REMINDER = "reminder"
    AGENT_JOINED = "agent_joined"
    AGENT_MISSING = "agent_missing"
    NO_SHOW = "no_show"
    CHANGED_BY_GUEST = "changed_by_guest"
    UNDELIVERED = "undelivered"  # to the owner: that a guest did not get theirs
    SUMMARY = "summary"
    SIGN_IN = "sign_in"
    INVITATION = "invitation"  # of a colleague; a guest gets an invite


class EmailStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"  # refused for good, or the address is on the suppression list
    EXPIRED = "expired"  # its end came first, or the reason for it went away
    SUPERSEDED = "superseded"  # a newer one says it better
    FAILED = "failed"  # could not be made: our fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """One mail of the outbox. To an invitee or to one of us, about a call or with a link that signs in, never both.

    Only UNDELIVERED has both an invitee and a user: it is to the user, about the invitee.
    """

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
    attempts: int  # how often it was claimed
    problem: str | None  # why the last attempt failed, in words for people
    subject: str | None  # None until it was made
    created_at: datetime
    sent_at: datetime | None
    revision: int = 0  # of the call when it was written down
    lead_minutes: int = 0  # of a reminder: so long before the start
    resent: int = 0  # 0: by itself; from 1 on: because somebody wanted it sent again
    due_at: datetime
    expires_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)  # what is not to be found elsewhere any more
    server_id: UUID | None = None  # the server it goes by; None: any
    server_host: str | None = None  # of the last try
    reply: str | None = None  # what that server said last
    is_ambiguous: bool = False  # that server may have taken it: it goes there again
    ambiguous_ends: int = 0  # more copies than that cannot exist
    ended_at: datetime | None = None  # None: it is on its way


@dataclass(frozen=True, slots=True, kw_only=True)
class TryResult:
    """What came of one claim of a mail."""

    email: Email
    status: EmailStatus  # WAITING: once more, at `due_at`
    ended_at: datetime
    due_at: datetime | None = None
    problem: str | None = None
    subject: str | None = None
    server_id: UUID | None = None  # WAITING: the one that it has to go by; None: any
    server_host: str | None = None
    reply: str | None = None
    is_ambiguous: bool = False  # this try left open whether it was taken
    is_address_dead: bool = False  # the server says that there is nobody there


class SuppressionScope(StrEnum):
    EVERYTHING = "everything"
    REMINDERS = "reminders"


class SuppressionReason(StrEnum):
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ASKED = "asked"
    SET = "set"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedAddress:
    address: str  # in lower case
    scope: SuppressionScope
    reason: SuppressionReason
    detail: str  # the server's words
    created_at: datetime
