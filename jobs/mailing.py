"""Sends the mails of the outbox, one try at a time, and writes down how it went."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from db import calls, emails, people, reviews, smtp
from db.jobs import Work
from db.pool import DatabaseError, Pool, transaction
from db.sealed import Seal, SealBroken
from domain.call import Call, CallStatus, Invitee
from domain.email import Email, EmailKind, EmailStatus
from domain.ids import EmailId, OrganizationId
from domain.links import Link, Links
from domain.mail_server import ORGANIZATION_HEADER, MailServer
from notifications import agent_joined, invite, summary, trial
from notifications.letter import Envelope, Letter, Stationery, message
from notifications.smtp import NotSent, deliver
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
        self._links = Links(secret=secret, public_url=public_url)
        self._public_url = public_url.rstrip("/")
        self._installation = installation
        self._mailbox_port = mailbox_port
        self._stationery = Stationery()
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
            letter = await self._letter_of(email)
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
            raise NotSent("No mail server is set. A manager can set one in the settings.", may_work_later=True)
        return server

    async def _letter_of(self, email: Email) -> Letter:
        async with transaction(self._pool, email.organization_id) as connection:
            call = await calls.get(connection, email.organization_id, email.call_id)
            owner = await people.get(connection, email.organization_id, call.owner.user_id) if call else None
            record = await reviews.get(connection, email.organization_id, email.call_id)
        if call is None or owner is None:
            raise NotSent("The call is no longer there.", may_work_later=False)
        page = f"{self._public_url}/calls/{call.call_id}"
        match email.kind:
            case EmailKind.INVITE:
                return invite.letter(
                    invite.Invite(
                        call=call,
                        invitee=(invitee := invitee_of(call, email)),
                        owner=owner,
                        link=self._links.address(
                            Link(call_id=call.call_id, invitee_id=invitee.invitee_id, revision=invitee.link_revision)
                        ),
                        booked_at=email.created_at,
                    ),
                    self._stationery,
                )
            case EmailKind.AGENT_JOINED:
                return agent_joined.letter(call, email.created_at, page, self._stationery)
            case EmailKind.SUMMARY:
                if record is None or record.review is None:
                    raise NotSent("The review is no longer there.", may_work_later=False)
                return summary.letter(
                    summary.Summary(call=call, review=record.review, score_before=record.lead.score_before, link=page),
                    self._stationery,
                )

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


def invitee_of(call: Call, email: Email) -> Invitee:
    """Raises NotSent when the call is over or the invitee is gone: nobody needs a link to that any more."""
    if call.status in (CallStatus.ENDED, CallStatus.CANCELLED):
        raise NotSent("The call was over before the mail could be sent.", may_work_later=False)
    for invitee in call.invitees:
        if invitee.invitee_id == email.invitee_id and invitee.email:
            return invitee
    raise NotSent("The invitee is no longer there.", may_work_later=False)


def host_name(public_url: str) -> str:
    """How we name ourselves to mail servers. An address of digits is no name (RFC 5321 §4.1.4)."""
    host = urlsplit(public_url).hostname or ""
    return host if any(character.isalpha() for character in host) and ":" not in host else "parley.localhost"
