"""The audit log of an organization: who did what to what, each entry chained to the one before it.

hash = SHA-256(hash of the entry before ‖ the entry as canonical JSON). The chain shows what was edited, deleted,
swapped or slipped in. That its end was cut off, or that all of it was written anew, shows against the heads that were
signed and kept outside the database.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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

SIGNED_WITHIN = timedelta(hours=2)
"""Heads are signed each hour and when the jobs process starts; an entry this old without a signature is suspicious."""


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


@dataclass(frozen=True, slots=True)
class SignedHead(Head):
    """A head whose signature was found good by whoever read it."""

    signed_at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    ok: bool
    entries: int
    signed_up_to: int | None  # the highest signed number that fits; None: nothing has been signed
    problem: str | None  # the first one, in words for people
    at_seq: int | None  # where


def verify(entries: Iterable[Entry], signed_heads: Sequence[SignedHead], head: Head, *, now: datetime) -> Verification:
    """Says whether this is the log that was written. `entries` by number; `head` is what the database says it is."""
    verifying = Verifying(signed_heads)
    for entry in entries:
        verifying.take(entry)
    return verifying.end(head, now=now)


class Verifying:
    """The same for a log that is read in pieces. The first problem stands; the rest is only counted."""

    def __init__(self, signed_heads: Sequence[SignedHead], *, after: Head = BEGINNING) -> None:
        self._signed: dict[int, list[SignedHead]] = {}
        for signed in signed_heads:
            self._signed.setdefault(signed.seq, []).append(signed)
        self._last = after
        self._count = 0
        self._signed_up_to: int | None = None
        self._first_unsigned: Entry | None = None
        self._problem: str | None = None
        self._at_seq: int | None = None

    def take(self, entry: Entry) -> None:
        self._count += 1
        if self._problem:
            return
        place = self._last.seq + 1
        if entry.seq > place:
            self._found(place, f"Entry {place} is missing.")
        elif entry.seq < place:
            self._found(entry.seq, f"Entry {entry.seq} stands here a second time.")
        elif entry.previous != self._last.hash:
            self._found(place, f"Entry {place} does not follow on the one before it.")
        elif entry.hash != hash_after(self._last, entry):
            self._found(place, f"Entry {place} is not what was written: it does not fit its hash.")
        elif other := next((signed for signed in self._signed.get(place, ()) if signed.hash != entry.hash), None):
            self._found(
                place,
                f"Entry {place} is not the one that was signed at {minute(other.signed_at)}: "
                "the log was written anew up to here.",
            )
        else:
            self._last = entry.head
            if place in self._signed:
                self._signed_up_to, self._first_unsigned = place, None
            elif self._first_unsigned is None:
                self._first_unsigned = entry

    def end(self, head: Head, *, now: datetime) -> Verification:
        last, newest = self._last, max(self._signed, default=0)
        if newest > last.seq:
            signed_at = minute(self._signed[newest][0].signed_at)
            self._found(
                last.seq + 1,
                f"The log ends with entry {last.seq}, but entry {newest} was signed at {signed_at}: "
                "its end was cut off.",
            )
        if head != last:
            self._found(
                min(head.seq, last.seq) + 1,
                f"The log ends with entry {last.seq}, but the database's own count says {head.seq}, or another hash.",
            )
        late = self._first_unsigned
        if late and now - late.at > SIGNED_WITHIN:
            self._found(
                late.seq,
                f"Entry {late.seq} of {minute(late.at)} and those after it have no signature. Either the signing of "
                "each hour does not run, or the file of signed heads was cut off or exchanged.",
            )
        return Verification(
            ok=self._problem is None,
            entries=self._count,
            signed_up_to=self._signed_up_to,
            problem=self._problem,
            at_seq=self._at_seq,
        )

    def _found(self, seq: int, problem: str) -> None:
        if self._problem is None:
            self._problem, self._at_seq = problem, seq


def hash_after(before: Head, entry: Entry) -> bytes | None:
    """None when no entry that we write looks like this."""
    try:
        return hash_of(
            before.hash,
            entry.organization_id,
            entry.seq,
            entry.entry_id,
            entry.at,
            entry.actor,
            entry.action,
            entry.subject,
            entry.facts,
        )
    except (ValueError, OverflowError):
        return None


def minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
