"""The mailbox in which answers to invites arrive, and what they say."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.call import CalendarAnswer
from domain.ids import CallId, InviteeId
from domain.mail_server import MailSecurity


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Read by IMAP. Its address is one that the owners' mail programs or a rule of theirs forwards answers to."""

    host: str
    port: int
    security: MailSecurity
    user_name: str
    password: str = field(repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a guest's calendar program answers to an invite. Of two, the later one counts."""

    call_id: CallId
    invitee_id: InviteeId
    answer: CalendarAnswer
    sequence: int  # of the invite or update that it answers
    answered_at: datetime
