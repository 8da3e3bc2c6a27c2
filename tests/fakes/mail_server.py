"""A real SMTP server on the loopback that answers as the test wants and keeps what it took."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from domain.mail_server import MailSecurity, MailServer


@dataclass
class FakeMailServer:
    """`answers`: for the next messages, instead of taking them. `sign_in`: the only name and password it lets in."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    seen: int = 0  # messages that came, taken or not
    hold: asyncio.Event | None = None  # waits for it before it answers
    sign_in: tuple[str, str] | None = None
    unknown: str = ""  # an address that it refuses

    @property
    def address(self) -> MailServer:
        name, password = self.sign_in or (None, None)
        return MailServer(
            host="127.0.0.1",
            port=self.port,
            security=MailSecurity.NONE,
            user_name=name,
            password=password,
            sender_name="Parley",
            sender_email="parley@installation.example",
        )

    def secured(self, security: MailSecurity) -> MailServer:
        """The same address, to be reached in another way."""
        return replace(self.address, security=security)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.unknown:
            return "550 5.1.1 Nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.seen += 1
        if self.hold:
            await self.hold.wait()
        if self.answers:
            return self.answers.pop(0)
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 OK"

    def lets_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        is_right = self.sign_in is not None and (given.login.decode(), given.password.decode()) == self.sign_in
        return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def running_mail_server(
    tls: ssl.SSLContext | None = None, starttls: bool = False, **how: object
) -> AsyncIterator[FakeMailServer]:
    fake = FakeMailServer(**how)  # type: ignore[arg-type]
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # signing in without TLS is meant: it stays on this machine
            return SMTP(
                fake,
                loop=loop,
                hostname="mail.test",
                authenticator=fake.lets_in if fake.sign_in else None,
                auth_required=fake.sign_in is not None,
                auth_require_tls=False,
                tls_context=tls if starttls else None,
            )

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=None if starttls else tls)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
