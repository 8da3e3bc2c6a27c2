"""One connection to an SMTP server, over which finished messages go one after another."""

import asyncio
import re
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass

import aiosmtplib

from domain.mail_server import MailSecurity, MailServer
from notifications.smtp_replies import on_one_line, refusal

REACH_WITHIN_SECONDS = 10.0
"""To be connected, greeted, encrypted and signed in."""

TRY_WITHIN_SECONDS = 20.0
"""From the sender's address to the last dot."""

ANSWER_WITHIN_SECONDS = 30.0
"""After the last dot. RFC 5321 §4.5.3.2.6 would wait ten minutes; a claim does not last that long."""

FAREWELL_WITHIN_SECONDS = 2.0
MOST_LINES_OF_A_REPLY = 100

GOES_DOWN = 421
TAKEN = (250, 251, 252)
GO_ON = 354

UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f<>]")
"""In an address it would end the command, and begin another."""


class TooLate(Exception):
    """The last dot was not said, since it would have come after its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A finished message in its envelope."""

    sender: str
    recipient: str
    content: bytes  # lines end with CRLF

    @property
    def commands(self) -> tuple[bytes, bytes, bytes]:
        """Up to where the message may come. Raises ValueError."""
        if UNSPEAKABLE.search(self.sender + self.recipient):
            raise ValueError("an address cannot be said to a mail server")
        more = "" if (self.sender + self.recipient).isascii() else " SMTPUTF8"
        return (
            f"MAIL FROM:<{self.sender}>{more}\r\n".encode(),
            f"RCPT TO:<{self.recipient}>\r\n".encode(),
            b"DATA\r\n",
        )

    @property
    def stuffed(self) -> bytes:
        """As it goes over the line, with the last dot. Source: RFC 5321 §4.5.2."""
        content = self.content if self.content.endswith(b"\r\n") else self.content + b"\r\n"
        content = content.replace(b"\r\n.", b"\r\n..")
        return (b"." if content.startswith(b".") else b"") + content + b".\r\n"


class Line:
    """We are greeted, encrypted and signed in. For one message at a time."""

    def __init__(self, server: MailServer, transport: asyncio.Transport, *, takes_several: bool) -> None:
        """`takes_several`: commands at once (RFC 2920)."""
        self._server = server
        self._takes_several = takes_several
        self._reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self._reader)
        protocol.connection_made(transport)
        transport.set_protocol(protocol)
        self._transport = transport
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
                if client.is_ehlo_or_helo_needed:
                    await client.ehlo()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise refusal(server, error, is_reached=False) from None
        except BaseException:
            client.close()
            raise
        assert isinstance(client.transport, asyncio.Transport), "it is connected"
        return cls(server, client.transport, takes_several=client.supports_extension("pipelining"))

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing() and not self._reader.at_eof()

    async def hand_over(self, parcel: Parcel, dot_by: float | None) -> str:
        """Returns the reply. Raises Refusal, and TooLate; the line may be open or closed then."""
        is_after_the_dot = False
        try:
            async with asyncio.timeout(TRY_WITHIN_SECONDS):
                await self._begin(parcel)
            if dot_by is not None and time.monotonic() > dot_by:
                raise TooLate
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                is_after_the_dot = True
                self._transport.write(parcel.stuffed)
                code, words = await self._reply()
            if code != 250:
                raise aiosmtplib.SMTPDataError(code, words)
        except aiosmtplib.SMTPResponseException as error:
            await self._clear_up(error)
            raise refusal(self._server, error, is_after_the_dot=is_after_the_dot) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            self._transport.close()
            raise refusal(self._server, error, is_after_the_dot=is_after_the_dot) from None
        except BaseException:
            self._transport.close()
            raise
        finally:
            self.handed_over += 1
            self.used_at = time.monotonic()
        return on_one_line(code, words)

    async def _begin(self, parcel: Parcel) -> None:
        """Up to where the message may come. Raises what the server said against it first, or how the line broke."""
        to_sender, to_recipient, data = parcel.commands
        if self._takes_several:
            self._transport.write(to_sender + to_recipient + data)
        refused: aiosmtplib.SMTPResponseException | None = None
        for command in (to_sender, to_recipient, data):
            if not self._takes_several:
                self._transport.write(command)
            try:
                code, words = await self._reply()
            except (aiosmtplib.SMTPException, OSError) as broken:
                self._transport.close()
                raise refused or broken from None
            if command is to_sender and code == GOES_DOWN and self.handed_over:
                raise aiosmtplib.SMTPServerDisconnected("said to a line that was idle, or busy for long")
            if command is data and code == GO_ON:
                if refused:  # by a strange server: it gets no message, not even an empty one
                    self._transport.close()
            elif command is data or code not in TAKEN:
                is_address = command is to_recipient
                refused = refused or (
                    aiosmtplib.SMTPRecipientRefused(code, words, parcel.recipient)
                    if is_address
                    else aiosmtplib.SMTPDataError(code, words)
                )
                if not self._takes_several or code == GOES_DOWN:
                    break
        if refused:
            raise refused

    async def _reply(self) -> tuple[int, str]:
        """Code and words. Raises SMTPServerDisconnected, SMTPResponseException for what is no reply, and OSError."""
        words = []
        for _ in range(MOST_LINES_OF_A_REPLY):
            try:
                line = await self._reader.readline()
            except ValueError:
                break  # it does not end
            if not line.endswith(b"\n"):
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            if not line[:3].isdigit() or line[3:4] not in (b" ", b"-", b"\r", b"\n"):
                break
            words.append(line[4:].decode(errors="replace").strip())
            if line[3:4] != b"-":
                return int(line[:3]), "\n".join(words)
        raise aiosmtplib.SMTPResponseException(-1, "")

    async def _clear_up(self, error: aiosmtplib.SMTPResponseException) -> None:
        """So that the next message can come over this line, or not at all."""
        if not 400 <= error.code < 600 or error.code == GOES_DOWN or not self.is_open:
            self._transport.close()
            return
        try:
            async with asyncio.timeout(FAREWELL_WITHIN_SECONDS):
                self._transport.write(b"RSET\r\n")
                code, _ = await self._reply()
        except (aiosmtplib.SMTPException, OSError):
            code = GOES_DOWN
        if code not in TAKEN:
            self._transport.close()

    async def end(self) -> None:
        """What was handed over is theirs: a farewell that fails changes nothing."""
        if self.is_open:
            with suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout(FAREWELL_WITHIN_SECONDS):
                    self._transport.write(b"QUIT\r\n")
                    await self._reply()
        self._transport.close()
