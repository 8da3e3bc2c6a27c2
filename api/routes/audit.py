"""The audit log, for admins: read with filters, and verify."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.deps import MayReadAudit, Now, OwnConnection, PartsHeld
from api.text import Instant
from api.views import Page
from db import audit
from db.pool import transaction
from db.signed_heads import SignedHeadsFolder
from domain.audit import LONGEST_WORD, WORD, ActorKind, Entry
from domain.audit_verifying import Verification, Verifying
from domain.canonical_json import Json

router = APIRouter(prefix="/audit")

PAGE = 50

FactShown = str | int | bool | None | list[str]


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    kind: ActorKind
    id: UUID | None
    name: str | None  # as they are called today; null: the system, or somebody who was erased


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectView:
    kind: str
    id: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    seq: int
    at: datetime
    actor: ActorView
    action: str
    subject: SubjectView
    facts: Mapping[str, FactShown]


@router.get("")
async def list_entries(
    connection: OwnConnection,
    user: MayReadAudit,
    actor_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=LONGEST_WORD, pattern=f"^{WORD.pattern}$")] = None,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    before: Instant | None = None,
    below: Annotated[str | None, Query(alias="cursor", pattern="^[1-9][0-9]{0,17}$")] = None,
) -> Page[EntryView]:
    """Newest first."""
    found = await audit.page(
        connection,
        user.organization_id,
        actor_id=actor_id,
        action=action,
        since=since,
        before=before,
        below_seq=int(below) if below else None,
        most=PAGE + 1,
    )
    shown = found[:PAGE]
    names = await audit.names(connection, user.organization_id, shown)
    return Page(
        items=[entry_view(entry, names) for entry in shown],
        next_cursor=str(shown[-1].seq) if len(found) > PAGE else None,
    )


@router.post("/verifications")
async def verify(held: PartsHeld, user: MayReadAudit, now: Now, _: Nothing) -> Verification:
    """Reads the whole log and compares it with the heads that were signed."""
    folder = SignedHeadsFolder(held.settings.audit_dir)
    verifying = Verifying(await asyncio.to_thread(folder.read, user.organization_id))
    async with transaction(held.pool, user.organization_id) as connection:
        head = await audit.read_into(verifying, connection, user.organization_id)
    return verifying.end(head, now=now)


def entry_view(entry: Entry, names: Mapping[tuple[str, str], str]) -> EntryView:
    kind = "invitee" if entry.actor.kind == "guest" else entry.actor.kind
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        actor=ActorView(kind=entry.actor.kind, id=entry.actor.id, name=names.get((kind, str(entry.actor.id)))),
        action=entry.action,
        subject=SubjectView(
            kind=entry.subject.kind,
            id=entry.subject.id,
            name=names.get((entry.subject.kind, entry.subject.id)),
        ),
        facts={name: fact_view(fact) for name, fact in entry.facts.items()},
    )


def fact_view(fact: Json) -> FactShown:
    """Of our own facts each as it is; what somebody has put into the table by hand, as text."""
    match fact:
        case None | bool() | int() | str():
            return fact
        case list():
            return [str(one) for one in fact]
    return str(fact)
