"""A mail before it has a server: what it says, as HTML and as text, and the message that is made of it."""

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from mjml import mjml2html

from domain.mail_server import MailServer
from notifications.calendar import Method

FILE_NAMES = {Method.REQUEST: "invite", Method.CANCEL: "cancel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    subject: str
    html: str
    text: str
    calendar: bytes | None = None  # an iCalendar object
    method: Method = Method.REQUEST  # its own
    reply_to: tuple[str, str] | None = None  # name and address
    unsubscribe: str | None = None  # an address that takes a POST (RFC 8058)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Whom a letter goes to, by which server, under which name."""

    server: MailServer
    to_name: str
    to_email: str
    message_id: str  # without the angle brackets; the same for every try
    written_at: datetime
    headers: dict[str, str] = field(default_factory=dict)


class AddressHeader(BaseHeader):
    """An address in angle brackets on one line: the standard library would write a long one as encoded words."""

    max_count = 1

    @classmethod
    def parse(cls, string: str, kwds: dict[str, Any]) -> None:
        UnstructuredHeader.parse(string, kwds)

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", AddressHeader)
POLICY = SMTP.clone(header_factory=_headers)


class Stationery:
    """The templates; made once, at the start of a process."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(["mjml"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, subject: str, facts: dict[str, Any], **more: Any) -> Letter:
        """From `name`.mjml and `name`.txt. Names and titles are escaped in the HTML; the text has them as they are."""
        words = {"subject": subject, **facts}
        html = mjml2html(self._templates.get_template(f"{name}.mjml").render(words))
        text = self._templates.get_template(f"{name}.txt").render(words)
        return Letter(subject=subject, html=html, text=text.strip() + "\n", **more)


def message(letter: Letter, envelope: Envelope) -> EmailMessage:
    """multipart/alternative of text, HTML and the calendar object; and that again as a file.

    Gmail and Outlook show their buttons for the alternative with its method; other programs open the file.
    """
    made = EmailMessage(policy=POLICY)
    made["From"] = address(envelope.server.sender_name, envelope.server.sender_email)
    made["To"] = address(envelope.to_name, envelope.to_email)
    if letter.reply_to:
        made["Reply-To"] = address(*letter.reply_to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(envelope.written_at)
    made["Message-ID"] = f"<{envelope.message_id}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in envelope.headers.items():
        made[name] = value
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        words, method = letter.calendar.decode(), letter.method.value
        made.add_alternative(words, subtype="calendar", cte="base64", params={"method": method})
        made.add_attachment(
            letter.calendar, maintype="application", subtype="ics", filename=f"{FILE_NAMES[letter.method]}.ics"
        )
    return made


def address(name: str, email: str) -> Address:
    """Raises ValueError when the address cannot stand in a header."""
    return Address(display_name=name, addr_spec=email)
