"""The audit log, written in the transaction of the deed; `domain/audit.py` says how it is chained."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db.pool import Connection, queries
from domain.audit import BEGINNING, Actor, Entry, Fact, Head, Subject, chained, is_id
from domain.audit_verifying import Verifying
from domain.ids import AuditId, OrganizationId, uuid7

READ_AT_ONCE = 500


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


async def organizations(connection: Connection) -> list[OrganizationId]:
    """Those that have a log. Looks across them."""
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


async def read_into(
    verifying: Verifying, connection: Connection, organization_id: OrganizationId, *, after: Head = BEGINNING
) -> Head:
    """Hands over the entries behind `after`, and returns how far the log goes by the database's own count.

    What is written meanwhile is left for the next time.
    """
    extent = await queries.audit_extent(connection, organization_id=organization_id)
    seq = after.seq
    while entries := [
        entry_of(organization_id, row)
        async for row in queries.audit_entries_after(
            connection, organization_id=organization_id, seq=seq, up_to=extent["last_seq"], most=READ_AT_ONCE
        )
    ]:
        for entry in entries:
            verifying.take(entry)
        seq = entries[-1].seq
    return BEGINNING if extent["seq"] is None else Head(extent["seq"], extent["hash"])


async def names(
    connection: Connection, organization_id: OrganizationId, entries: Sequence[Entry]
) -> dict[tuple[str, str], str]:
    """What those of whom the entries tell are called today, by kind and id; who was erased is left out."""
    ids = {entry.actor.id for entry in entries if entry.actor.id}
    ids |= {UUID(entry.subject.id) for entry in entries if is_id(entry.subject.id)}
    rows = queries.names_in_audit(connection, organization_id=organization_id, ids=list(ids))
    return {(row["kind"], str(row["id"])): row["name"] async for row in rows}


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
