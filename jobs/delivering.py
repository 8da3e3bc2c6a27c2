"""One try at one claimed mail: by which server it goes, and what follows from the answer."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from db import emails, mail_servers
from db.pool import DatabaseError, Pool, transaction
from domain.email import Email, EmailStatus, TryResult
from domain.mail_server import MailServer
from jobs.circuits import Circuits
from jobs.rates import Rates
from jobs.servers import Order, Servers
from notifications.letter import Envelope, Letter
from notifications.mime import parcel
from notifications.smtp import Lines, NotSent, TooLate
from notifications.smtp_replies import Refusal, Verdict, is_address_dead, is_greylisting, time_named
from telemetry import log

logger = log.get(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 1800))
"""After the first try, the second, …; from then on the longest one, until the mail expires."""

JITTER = 0.2
"""Pauses are longer or shorter by up to this share, so that what failed together does not come back together."""

GREYLISTED_FOR = timedelta(minutes=5)
"""When the server does not say for how long. Source: postgrey's own --delay."""

OUR_FAULT = "The mail could not be made. The reason is in the log of the jobs process."


class Letters(Protocol):
    async def of(self, email: Email) -> Letter:
        """Raises NotSent when there is no reason any more to send it, and one of DatabaseError."""


class Delivering:
    """Of one process: it knows which servers failed here, and keeps the lines to them."""

    def __init__(
        self, pool: Pool, letters: Letters, servers: Servers, *, our_name: str, clock: Callable[[], datetime]
    ) -> None:
        self._pool = pool
        self._letters = letters
        self._servers = servers
        self._our_name = our_name
        self._clock = clock
        self._random = random.Random()
        self.lines = Lines(our_name)
        self.circuits = Circuits()
        self.rates = Rates(pool)

    async def try_once(self, email: Email, order: Order, dot_by: float) -> TryResult:
        """Never raises. `dot_by`: on the clock of `time.monotonic`; later nothing is handed over under this claim."""
        try:
            letter = await self._letters.of(email)
            return await self._by_one_of(email, letter, order, dot_by)
        except NotSent as reason:
            return self._end(email, EmailStatus.EXPIRED, problem=str(reason))
        except TooLate:
            return self._wait(email, self._clock(), problem=email.problem)
        except DatabaseError as error:
            logger.warning("mail put off", email_id=str(email.email_id), error=type(error).__name__)
            return self._wait(email, self._clock() + self._pause(email), problem=email.problem)
        except Exception as error:
            logger.error("mail not made", email_id=str(email.email_id), kind=email.kind.value, **log.failure(error))
            return self._end(email, EmailStatus.FAILED, problem=OUR_FAULT)

    async def _by_one_of(self, email: Email, letter: Letter, order: Order, dot_by: float) -> TryResult:
        """Raises TooLate and one of DatabaseError; both only before the last dot."""
        problem, last, opens_at = order.problem, None, None
        for server in by_turns(email, order.servers):
            async with self.lines.slots[server]:
                if rests_until := self.circuits.rests_until(server, self._clock()):
                    opens_at = min(opens_at or rests_until, rests_until)
                    continue
                if waits_s := await self.rates.spend(server):
                    return self._wait(email, self._clock() + timedelta(seconds=waits_s), problem=email.problem)
                await self._turn_to(server, email)
                result = await self._by(server, email, letter, dot_by)
            if isinstance(result, TryResult):
                return result
            problem, last = str(result), server
            said_at = self._clock() + (time_named(result.reply) or self._pause(email))
            opens_at = min(opens_at or said_at, said_at)
        host = last.host if last else None
        return self._wait(email, opens_at or self._clock() + self._pause(email), problem=problem, server_host=host)

    async def _turn_to(self, server: MailServer, email: Email) -> None:
        """Raises TooLate when the claim is no longer ours."""
        if server.server_id != email.server_id:
            async with transaction(self._pool, email.organization_id) as connection:
                if not await emails.turn_to(connection, email, server.server_id):
                    raise TooLate

    async def _by(self, server: MailServer, email: Email, letter: Letter, dot_by: float) -> TryResult | Refusal:
        """A Refusal: another server may be tried."""
        envelope = Envelope(
            server=server,
            to_name=email.to_name,
            to_email=email.to_email,
            message_id=f"{email.email_id}@{self._our_name}",
            written_at=self._clock(),
            headers=self._servers.headers(server, email.organization_id),
        )
        by: dict[str, Any] = {"subject": letter.subject, "server_host": server.host}
        try:
            reply = await self.lines.hand_over(server, parcel(letter, envelope), dot_by=dot_by)
        except Refusal as refused:
            by |= {"problem": str(refused), "reply": refused.reply}
            if refused.verdict in (Verdict.AWAY, Verdict.LOCKED):
                is_locked = refused.verdict is Verdict.LOCKED
                self.circuits.failed(server, self._clock(), is_locked=is_locked)
                if is_locked:
                    await self._note_problem(email, server, str(refused))
                return refused
            await self._was_let_in(email, server)
            if refused.verdict is Verdict.NEVER:
                is_dead = is_address_dead(refused.reply)
                return self._end(email, EmailStatus.BOUNCED, server_id=server.server_id, is_address_dead=is_dead, **by)
            if refused.verdict is Verdict.AMBIGUOUS:
                again = self._clock() + self._pause(email)
                return self._wait(email, again, server_id=server.server_id, is_ambiguous=True, **by)
            if is_greylisting(refused.reply):
                again = self._clock() + (time_named(refused.reply) or GREYLISTED_FOR)
                return self._wait(email, again, server_id=server.server_id, **by)
            return refused
        await self._was_let_in(email, server)
        return self._end(email, EmailStatus.SENT, server_id=server.server_id, reply=reply, **by)

    async def _was_let_in(self, email: Email, server: MailServer) -> None:
        self.circuits.answered(server)
        if server.problem:
            await self._note_problem(email, server, None)

    async def _note_problem(self, email: Email, server: MailServer, problem: str | None) -> None:
        """For admins, who alone can mend it. A database that is away changes nothing about the mail."""
        try:
            async with transaction(self._pool, email.organization_id) as connection:
                await mail_servers.note_problem(
                    connection, email.organization_id, server.server_id, problem, self._clock()
                )
        except DatabaseError as error:
            logger.warning("problem of a mail server not written down", error=type(error).__name__)

    def _pause(self, email: Email) -> timedelta:
        pause = PAUSES[min(max(email.attempts, 1), len(PAUSES)) - 1]
        return pause * self._random.uniform(1 - JITTER, 1 + JITTER)

    def _wait(self, email: Email, due_at: datetime, **about: Any) -> TryResult:
        """An ambiguous mail stays with its server, whatever came of this try."""
        if email.is_ambiguous:
            about["server_id"] = email.server_id
        return self._end(email, EmailStatus.WAITING, due_at=due_at, **about)

    def _end(self, email: Email, status: EmailStatus, **about: Any) -> TryResult:
        return TryResult(email=email, status=status, ended_at=self._clock(), **about)


def by_turns(email: Email, servers: Sequence[MailServer]) -> list[MailServer]:
    """The one that it is bound to comes first; an ambiguous mail goes by no other."""
    bound = [server for server in servers if server.server_id == email.server_id]
    if bound and email.is_ambiguous:
        return bound
    return bound + [server for server in servers if server not in bound]
