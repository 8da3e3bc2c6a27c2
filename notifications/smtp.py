"""Hands messages to SMTP servers, over connections that stay open."""

import asyncio
import ssl
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import EmailPolicy
from urllib.parse import urlsplit

import aiosmtplib

from domain.mail_server import MailSecurity, MailServer
from notifications.smtp_replies import NotSent as NotSent
from notifications.smtp_replies import Refusal, on_one_line, refusal

REACH_WITHIN_SECONDS = 10.0
"""To be connected, greeted, encrypted and signed in."""

TRY_WITHIN_SECONDS = 20.0
"""From the sender's address to the last dot."""

ANSWER_WITHIN_SECONDS = 30.0
"""After the last dot. RFC 5321 §4.5.3.2.6 would wait ten minutes; a claim does not last that long."""

FAREWELL_WITHIN_SECONDS = 2.0
LINES_TO_ONE_SERVER = 8
MESSAGES_ON_ONE_LINE = 100
IDLE_SECONDS = 15.0


class TooLate(Exception):
    """The last dot was not said, since it would have come after its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A finished message in its envelope."""

    sender: str
    recipient: str
    content: bytes  # lines end with CRLF

    @property
    def stuffed(self) -> bytes:
        """As it goes over the line, with the last dot. Source: RFC 5321 §4.5.2."""
        content = self.content if self.content.endswith(b"\r\n") else self.content + b"\r\n"
        content = content.replace(b"\r\n.", b"\r\n..")
        return (b"." if content.startswith(b".") else b"") + content + b".\r\n"


class Line:
    """One connection on which we are greeted, encrypted and signed in. For one message at a time."""

    def __init__(self, server: MailServer, client: aiosmtplib.SMTP) -> None:
        self._server = server
        self._client = client
        self.handed_over = 0
        self.used_at = time.monotonic()

    @classmethod
    async def to(cls, server: MailServer, our_name: str, tls: ssl.SSLContext) -> "Line":
        """`our_name`: how we greet, a host name. `tls`: whom we trust. Raises Refusal."""
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=our_name,
            username=server.user_name or None,
            password=server.password or None,
            use_tls=server.security is MailSecurity.TLS,
            start_tls=server.security is MailSecurity.STARTTLS,
            timeout=REACH_WITHIN_SECONDS,
            tls_context=None if server.security is MailSecurity.NONE else tls,
        )
        try:
            async with asyncio.timeout(REACH_WITHIN_SECONDS):
                await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise refusal(server, error, is_reached=False) from None
        except BaseException:
            client.close()
            raise
        return cls(server, client)

    @property
    def is_open(self) -> bool:
        return self._client.is_connected

    async def hand_over(self, parcel: Parcel, dot_by: float | None) -> str:
        """Returns the reply. Raises Refusal, and TooLate; the line may be open or closed then."""
        is_after_the_dot = False
        try:
            async with asyncio.timeout(TRY_WITHIN_SECONDS):
                await self._begin(parcel)
            if dot_by is not None and time.monotonic() > dot_by:
                raise TooLate
            protocol = self._client.protocol
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                is_after_the_dot = True
                protocol.write(parcel.stuffed)
                code, words = await protocol.read_response(timeout=ANSWER_WITHIN_SECONDS)
            if code != 250:
                raise aiosmtplib.SMTPDataError(code, words)
        except aiosmtplib.SMTPResponseException as error:
            await self._clear_up(error)
            raise refusal(self._server, error, is_after_the_dot=is_after_the_dot) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            raise refusal(self._server, error, is_after_the_dot=is_after_the_dot) from None
        except BaseException:
            self._client.close()
            raise
        finally:
            self.handed_over += 1
            self.used_at = time.monotonic()
        return on_one_line(code, words)

    async def _begin(self, parcel: Parcel) -> None:
        """Up to where the message may come."""
        if (parcel.sender + parcel.recipient).isascii():
            await self._client.mail(parcel.sender)
            await self._client.rcpt(parcel.recipient)
        else:
            await self._client.mail(parcel.sender, options=["SMTPUTF8"], encoding="utf-8")
            await self._client.rcpt(parcel.recipient, encoding="utf-8")
        code, words = await self._client.execute_command(b"DATA")
        if code != 354:
            raise aiosmtplib.SMTPDataError(code, words)

    async def _clear_up(self, error: aiosmtplib.SMTPResponseException) -> None:
        """So that the next message can come over this line, or not at all."""
        if not 400 <= error.code < 600 or error.code == 421:
            self._client.close()
            return
        try:
            await self._client.rset(timeout=FAREWELL_WITHIN_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()

    async def end(self) -> None:
        """What was handed over is theirs: a farewell that fails changes nothing."""
        with suppress(aiosmtplib.SMTPException, OSError):
            if self.is_open:
                await self._client.quit(timeout=FAREWELL_WITHIN_SECONDS)
        self._client.close()


class Lines:
    """Open connections to servers, for one process. The owner ends with `aclose()`."""

    def __init__(self, our_name: str) -> None:
        self._our_name = our_name
        self._tls = ssl.create_default_context()
        self._free: dict[MailServer, list[Line]] = defaultdict(list)
        self.slots: dict[MailServer, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(LINES_TO_ONE_SERVER))
        """Who hands over holds one: so many lines at most go to one server."""

    async def hand_over(self, server: MailServer, parcel: Parcel, *, dot_by: float | None = None) -> str:
        """Returns the server's reply. Never in the clear where encryption is asked for. Raises Refusal.

        `dot_by`: on the clock of `time.monotonic`; after it nothing is handed over any more, and TooLate is raised.
        """
        while True:
            if dot_by is not None and time.monotonic() > dot_by:
                raise TooLate
            free = self._free[server]
            line = free.pop() if free else await Line.to(server, self._our_name, self._tls)
            is_fresh = not line.handed_over
            try:
                return await line.hand_over(parcel, dot_by)
            except Refusal as refused:
                # Servers hang up on lines that were idle or busy for long: that says nothing about them.
                if is_fresh or not refused.has_hung_up:
                    raise
            finally:
                if line.is_open and line.handed_over < MESSAGES_ON_ONE_LINE:
                    self._free[server].append(line)
                else:
                    await line.end()

    async def end_idle(self) -> None:
        now = time.monotonic()
        for server, lines in list(self._free.items()):
            idle = [line for line in lines if now - line.used_at > IDLE_SECONDS]
            self._free[server] = [line for line in lines if line not in idle]
            for line in idle:
                await line.end()

    async def aclose(self) -> None:
        ending = [line for lines in self._free.values() for line in lines]
        self._free.clear()
        await asyncio.gather(*(line.end() for line in ending))


async def deliver(server: MailServer, message: EmailMessage, *, our_name: str) -> None:
    """One message over a line of its own. Raises Refusal."""
    lines = Lines(our_name)
    try:
        await lines.hand_over(server, parcel_of(message))
    finally:
        await lines.aclose()


async def reach(server: MailServer, *, our_name: str) -> None:
    """Greets, encrypts and signs in as for a message, and hands none over. Raises Refusal."""
    line = await Line.to(server, our_name, ssl.create_default_context())
    await line.end()


def parcel_of(message: EmailMessage) -> Parcel:
    """To the one person of its To, from the one of its From."""
    (sender,), (recipient,) = message["From"].addresses, message["To"].addresses
    is_ascii = (sender.addr_spec + recipient.addr_spec).isascii()
    assert isinstance(message.policy, EmailPolicy), "that of an EmailMessage"
    return Parcel(
        sender=sender.addr_spec,
        recipient=recipient.addr_spec,
        content=message.as_bytes(policy=message.policy.clone(linesep="\r\n", utf8=not is_ascii)),
    )


def host_name(public_url: str) -> str:
    """How we name ourselves to mail servers. An address of digits is no name (RFC 5321 §4.1.4)."""
    host = urlsplit(public_url).hostname or ""
    return host if any(character.isalpha() for character in host) and ":" not in host else "parley.localhost"
