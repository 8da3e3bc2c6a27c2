"""The mailbox in which answers to invites and mails that came back arrive, and what they say."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.call import CalendarAnswer
from domain.ids import CallId, EmailId, InviteeId
from domain.mail_server import MailSecurity


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Up to which mail a mailbox has been read. Source: RFC 9051 §2.3.1.1."""

    validity: int  # another one: the numbers of the mails are others
    number: int  # UID


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Read by IMAP. Answers come to it by a rule of the owners' mail programs, reports when it is the senders' own."""

    host: str
    port: int
    security: MailSecurity
    user_name: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    read_to: Mark | None = None  # None: not yet
    problem: str | None = None  # why it could not be read the last time


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a guest's calendar program answers to an invite. Of two, the later one counts."""

    call_id: CallId
    invitee_id: InviteeId
    answer: CalendarAnswer
    sequence: int  # of the invite or update that it answers
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """What a mail server reports of a mail that had been taken: nobody will get it."""

    email_id: EmailId
    addresses: frozenset[str]  # of whom it did not reach, in lower case
    reply: str  # why, in the server's words
    is_address_dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Who got the mail calls it unwanted."""

    email_id: EmailId


Found = Answer | Undelivered | Complaint
