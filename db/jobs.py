"""The queue of background work: pgqueuer's tables, filled in the transaction that makes the work due.

Payloads carry ids only. A job may run twice; what it does is guarded by the row that it is about.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from db.pool import Connection, queries
from domain.ids import OrganizationId


class Entrypoint(StrEnum):
    REVIEW_CALL = "review_call"
    TRY_SMTP = "try_smtp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a job is about: a row of this organization."""

    organization_id: OrganizationId
    id: UUID


class Queued(Protocol):
    @property
    def payload(self) -> bytes | None: ...


async def enqueue(connection: Connection, entrypoint: Entrypoint, organization_id: OrganizationId, id: UUID) -> None:
    """Runs when the caller's transaction is committed, and not at all when it is not; one at a time for a row."""
    await queries.enqueue_job(
        connection,
        entrypoint=entrypoint.value,
        payload=json.dumps({"organization_id": str(organization_id), "id": str(id)}).encode(),
        dedupe_key=f"{entrypoint.value}:{id}",
    )


def work_of(job: Queued) -> Work:
    """Raises ValueError or KeyError when the payload is not ours."""
    ids = json.loads(job.payload or b"null")
    return Work(organization_id=OrganizationId(UUID(ids["organization_id"])), id=UUID(ids["id"]))


async def enqueue_what_was_left(connection: Connection) -> int:
    """Work that is due and has no job any more gets one; returns how many. Looks across organizations."""
    left = [row async for row in queries.work_without_a_job(connection)]
    for row in left:
        await enqueue(connection, Entrypoint(row["entrypoint"]), row["organization_id"], row["id"])
    return len(left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    calls: int
    events: int
    mails: int  # of the local mailbox


async def erase_old_calls(connection: Connection, *, most: int) -> Erased:
    """Erases what was said in at most `most` calls whose organization's days are over. Looks across organizations."""
    return Erased(**await queries.erase_old_calls(connection, most=most))


async def forget_old_jobs(connection: Connection) -> None:
    """Takes finished jobs of a week ago out of the queue's own log."""
    await queries.forget_old_jobs(connection)
