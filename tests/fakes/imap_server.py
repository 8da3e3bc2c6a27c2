"""A mailbox that is read by IMAP: real sockets, and of RFC 9051 only what reading needs."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.inbox import Inbox
from domain.mail_server import MailSecurity


@dataclass
class FakeMailbox:
    mails: dict[int, bytes] = field(default_factory=dict)
    keywords: dict[int, set[str]] = field(default_factory=dict)
    fetched: list[int] = field(default_factory=list)
    password: str = "word"
    port: int = 0

    @property
    def inbox(self) -> Inbox:
        return Inbox(
            host="127.0.0.1", port=self.port, security=MailSecurity.NONE, user_name="ada", password=self.password
        )

    def add(self, mail: bytes) -> None:
        self.mails[len(self.mails) + 1] = mail

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, command, *words = line.split(" ")
            for untagged in self.answers(command.upper(), words):
                writer.write(untagged)
            is_refused = command.upper() == "LOGIN" and words[1].strip('"') != "word"
            writer.write(f"{tag} {'NO wrong password' if is_refused else 'OK done'}\r\n".encode())
            await writer.drain()
        writer.close()

    def answers(self, command: str, words: list[str]) -> list[bytes]:
        match command, *words:
            case "CAPABILITY", *_:
                return [b"* CAPABILITY IMAP4rev1\r\n"]
            case "SELECT", *_:
                return [f"* {len(self.mails)} EXISTS\r\n".encode()]
            case "UID", "SEARCH", "UNKEYWORD", keyword:
                found = [number for number in self.mails if keyword not in self.keywords.get(number, set())]
                return [f"* SEARCH {' '.join(map(str, found))}\r\n".encode()]
            case "UID", "FETCH", number, *_:
                self.fetched.append(int(number))
                mail = self.mails[int(number)]
                head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(mail)}}}\r\n".encode()
                return [head + mail + b")\r\n"]
            case "UID", "STORE", number, "+FLAGS.SILENT", flags:
                self.keywords.setdefault(int(number), set()).update(re.findall(r"\w+", flags))
        return []


@asynccontextmanager
async def running_mailbox() -> AsyncIterator[FakeMailbox]:
    mailbox = FakeMailbox()
    server = await asyncio.start_server(mailbox.serve, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    async with server:
        yield mailbox
