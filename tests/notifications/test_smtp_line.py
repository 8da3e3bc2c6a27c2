"""One line to a server that speaks as the test has it: commands together, and every answer counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.mail_server import MailSecurity, MailServer
from notifications import smtp_line
from notifications.smtp import Lines
from notifications.smtp_line import Parcel, TooLate
from notifications.smtp_replies import Refusal, Verdict

pytestmark = pytest.mark.unit

PARCEL = Parcel(sender="a@a.example", recipient="b@b.example", content=b"Subject: Hello\r\n\r\n.Words\r\n")
USUAL = {
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 Go on",
    ".": "250 2.0.0 Taken",
    "RSET": "250 OK",
    "QUIT": "221",
}


@dataclass
class Scripted:
    """Answers each verb with its next answer; "" hangs up, None says nothing."""

    offers: str = "PIPELINING"
    answers: dict[str, list[str | None]] = field(default_factory=dict)
    port: int = 0
    connections: int = 0
    heard: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> MailServer:
        return MailServer(
            host="127.0.0.1", port=self.port, security=MailSecurity.NONE, sender_name="P", sender_email="a@a.example"
        )

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(b"220 mail.test ESMTP\r\n")
            while line := await reader.readline():
                verb = line[:4].decode().strip()
                self.heard.append(verb)
                if verb == "EHLO":
                    writer.write(f"250-mail.test\r\n250 {self.offers}\r\n".encode())
                elif not await self._answer(verb, writer):
                    break
                elif verb == "DATA" and self.heard[-1] == "DATA":
                    self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
                    if not await self._answer(".", writer):
                        break
        writer.close()

    async def _answer(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        """False: it hangs up now."""
        scripted = self.answers.get(verb, [])
        answer = scripted.pop(0) if scripted else USUAL[verb]
        if answer:
            writer.write(f"{answer}\r\n".encode())
            if verb == "DATA" and not answer.startswith("354"):
                self.heard.append("refused")
        return answer != ""


@asynccontextmanager
async def scripted(offers: str = "PIPELINING", **answers: Any) -> AsyncIterator[tuple[Scripted, Lines]]:
    server, lines = (
        Scripted(offers=offers, answers={verb.replace("dot", "."): said for verb, said in answers.items()}),
        Lines("us.example"),
    )
    listening = await asyncio.start_server(server.speak, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server, lines
    finally:
        await lines.aclose()
        listening.close()


async def verdict_of(lines: Lines, server: Scripted) -> tuple[Verdict, str | None]:
    with pytest.raises(Refusal) as refused:
        await lines.hand_over(server.address, PARCEL)
    return refused.value.verdict, refused.value.reply


async def test_a_message_arrives_as_it_is_over_one_line_after_another() -> None:
    async with scripted() as (server, lines):
        for _ in range(3):
            assert await lines.hand_over(server.address, PARCEL) == "250 2.0.0 Taken"
        assert server.taken == [b"Subject: Hello\r\n\r\n..Words\r\n.\r\n"] * 3
        assert server.connections == 1


@pytest.mark.parametrize("offers", ["PIPELINING", "SIZE"])
@pytest.mark.parametrize(
    ("verb", "answer", "verdict", "reply"),
    [
        ("MAIL", "550 5.7.1 Not from you", Verdict.NEVER, "550 5.7.1 Not from you"),
        ("MAIL", "451 4.3.0 Later", Verdict.LATER, "451 4.3.0 Later"),
        ("RCPT", "550-5.1.1 Nobody\r\n550 of that name", Verdict.NEVER, "550 5.1.1 Nobody of that name"),
        ("RCPT", "450 4.2.0 Busy", Verdict.LATER, "450 4.2.0 Busy"),
        ("DATA", "554 5.6.0 No", Verdict.NEVER, "554 5.6.0 No"),
        ("dot", "452 4.3.1 No room", Verdict.LATER, "452 4.3.1 No room"),
    ],
)
async def test_a_refusal_is_that_of_this_message_and_the_next_goes_over_the_same_line(
    offers: str, verb: str, answer: str, verdict: Verdict, reply: str
) -> None:
    after = {"MAIL": {"RCPT": ["503 Who?"], "DATA": ["503 Who?"]}, "RCPT": {"DATA": ["554 To whom?"]}}
    follows = after.get(verb, {}) if offers == "PIPELINING" else {}
    async with scripted(offers, **{verb: [answer], **follows}) as (server, lines):
        assert await verdict_of(lines, server) == (verdict, reply)
        assert server.heard[-1] == "RSET"
        assert await lines.hand_over(server.address, PARCEL) == "250 2.0.0 Taken"
        assert server.connections == 1


async def test_a_server_that_wants_the_message_of_nobody_does_not_get_it() -> None:
    async with scripted(RCPT=["550 5.1.1 Nobody"]) as (server, lines):
        assert await verdict_of(lines, server) == (Verdict.NEVER, "550 5.1.1 Nobody")
        assert server.taken == []
        await lines.hand_over(server.address, PARCEL)
        assert server.connections == 2, "the line that waited for a message was given up"


async def test_what_it_said_before_it_hung_up_counts() -> None:
    async with scripted(RCPT=["550 5.1.1 Nobody"], DATA=[""]) as (server, lines):
        assert await verdict_of(lines, server) == (Verdict.NEVER, "550 5.1.1 Nobody")


async def test_going_down_is_believed_on_a_new_line_and_tried_anew_on_an_old_one() -> None:
    async with scripted(MAIL=["421 4.3.2 Going down"]) as (server, lines):
        found, _ = await verdict_of(lines, server)
        assert found is Verdict.LATER
    async with scripted(MAIL=["250 OK", "421 4.4.2 Idle for too long"]) as (server, lines):
        await lines.hand_over(server.address, PARCEL)
        assert await lines.hand_over(server.address, PARCEL) == "250 2.0.0 Taken"
        assert server.connections == 2


@pytest.mark.parametrize("answer", ["", "Well now", "2500 Taken", "250" + "x" * 100_000, "250-a\r\n" * 200 + "250 a"])
async def test_after_the_dot_what_is_no_answer_leaves_it_open(answer: str) -> None:
    async with scripted(dot=[answer]) as (server, lines):
        found, _ = await verdict_of(lines, server)
        assert (found, len(server.taken)) == (Verdict.AMBIGUOUS, 1)


async def test_silence_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_line, "TRY_WITHIN_SECONDS", 0.2)
    monkeypatch.setattr(smtp_line, "ANSWER_WITHIN_SECONDS", 0.2)
    for verb, verdict in (("MAIL", Verdict.AWAY), ("DATA", Verdict.AWAY), ("dot", Verdict.AMBIGUOUS)):
        silent: dict[str, Any] = {verb: [None]}
        async with scripted(**silent) as (server, lines):
            found, _ = await verdict_of(lines, server)
            assert found is verdict


async def test_the_dot_is_not_said_after_its_time() -> None:
    async with scripted() as (server, lines):
        await lines.hand_over(server.address, PARCEL)
        with pytest.raises(TooLate):
            await lines.hand_over(server.address, PARCEL, dot_by=0.0)
        assert len(server.taken) == 1
