"""An organization's own mail servers in the order in which they are tried, passwords sealed, and trials of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from db import jobs
from db.pool import Connection, queries
from db.sealed import Seal
from domain.ids import OrganizationId, UserId, uuid7
from domain.mail_server import MailServer

ADAPTER: TypeAdapter[MailServer] = TypeAdapter(MailServer)

IN_COLUMNS = {"server_id", "mails_a_minute", "problem", "problem_at"}


async def of(connection: Connection, organization_id: OrganizationId) -> list[MailServer]:
    """Empty: the installation's is used. Passwords are still sealed: see `unsealed`."""
    rows = queries.list_mail_servers(connection, organization_id=organization_id)
    return [
        replace(
            ADAPTER.validate_json(row["server"]),
            server_id=row["id"],
            **{name: row[name] for name in IN_COLUMNS - {"server_id"}},
        )
        async for row in rows
    ]


async def keep(connection: Connection, organization_id: OrganizationId, servers: Sequence[MailServer]) -> None:
    """These and no others, as they are: seal the passwords first. One that is there already keeps its id."""
    ids = [server.server_id for server in servers]
    await queries.drop_other_mail_servers(connection, organization_id=organization_id, ids=ids)
    await queries.keep_mail_servers(
        connection,
        organization_id=organization_id,
        ids=ids,
        servers=[ADAPTER.dump_json(server, exclude=IN_COLUMNS).decode() for server in servers],
        rates=[server.mails_a_minute for server in servers],
    )


def unsealed(server: MailServer, seal: Seal) -> MailServer:
    """Raises SealBroken."""
    return replace(server, password=seal.open(server.password)) if server.password else server


async def note_problem(
    connection: Connection, organization_id: OrganizationId, server_id: UUID, problem: str | None, now: datetime
) -> None:
    """Why one of its own servers does not let us in, for its admins to read; None: it does."""
    await queries.note_problem_of_server(
        connection, organization_id=organization_id, server_id=server_id, problem=problem, now=now
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    is_ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mail to `email` by that server of the organization, or the installation's."""

    server_id: UUID
    name: str
    email: str


async def queue_trial(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, server_id: UUID
) -> UUID:
    """A mail to that person, sent by a job; `trial_result` tells what came of it."""
    trial_id = uuid7()
    await queries.add_trial(
        connection, trial_id=trial_id, organization_id=organization_id, user_id=user_id, server_id=server_id
    )
    await jobs.enqueue(connection, jobs.Entrypoint.TRY_SMTP, organization_id, trial_id)
    return trial_id


async def trial(connection: Connection, organization_id: OrganizationId, trial_id: UUID) -> Trial | None:
    """None when it has been made already."""
    row = await queries.get_trial(connection, organization_id=organization_id, trial_id=trial_id)
    return Trial(**row) if row else None


async def is_trial(connection: Connection, organization_id: OrganizationId, trial_id: UUID, server_id: UUID) -> bool:
    return bool(
        await queries.is_trial(connection, organization_id=organization_id, trial_id=trial_id, server_id=server_id)
    )


async def end_trial(
    connection: Connection, organization_id: OrganizationId, trial_id: UUID, result: TrialResult
) -> None:
    await queries.end_trial(
        connection, organization_id=organization_id, trial_id=trial_id, is_ok=result.is_ok, detail=result.detail
    )


async def trial_result(connection: Connection, organization_id: OrganizationId, trial_id: UUID) -> TrialResult | None:
    """None until it has been made."""
    row = await queries.trial_result(connection, organization_id=organization_id, trial_id=trial_id)
    return TrialResult(**row) if row else None
