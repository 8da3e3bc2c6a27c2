"""A real SMTP server on the loopback with every bad habit that mail servers have, by the dice of a seed.

It keeps what it took, what it heard in the clear, and which mails it left with an open end. Whatever happens is told to
`watch` first, so that a test can act at exactly that point.
"""

import asyncio
import random
import re
import ssl
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from domain.mail_server import MailSecurity, MailServer

MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>\r$", re.MULTILINE | re.IGNORECASE)


class Fault(StrEnum):
    # as somebody connects
    DROPS_AT_ONCE = "drops at once"
    SAYS_NOTHING = "says nothing"
    BUSY = "421 at the greeting"
    UNWELCOME = "554 at the greeting"
    DROPS_AT_EHLO = "drops at EHLO"
    NO_STARTTLS = "does not offer STARTTLS"
    STARTTLS_AWAY = "454 to STARTTLS"
    BAD_CERTIFICATE = "has a certificate of nobody"
    WRONG_PASSWORD = "454 to the password"
    # as a message comes
    SILENT_AT_MAIL = "does not answer MAIL"
    PASSING = "421, 450, 451 or 452"
    GREYLISTED = "greylists"
    REFUSED = "550, 552, 553 or 554"
    NOBODY = "550 5.1.1"
    SILENT_AT_DATA = "does not answer DATA"
    DROPS_IN_MESSAGE = "drops before the last dot"
    PASSING_AT_DOT = "452 after the last dot"
    REFUSED_AT_DOT = "554 after the last dot"
    DROPS_AFTER_DOT = "takes it and drops without a word"
    FORGETS_AFTER_DOT = "drops after the last dot and has forgotten it"
    SILENT_AFTER_DOT = "takes it and says nothing"
    GARBAGE_AFTER_DOT = "takes it and says what is no answer"


AT_CONNECTING = tuple(Fault)[:9]
AT_MESSAGES = tuple(Fault)[9:]
TAKES_WITHOUT_A_WORD = (Fault.DROPS_AFTER_DOT, Fault.SILENT_AFTER_DOT, Fault.GARBAGE_AFTER_DOT)
OPEN_ENDS = (*TAKES_WITHOUT_A_WORD, Fault.FORGETS_AFTER_DOT)


@dataclass(frozen=True, slots=True)
class Taken:
    message_id: str
    recipient: str
    content: bytes


@dataclass
class HostileMailServer:
    """`share` of the messages meets one of the `faults`, and some connections one of theirs. `tls`: it has STARTTLS."""

    seed: int = 0
    share: float = 0.3
    faults: tuple[Fault, ...] = AT_MESSAGES
    connecting_share: float = 0.03
    tls: ssl.SSLContext | None = None
    bad_tls: ssl.SSLContext | None = None
    port: int = 0
    server_id: UUID = field(default_factory=uuid4)
    watch: Callable[[str], None] = lambda _: None
    taken: list[Taken] = field(default_factory=list)
    in_clear: int = 0  # passwords or messages, or parts of an envelope, that were said to it without encryption
    for_nobody: int = 0  # messages whose recipient had been refused
    open_ends: Counter[str] = field(default_factory=Counter)  # by Message-ID
    met: Counter[Fault] = field(default_factory=Counter)

    SIGN_IN: ClassVar[bytes] = b"AUTH PLAIN AGFkYQB3b3Jk"  # ada, word

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._decks: defaultdict[tuple[Fault, ...], list[Fault]] = defaultdict(list)
        self._greylisted: set[str] = set()

    @property
    def address(self) -> MailServer:
        return MailServer(
            server_id=self.server_id, host="127.0.0.1", port=self.port,
            security=MailSecurity.STARTTLS if self.tls else MailSecurity.NONE, user_name="ada", password="word",
            sender_name="Parley", sender_email="parley@installation.example",
        )  # fmt: skip

    def throw(self, faults: tuple[Fault, ...], share: float) -> Fault | None:
        """A `share` of all times one of them: each once before any comes back."""
        if self._dice.random() >= share:
            return None
        deck = self._decks[faults]
        if not deck:
            deck += self._dice.sample(faults, len(faults))
        return deck.pop()

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer, self.throw(AT_CONNECTING, self.connecting_share))
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await session.run()
        session.speak_out()
        writer.close()

    def is_new_to_greylist(self, recipient: str) -> bool:
        is_new = recipient not in self._greylisted
        self._greylisted.add(recipient)
        return is_new

    def pick(self, *answers: str) -> str:
        return self._dice.choice(answers)


class HangsUp(ConnectionError):
    pass


class Session:
    def __init__(
        self,
        server: HostileMailServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        fault: Fault | None,
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._fault = fault
        self._is_encrypted = False
        self._recipient = ""
        self._said: list[str] = []
        self._is_recipient_taken = False

    async def run(self) -> None:
        server, fault = self._server, self._fault
        if fault:
            server.met[fault] += 1
        server.watch("connected")
        if fault is Fault.DROPS_AT_ONCE:
            return
        if fault is Fault.SAYS_NOTHING:
            await self._reader.read()
            return
        if fault in (Fault.BUSY, Fault.UNWELCOME):
            self._say("421 4.3.2 Too many connections" if fault is Fault.BUSY else "554 5.7.1 Not you")
            return
        self._say("220 mail.test ESMTP")
        while line := await self._reader.readline():
            await self._answer(line.rstrip(b"\r\n"))

    async def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb in (b"AUTH", b"MAIL", b"RCPT", b"DATA") and self._server.tls and not self._is_encrypted:
            self._server.in_clear += 1
        match verb:
            case b"EHLO":
                await self._greet()
            case b"STAR":
                await self._encrypt()
            case b"AUTH":
                is_refused = self._fault is Fault.WRONG_PASSWORD
                self._say("454 4.7.0 Ask later" if is_refused else "235 2.7.0 Come in")
            case b"MAIL":
                await self._begin()
            case b"RCPT":
                await self._hear_recipient(line)
            case b"DATA":
                await self._hear_message()
            case b"QUIT":
                self._say("221 2.0.0 Bye")
                raise HangsUp
            case _:
                self._say("250 2.0.0 OK")

    async def _greet(self) -> None:
        if self._fault is Fault.DROPS_AT_EHLO:
            raise HangsUp
        offers_tls = self._server.tls and not self._is_encrypted and self._fault is not Fault.NO_STARTTLS
        self._say("250-mail.test", "250-PIPELINING", "250-STARTTLS" if offers_tls else "250-HELP", "250 AUTH PLAIN")

    async def _encrypt(self) -> None:
        if self._fault is Fault.STARTTLS_AWAY:
            self._say("454 4.7.0 TLS is away")
            return
        context = self._server.bad_tls if self._fault is Fault.BAD_CERTIFICATE else self._server.tls
        assert context is not None
        self._say("220 2.0.0 Go ahead")
        self.speak_out()
        await self._writer.start_tls(context)
        self._is_encrypted = True

    async def _begin(self) -> None:
        server = self._server
        server.watch("MAIL")
        self._fault = server.throw(server.faults, server.share)
        if self._fault and self._fault is not Fault.GREYLISTED:
            server.met[self._fault] += 1
        if self._fault is Fault.SILENT_AT_MAIL:
            await self._reader.read()
            raise HangsUp
        self._say("250 2.1.0 OK")

    async def _hear_recipient(self, line: bytes) -> None:
        server, fault = self._server, self._fault
        server.watch("RCPT")
        self._is_recipient_taken = False
        self._recipient = line.split(b"<", 1)[1].split(b">", 1)[0].decode()
        if fault is Fault.PASSING:
            self._say(server.pick("421 4.3.2 Going down", "450 4.2.0 Busy", "451 4.3.0 Try again", "452 4.2.2 Full"))
        elif fault is Fault.GREYLISTED and server.is_new_to_greylist(self._recipient):
            server.met[fault] += 1
            self._say(server.pick("451 4.7.1 Greylisted", "450 4.2.0 Greylisted, come back in 300 seconds"))
        elif fault is Fault.REFUSED:
            self._say(server.pick("550 5.7.1 No", "552 5.2.2 Full", "553 5.7.0 No", "554 5.7.1 No"))
        elif fault is Fault.NOBODY:
            self._say("550 5.1.1 Nobody of that name")
        else:
            self._is_recipient_taken = True
            self._say("250 2.1.5 OK")

    async def _hear_message(self) -> None:
        server, fault = self._server, self._fault
        server.watch("DATA")
        if not self._is_recipient_taken:
            await self._refuse_data()
            return
        if fault is Fault.SILENT_AT_DATA:
            await self._reader.read()
            raise HangsUp
        self._say("354 Go on")
        if fault is Fault.DROPS_IN_MESSAGE:
            await self._reader.read(20)
            raise HangsUp
        content = await self._reader.readuntil(b"\r\n.\r\n")
        found = MESSAGE_ID.search(content)
        assert found, "every mail has a Message-ID"
        message_id = found[1].decode()
        server.watch("dot")
        if fault is Fault.PASSING_AT_DOT:
            self._say("452 4.3.1 No room now")
            return
        if fault is Fault.REFUSED_AT_DOT:
            self._say("554 5.6.0 I do not like it")
            return
        if fault in OPEN_ENDS:
            server.open_ends[message_id] += 1
        if fault is not Fault.FORGETS_AFTER_DOT:
            server.taken.append(Taken(message_id, self._recipient, content))
        server.watch("taken")
        if fault in (Fault.DROPS_AFTER_DOT, Fault.FORGETS_AFTER_DOT):
            raise HangsUp
        if fault is Fault.SILENT_AFTER_DOT:
            await self._reader.read()
            raise HangsUp
        self._say("Well now, let me see" if fault is Fault.GARBAGE_AFTER_DOT else "250 2.0.0 Taken")
        self.speak_out()
        server.watch("answered")

    async def _refuse_data(self) -> None:
        """To nobody, as it may come when commands came together. Some servers would still have it (RFC 2920 §3.1)."""
        answer = self._server.pick("503 5.5.1 To whom?", "554 5.5.1 No valid recipients", "354 Go on, for nobody")
        self._say(answer)
        if answer.startswith("354"):
            self._server.for_nobody += (await self._reader.readline()) not in (b"", b".\r\n")
            raise HangsUp

    def _say(self, *lines: str) -> None:
        """Answers to what came together go out together (RFC 2920 §3.2)."""
        if not self._said:
            asyncio.get_running_loop().call_soon(self.speak_out)
        self._said += lines

    def speak_out(self) -> None:
        if self._said and not self._writer.is_closing():
            self._writer.write("".join(f"{line}\r\n" for line in self._said).encode())
        self._said.clear()


@asynccontextmanager
async def running_hostile_server(**how: object) -> AsyncIterator[HostileMailServer]:
    hostile = HostileMailServer(**how)  # type: ignore[arg-type]
    server = await asyncio.start_server(hostile.speak, "127.0.0.1", 0, limit=4_000_000)
    hostile.port = server.sockets[0].getsockname()[1]
    try:
        yield hostile
    finally:
        server.close()
