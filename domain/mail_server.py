"""The SMTP server that mail leaves by, and whom it comes from."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

ORGANIZATION_HEADER = "X-Parley-Organization"
"""In mail to our own catcher and no other server: in whose mailbox it belongs."""

INSTALLATION = UUID(int=0)
"""The id of the installation's own server; an organization's have ids of their own."""


class MailSecurity(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"  # begins in the clear and must be encrypted before anything is said
    TLS = "tls"  # encrypted from the first byte


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    server_id: UUID = INSTALLATION
    host: str
    port: int
    security: MailSecurity
    user_name: str | None = None
    password: str | None = field(default=None, repr=False)
    sender_name: str
    sender_email: str
    mails_a_minute: int | None = None  # None: as fast as it takes them
    problem: str | None = field(default=None, compare=False)  # why it does not let us in with this name and password
    problem_at: datetime | None = field(default=None, compare=False)  # since when
