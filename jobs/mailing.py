"""Sends the mails of the outbox, one try at a time, and writes down how it went."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from db import emails, smtp
from db.jobs import Work
from db.pool import DatabaseError, Pool, transaction
from db.sealed import Seal, SealBroken
from domain.email import Email, EmailStatus
from domain.ids import EmailId, OrganizationId
from domain.mail_server import ORGANIZATION_HEADER, MailServer
from jobs.letters import Letters
from notifications import trial
from notifications.letter import Envelope, Letter, Stationery, message
from notifications.smtp import NotSent, deliver, host_name
from telemetry import log

logger = log.get(__name__)

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 1800))
"""After the first try, the second, …: six tries within an hour, enough for greylisting or a restart."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")

OUR_FAULT = "The mail could not be made. The reason is in the log of the jobs process."


class Mailing:
    def __init__(
        self,
        pool: Pool,
        *,
        secret: str,
        public_url: str,
        installation: MailServer | None,
        mailbox_port: int | None,
    ) -> None:
        """`installation`: for organizations without a server of their own. `mailbox_port`: of our own catcher."""
        self._pool = pool
        self._seal = Seal(secret)
        self._installation = installation
        self._mailbox_port = mailbox_port
        self._stationery = Stationery()
        self._letters = Letters(pool, self._stationery, secret=secret, public_url=public_url)
        self._our_name = host_name(public_url)

    async def send(self, work: Work, _: int) -> timedelta | None:
        """One try at one mail of the outbox. Raises one of DatabaseError; the claim then runs out by itself."""
        email_id = EmailId(work.id)
        async with transaction(self._pool, work.organization_id) as connection:
            email = await emails.claim(connection, work.organization_id, email_id)
            if email is None:
                seconds = await emails.seconds_claimed(connection, work.organization_id, email_id)
                return None if seconds is None else timedelta(seconds=seconds + 1)
        try:
            server = await self._server_of(email.organization_id)
            letter = await self._letters.of(email)
            await self._deliver(server, letter, email.organization_id, email.email_id, email.to_name, email.to_email)
        except NotSent as refused:
            return await self._end(email, str(refused), may_work_later=refused.may_work_later)
        except DatabaseError:
            raise
        except Exception as error:
            logger.error("mail not made", email_id=str(email_id), kind=email.kind.value, **log.failure(error))
            return await self._end(email, OUR_FAULT, may_work_later=False)
        async with transaction(self._pool, email.organization_id) as connection:
            await emails.end_try(connection, email, EmailStatus.SENT, subject=letter.subject)
        logger.info("mail sent", email_id=str(email_id), kind=email.kind.value, attempts=email.attempts)
        return None

    async def try_out(self, work: Work, _: int) -> timedelta | None:
        """A mail to whoever wants to know whether mail works; what came of it is for them to read."""
        async with transaction(self._pool, work.organization_id) as connection:
            reader = await smtp.trial_reader(connection, work.organization_id, work.id)
        if reader is None:
            return None
        try:
            server = await self._server_of(work.organization_id)
            letter = trial.letter(server, reader.name, self._stationery)
            await self._deliver(server, letter, work.organization_id, work.id, reader.name, reader.email)
            result = smtp.TrialResult(is_ok=True, detail=f"{server.host} took a mail to {reader.email}.")
        except NotSent as refused:
            result = smtp.TrialResult(is_ok=False, detail=str(refused))
        async with transaction(self._pool, work.organization_id) as connection:
            await smtp.end_trial(connection, work.organization_id, work.id, result)
        return None

    async def _end(self, email: Email, problem: str, *, may_work_later: bool) -> timedelta | None:
        again = DELAYS[email.attempts - 1] if may_work_later and email.attempts <= len(DELAYS) else None
        status = EmailStatus.QUEUED if again else EmailStatus.FAILED
        async with transaction(self._pool, email.organization_id) as connection:
            await emails.end_try(connection, email, status, problem=problem)
        logger.warning(
            "mail not sent", email_id=str(email.email_id), kind=email.kind.value, attempts=email.attempts,
            is_final=again is None, **{"pii.problem": problem},
        )  # fmt: skip
        return again

    async def _server_of(self, organization_id: OrganizationId) -> MailServer:
        async with transaction(self._pool, organization_id) as connection:
            own = await smtp.get(connection, organization_id)
        try:
            server = smtp.unsealed(own, self._seal) if own else self._installation
        except SealBroken:
            raise NotSent("The password of the mail server has to be entered again.", may_work_later=True) from None
        if server is None:
            raise NotSent("No mail server is set. An admin can set one in the settings.", may_work_later=True)
        return server

    async def _deliver(
        self, server: MailServer, letter: Letter, organization_id: OrganizationId, id: UUID, to_name: str, to_email: str
    ) -> None:
        """Raises NotSent."""
        is_ours = server.host in LOOPBACK and server.port == self._mailbox_port
        envelope = Envelope(
            server=server,
            to_name=to_name,
            to_email=to_email,
            message_id=f"{id}@{self._our_name}",
            written_at=datetime.now(UTC),
            headers={ORGANIZATION_HEADER: str(organization_id)} if is_ours else {},
        )
        await deliver(server, message(letter, envelope), our_name=self._our_name)
