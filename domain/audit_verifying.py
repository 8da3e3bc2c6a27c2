"""Whether an audit log is the one that was written.

The chain shows what was edited, deleted, swapped or slipped in. That the end was cut off, or that all was written anew
with hashes that fit, shows against the heads that were signed and kept outside the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.audit import BEGINNING, Entry, Head, hash_of

SIGNED_WITHIN = timedelta(hours=2)
"""Heads are signed each hour, or as soon as the jobs process runs again: an entry as old as this has a signature."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head whose signature was found good by whoever read it."""

    head: Head
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SignedHeads:
    """What is kept outside the database about one log, in the order of signing."""

    heads: tuple[SignedHead, ...] = ()
    problem: str | None = None  # why no more of what is kept there can be believed, in words for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    ok: bool
    entries: int
    signed_up_to: int | None  # the highest signed number that fits; None: none
    problem: str | None  # the first one, in words for people
    at_seq: int | None  # where in the log; None: beside it


def verify(entries: Iterable[Entry], signed_heads: SignedHeads, head: Head, *, now: datetime) -> Verification:
    """`entries` come by number; `head` is how far the log goes by the database's own count."""
    verifying = Verifying(signed_heads)
    for entry in entries:
        verifying.take(entry)
    return verifying.end(head, now=now)


class Verifying:
    """The same for a log that is read in pieces. The first problem stands; what comes after it is only counted."""

    def __init__(self, signed_heads: SignedHeads, *, after: Head = BEGINNING) -> None:
        """`after`: where to begin, for a log whose entries up to there are known to be good."""
        self._signed_heads = signed_heads
        self._signed: dict[int, list[SignedHead]] = {}
        for signed in signed_heads.heads:
            self._signed.setdefault(signed.head.seq, []).append(signed)
        self._last = after
        self._count = 0
        self._signed_up_to: int | None = None
        self._first_unsigned: Entry | None = None
        self._problem: str | None = None
        self._at_seq: int | None = None

    def take(self, entry: Entry) -> None:
        self._count += 1
        if self._problem is not None:
            return
        place = self._last.seq + 1
        if entry.seq > place:
            self._found(f"Entry {place} is missing.", place)
        elif entry.seq < place:
            self._found(f"Entry {entry.seq} stands here a second time.", entry.seq)
        elif entry.previous != self._last.hash:
            self._found(f"Entry {place} does not follow on the one before it.", place)
        elif entry.hash != hash_after(self._last, entry):
            self._found(f"Entry {place} is not what was written: it does not fit its hash.", place)
        elif other := next((one for one in self._signed.get(place, ()) if one.head != entry.head), None):
            when = minute(other.signed_at)
            self._found(f"Entry {place} is not the one that was signed on {when}: the log was written anew.", place)
        else:
            self._last = entry.head
            if place in self._signed:
                self._signed_up_to, self._first_unsigned = place, None
            elif self._first_unsigned is None:
                self._first_unsigned = entry

    def end(self, head: Head, *, now: datetime | None) -> Verification:
        """`now` is for entries that should have been signed long ago; None: that is not asked."""
        last, newest = self._last.seq, max(self._signed, default=0)
        if newest > last:
            when = minute(self._signed[newest][0].signed_at)
            self._found(
                f"The log ends with entry {last}, but entry {newest} was signed on {when}: its end was cut off.",
                last + 1,
            )
        if head.seq != last:
            self._found(
                f"The log ends with entry {last}, but the database counted {head.seq}.", min(head.seq, last) + 1
            )
        elif head != self._last:
            self._found(f"Entry {last} is not the one that the database wrote last.", last)
        if self._signed_heads.problem is not None:
            self._found(self._signed_heads.problem, None)
        late = self._first_unsigned
        if late is not None and now is not None and now - late.at > SIGNED_WITHIN:
            self._found(
                f"Entry {late.seq}, written on {minute(late.at)}, has not been signed, nor any after it. Either the "
                f"jobs process does not run, or the file of signed heads {'was cut off' if newest else 'is missing'}.",
                late.seq,
            )
        return Verification(
            ok=self._problem is None,
            entries=self._count,
            signed_up_to=self._signed_up_to,
            problem=self._problem,
            at_seq=self._at_seq,
        )

    def _found(self, problem: str, at_seq: int | None) -> None:
        if self._problem is None:
            self._problem, self._at_seq = problem, at_seq


def hash_after(before: Head, entry: Entry) -> bytes | None:
    """None when we would never write such an entry."""
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
    return f"{at.astimezone(UTC):%d %B %Y at %H:%M} UTC"
