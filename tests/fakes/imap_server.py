"""A mailbox that is read by IMAP: real sockets, and of RFC 9051 only what reading needs. It refuses to be changed."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from domain.inbox import Inbox
from domain.mail_server import MailSecurity

TODAY = date(2027, 3, 1)


@dataclass
class FakeMailbox:
    mails: dict[int, bytes] = field(default_factory=dict)
    arrived: dict[int, date] = field(default_factory=dict)
    fetched: list[int] = field(default_factory=list)
    password: str = "word"
    validity: int = 1
    security: MailSecurity = MailSecurity.NONE  # that it offers
    certificate: Path | None = None
    commands: list[str] = field(default_factory=list)  # as they came, in clear or not
    port: int = 0

    @property
    def inbox(self) -> Inbox:
        return Inbox(host="127.0.0.1", port=self.port, security=self.security, user_name="ada", password=self.password)

    def context(self) -> ssl.SSLContext:
        assert self.certificate is not None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate)
        return context

    def add(self, mail: bytes, on: date = TODAY) -> None:
        number = len(self.mails) + 1
        self.mails[number], self.arrived[number] = mail, on

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, command, *words = line.split(" ")
            self.commands.append(command.upper())
            answers = self.answers(command.upper(), words)
            for untagged in answers or []:
                writer.write(untagged)
            status = "BAD that is not known here" if answers is None else "OK done"
            given = self.password
            if command.upper() == "LOGIN":
                given = words[1].strip('"')
            if command.upper() == "AUTHENTICATE":
                writer.write(b"+ \r\n")
                given = b64decode(await reader.readline()).decode().split("\0")[2]
            if given != self.password:
                status = "NO [AUTHENTICATIONFAILED] wrong password"
            writer.write(f"{tag} {status}\r\n".encode())
            await writer.drain()
            if command.upper() == "STARTTLS":
                try:
                    await writer.start_tls(self.context())
                except OSError:
                    break  # our certificate was not liked
        writer.close()

    def answers(self, command: str, words: list[str]) -> list[bytes] | None:
        """None: a command that it does not know."""
        match command, *words:
            case "CAPABILITY", *_:
                offers = " STARTTLS" if self.security is MailSecurity.STARTTLS else ""
                return [f"* CAPABILITY IMAP4rev1{offers}\r\n".encode()]
            case "LOGIN" | "AUTHENTICATE" | "STARTTLS", *_:
                return []
            case "EXAMINE", *_:
                uids_valid = f"* OK [UIDVALIDITY {self.validity}] UIDs valid\r\n"
                return [f"* {len(self.mails)} EXISTS\r\n".encode(), uids_valid.encode()]
            case "UID", "SEARCH", "UID", numbers, "SINCE", day:
                least, since = int(numbers.partition(":")[0]), datetime.strptime(day, "%d-%b-%Y").date()
                asked = {number for number in self.mails if number >= least} | {max(self.mails, default=0)} - {0}
                found = sorted(number for number in asked if self.arrived[number] >= since)
                return [f"* SEARCH {' '.join(map(str, found))}\r\n".encode()]
            case "UID", "FETCH", number, *_:
                self.fetched.append(int(number))
                mail = self.mails[int(number)]
                head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(mail)}}}\r\n".encode()
                return [head + mail + b")\r\n"]
        return None


@asynccontextmanager
async def running_mailbox(
    security: MailSecurity = MailSecurity.NONE, certificate: Path | None = None
) -> AsyncIterator[FakeMailbox]:
    mailbox = FakeMailbox(security=security, certificate=certificate)
    context = mailbox.context() if security is MailSecurity.TLS else None
    server = await asyncio.start_server(mailbox.serve, "127.0.0.1", 0, ssl=context)
    mailbox.port = server.sockets[0].getsockname()[1]
    async with server:
        yield mailbox
