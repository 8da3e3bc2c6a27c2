"""The audit log of an organization: who did what to what, each entry chained to the one before it.

hash = SHA-256(hash of the entry before ‖ the entry as canonical JSON). `domain/audit_verifying.py`
says whether a log is still the one that was written.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from domain.canonical_json import LARGEST_INTEGER, Json, canonical
from domain.ids import AuditId, InviteeId, OrganizationId, UserId

ActorKind = Literal["user", "guest", "system"]

OneFact = UUID | StrEnum | bool | int | None
Fact = OneFact | Sequence[UUID] | Sequence[StrEnum]
"""Ids, roles, counts, yes or no. Free text is no fact: nothing about a person may stand where it cannot be erased."""

WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: UUID | None  # of a user or an invitee; None: the system

    SYSTEM: ClassVar["Actor"]

    @staticmethod
    def user(user_id: UserId) -> "Actor":
        return Actor("user", user_id)

    @staticmethod
    def guest(invitee_id: InviteeId) -> "Actor":
        return Actor("guest", invitee_id)


Actor.SYSTEM = Actor("system", None)


@dataclass(frozen=True, slots=True)
class Subject:
    kind: str  # a noun of the glossary
    id: str  # a UUID, or a word of ours where there is only one in the organization


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log has come: its last entry's number and hash."""

    seq: int
    hash: bytes


BEGINNING = Head(0, bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    organization_id: OrganizationId
    seq: int  # per organization from 1, without a gap
    entry_id: AuditId
    at: datetime
    actor: Actor
    action: str
    subject: Subject
    facts: Mapping[str, Json]
    previous: bytes  # the hash of the entry before
    hash: bytes

    @property
    def head(self) -> Head:
        return Head(self.seq, self.hash)


def chained(
    before: Head,
    organization_id: OrganizationId,
    entry_id: AuditId,
    at: datetime,
    actor: Actor,
    action: str,
    subject: Subject,
    facts: Mapping[str, Fact],
) -> Entry:
    """The entry that comes after `before`. Raises TypeError for a fact that may not stand in the log, ValueError for an
    action, a subject or a name of a fact that is not one of our own words."""
    for word in (action, subject.kind, *facts):
        check_word(word)
    if not is_id(subject.id):
        check_word(subject.id)
    stored = {name: storable(value) for name, value in facts.items()}
    seq = before.seq + 1
    return Entry(
        organization_id=organization_id,
        seq=seq,
        entry_id=entry_id,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        facts=stored,
        previous=before.hash,
        hash=hash_of(before.hash, organization_id, seq, entry_id, at, actor, action, subject, stored),
    )


def check_word(word: str) -> None:
    if len(word) > LONGEST_WORD or not WORD.fullmatch(word):
        raise ValueError("not a word of ours: small letters, digits and _")


def is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def storable(fact: object) -> Json:
    match fact:
        case None | bool():
            return fact
        case StrEnum():
            return fact.value
        case UUID():
            return str(fact)
        case int() if abs(fact) <= LARGEST_INTEGER:
            return int(fact)
        case list() | tuple() if all(isinstance(one, UUID | StrEnum) for one in fact):
            return [storable(one) for one in fact]
    raise TypeError(f"an audit entry holds ids, roles, counts, yes or no; {type(fact).__name__} is none of these")


def hash_of(
    previous: bytes,
    organization_id: OrganizationId,
    seq: int,
    entry_id: AuditId,
    at: datetime,
    actor: Actor,
    action: str,
    subject: Subject,
    facts: Mapping[str, Json],
) -> bytes:
    """Raises ValueError or OverflowError when there is no such entry: facts or an instant that we never write."""
    entry: Json = {
        "organization_id": str(organization_id),
        "seq": seq,
        "id": str(entry_id),
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": {"kind": actor.kind, "id": str(actor.id) if actor.id else None},
        "action": action,
        "subject": {"kind": subject.kind, "id": subject.id},
        "facts": facts,
    }
    return hashlib.sha256(previous + canonical(entry)).digest()
