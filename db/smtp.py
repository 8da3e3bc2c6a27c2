"""An organization's own mail server, its password sealed, and trials of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter

from db import jobs
from db.pool import Connection, queries
from db.sealed import Seal
from domain.ids import OrganizationId, UserId, uuid7
from domain.mail_server import MailServer

ADAPTER: TypeAdapter[MailServer] = TypeAdapter(MailServer)


async def get(connection: Connection, organization_id: OrganizationId) -> MailServer | None:
    """None: the installation's is used. The password is still sealed: see `unsealed`."""
    text = await queries.get_smtp(connection, organization_id=organization_id)
    return ADAPTER.validate_json(text) if text else None


async def keep(connection: Connection, organization_id: OrganizationId, server: MailServer | None) -> None:
    """Keeps it as it is: seal the password first. None goes back to the installation's."""
    text = ADAPTER.dump_json(server).decode() if server else None
    await queries.set_smtp(connection, organization_id=organization_id, smtp=text)


def unsealed(server: MailServer, seal: Seal) -> MailServer:
    """Raises SealBroken."""
    return replace(server, password=seal.open(server.password)) if server.password else server


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    is_ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReader:
    name: str
    email: str


async def queue_trial(connection: Connection, organization_id: OrganizationId, user_id: UserId) -> UUID:
    """A mail to that person, sent by a job; `trial_result` tells what came of it."""
    trial_id = uuid7()
    await queries.add_smtp_trial(connection, trial_id=trial_id, organization_id=organization_id, user_id=user_id)
    await jobs.enqueue(connection, jobs.Entrypoint.TRY_SMTP, organization_id, trial_id)
    return trial_id


async def trial_reader(connection: Connection, organization_id: OrganizationId, trial_id: UUID) -> TrialReader | None:
    """Whom the trial writes to. None when it has been made already."""
    row = await queries.smtp_trial_reader(connection, organization_id=organization_id, trial_id=trial_id)
    return TrialReader(**row) if row else None


async def end_trial(
    connection: Connection, organization_id: OrganizationId, trial_id: UUID, result: TrialResult
) -> None:
    await queries.end_smtp_trial(
        connection, organization_id=organization_id, trial_id=trial_id, is_ok=result.is_ok, detail=result.detail
    )


async def trial_result(connection: Connection, organization_id: OrganizationId, trial_id: UUID) -> TrialResult | None:
    """None until it has been made."""
    row = await queries.smtp_trial_result(connection, organization_id=organization_id, trial_id=trial_id)
    return TrialResult(**row) if row else None
