"""A mail to whoever wants to know whether a mail server works."""

from datetime import UTC, datetime, timedelta

from db import mail_servers
from db.jobs import Work
from db.mail_servers import Trial, TrialResult
from db.pool import Pool, transaction
from jobs.servers import Servers
from notifications import trial as trial_mail
from notifications.letter import Envelope, Stationery
from notifications.mime import parcel
from notifications.smtp import NotSent, deliver

GONE = "That mail server is not there any more."


class Trials:
    def __init__(self, pool: Pool, servers: Servers, stationery: Stationery, our_name: str) -> None:
        self._pool = pool
        self._servers = servers
        self._stationery = stationery
        self._our_name = our_name

    async def run(self, work: Work, _: int) -> timedelta | None:
        """What came of it is for people to read. Raises one of DatabaseError."""
        async with transaction(self._pool, work.organization_id) as connection:
            wanted = await mail_servers.trial(connection, work.organization_id, work.id)
        if wanted is None:
            return None
        try:
            result = await self._made(work, wanted)
        except NotSent as refused:
            result = TrialResult(is_ok=False, detail=str(refused))
        async with transaction(self._pool, work.organization_id) as connection:
            await mail_servers.end_trial(connection, work.organization_id, work.id, result)
        return None

    async def _made(self, work: Work, wanted: Trial) -> TrialResult:
        """Raises NotSent, and one of DatabaseError."""
        order = await self._servers.of(work.organization_id)
        server = next((one for one in order.servers if one.server_id == wanted.server_id), None)
        if server is None:
            return TrialResult(is_ok=False, detail=GONE if order.servers else order.problem)
        envelope = Envelope(
            server=server,
            to_name=wanted.name,
            to_email=wanted.email,
            message_id=f"{work.id}@{self._our_name}",
            written_at=datetime.now(UTC),
            headers=self._servers.headers(server, work.organization_id),
        )
        letter = trial_mail.letter(server, wanted.name, self._stationery)
        await deliver(server, parcel(letter, envelope), our_name=self._our_name)
        if server.problem:
            async with transaction(self._pool, work.organization_id) as connection:
                await mail_servers.note_problem(
                    connection, work.organization_id, server.server_id, None, envelope.written_at
                )
        return TrialResult(is_ok=True, detail=f"{server.host} took a mail to {wanted.email}.")
