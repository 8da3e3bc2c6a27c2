"""What the local mail catcher has taken: the newest messages of each organization."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from db.pool import Connection, queries
from domain.ids import MessageId, OrganizationId, uuid7

KEPT = 1_000
"""Messages of one organization; older ones make room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtMessage:
    message_id: MessageId
    subject: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeMessage(CaughtMessage):
    raw: bytes  # as it came over SMTP


class OrganizationUnknown(Exception):
    """The organization that a message names is not there."""


async def add(
    connection: Connection,
    organization_id: OrganizationId,
    *,
    sender: str,
    recipients: list[str],
    subject: str,
    raw: bytes,
) -> None:
    """Raises OrganizationUnknown; the transaction is then of no more use."""
    try:
        await queries.add_message(
            connection,
            message_id=uuid7(),
            organization_id=organization_id,
            sender=sender,
            recipients=recipients,
            subject=subject,
            raw=raw,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise OrganizationUnknown from error
    await queries.drop_oldest_messages(connection, organization_id=organization_id, kept=KEPT)


async def search(
    connection: Connection,
    organization_id: OrganizationId,
    text: str,
    *,
    before: tuple[datetime, MessageId] | None,
    most: int,
) -> list[CaughtMessage]:
    """Newest first, after the one whose arrival and id are `before`; all when the text is empty."""
    rows = queries.list_messages(
        connection,
        organization_id=organization_id,
        search=text,
        before_at=before[0] if before else None,
        before_id=before[1] if before else None,
        most=most,
    )
    return [CaughtMessage(**{**row, "recipients": tuple(row["recipients"])}) async for row in rows]


async def get(connection: Connection, organization_id: OrganizationId, message_id: MessageId) -> WholeMessage | None:
    row = await queries.get_message(connection, organization_id=organization_id, message_id=message_id)
    return WholeMessage(**{**row, "recipients": tuple(row["recipients"])}) if row else None
