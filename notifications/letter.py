"""A mail before it has a server: what it says, as HTML and as text. See `mime` for how it is written down."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from mjml import mjml2html

from domain.mail_server import MailServer
from notifications.calendar import Method


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
