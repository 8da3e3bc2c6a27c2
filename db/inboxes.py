"""Where answers to an organization's invites arrive, the password sealed, and what they said."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from pydantic import TypeAdapter

from db.pool import Connection, Pool, lookup, queries
from db.sealed import Seal
from domain.ids import OrganizationId
from domain.inbox import Answer, Inbox, Mark

ADAPTER: TypeAdapter[Inbox] = TypeAdapter(Inbox)


async def get(connection: Connection, organization_id: OrganizationId) -> Inbox | None:
    """The password is still sealed: see `unsealed`."""
    text = await queries.get_inbox(connection, organization_id=organization_id)
    return ADAPTER.validate_json(text) if text else None


async def keep(connection: Connection, organization_id: OrganizationId, inbox: Inbox | None) -> None:
    """As it is: seal the password first. None: answers are not read."""
    text = ADAPTER.dump_json(inbox).decode() if inbox else None
    await queries.put_inbox(connection, organization_id=organization_id, inbox=text)


def unsealed(inbox: Inbox, seal: Seal) -> Inbox:
    """Raises SealBroken."""
    return replace(inbox, password=seal.open(inbox.password))


async def mark(connection: Connection, organization_id: OrganizationId, inbox: Inbox, read_to: Mark) -> None:
    """Up to where `inbox`, as `get` returned it, has been read. Nothing when it is another one by now."""
    await _note(connection, organization_id, inbox, {"read_to": asdict(read_to)})


async def tell(connection: Connection, organization_id: OrganizationId, inbox: Inbox, problem: str | None) -> None:
    """Why `inbox` cannot be read, for its admins; None: it can. Nothing when it is another one by now."""
    await _note(connection, organization_id, inbox, {"problem": problem})


async def _note(
    connection: Connection, organization_id: OrganizationId, inbox: Inbox, found: Mapping[str, object]
) -> None:
    text = ADAPTER.dump_json(inbox).decode()
    await queries.note_of_inbox(connection, organization_id=organization_id, inbox=text, found=json.dumps(found))


async def organizations(pool: Pool) -> list[OrganizationId]:
    """Those that have one. Looks across organizations."""
    async with lookup(pool) as connection:
        rows = queries.organizations_with_inbox(connection)
        return [OrganizationId(row["organization_id"]) async for row in rows]


async def note(connection: Connection, organization_id: OrganizationId, answer: Answer) -> bool:
    """False when the guest is not there any more, has answered later than that, or answers to another time."""
    noted = await queries.note_calendar_answer(
        connection, organization_id=organization_id, call_id=answer.call_id, invitee_id=answer.invitee_id,
        answer=answer.answer.value, answered_at=answer.answered_at, sequence=answer.sequence,
    )  # fmt: skip
    return bool(noted)
