"""The audit log, written in the transaction of the deed; `domain/audit.py` says how it is chained."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db.pool import Connection, queries
from domain.audit import BEGINNING, Actor, Entry, Fact, Head, Subject, chained
from domain.ids import AuditId, OrganizationId, uuid7


async def write(
    connection: Connection,
    organization_id: OrganizationId,
    actor: Actor,
    action: str,
    subject: Subject,
    **facts: Fact,
) -> None:
    """One entry in the caller's transaction. Call it last there: nobody else of the organization gets past here
    until the transaction is over.

    Raises TypeError for a fact that is not an id, an enumeration, a count, yes or no, and ValueError for an action or
    a name that is not a word of ours.
    """
    entry = chained(
        await lock_head(connection, organization_id),
        organization_id,
        AuditId(uuid7()),
        datetime.now(UTC),
        actor,
        action,
        subject,
        facts,
    )
    await queries.add_audit_entry(
        connection,
        organization_id=organization_id,
        seq=entry.seq,
        entry_id=entry.entry_id,
        at=entry.at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        subject_kind=subject.kind,
        subject_id=subject.id,
        facts=json.dumps(entry.facts),
        previous=entry.previous,
        hash=entry.hash,
    )


async def lock_head(connection: Connection, organization_id: OrganizationId) -> Head:
    row = await queries.lock_audit_head(connection, organization_id=organization_id)
    if row is None:
        await queries.begin_audit(connection, organization_id=organization_id, seq=BEGINNING.seq, hash=BEGINNING.hash)
        row = await queries.lock_audit_head(connection, organization_id=organization_id)
    return Head(**row)


async def head(connection: Connection, organization_id: OrganizationId) -> Head:
    """BEGINNING when nothing was written yet."""
    row = await queries.get_audit_head(connection, organization_id=organization_id)
    return Head(**row) if row else BEGINNING


async def organizations(connection: Connection) -> list[OrganizationId]:
    """The organizations that have a log. Looks across them."""
    return [row["organization_id"] async for row in queries.audited_organizations(connection)]


async def page(
    connection: Connection,
    organization_id: OrganizationId,
    *,
    actor_id: UUID | None,
    action: str | None,
    since: datetime | None,
    before: datetime | None,
    below_seq: int | None,
    most: int,
) -> list[Entry]:
    """Newest first. What is None does not filter."""
    rows = queries.list_audit_entries(
        connection,
        organization_id=organization_id,
        actor_id=actor_id,
        action=action,
        since=since,
        before=before,
        below_seq=below_seq,
        most=most,
    )
    return [entry_of(organization_id, row) async for row in rows]


async def after(connection: Connection, organization_id: OrganizationId, seq: int, *, most: int) -> list[Entry]:
    """Entries numbered above `seq`, oldest first."""
    rows = queries.audit_entries_after(connection, organization_id=organization_id, seq=seq, most=most)
    return [entry_of(organization_id, row) async for row in rows]


def entry_of(organization_id: OrganizationId, row: Mapping[str, Any]) -> Entry:
    return Entry(
        organization_id=organization_id,
        seq=row["seq"],
        entry_id=row["id"],
        at=row["at"],
        actor=Actor(row["actor_kind"], row["actor_id"]),
        action=row["action"],
        subject=Subject(row["subject_kind"], row["subject_id"]),
        facts=json.loads(row["facts"]),
        previous=row["previous"],
        hash=row["hash"],
    )
