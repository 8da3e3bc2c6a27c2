"""Entries, their chain, and ten thousand ways to change a log behind its back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.audit import BEGINNING, Actor, Entry, Head, Subject, chained, hash_of
from domain.audit_verifying import SIGNED_WITHIN, SignedHead, SignedHeads, Verification, verify
from domain.ids import AuditId, InviteeId, OrganizationId, UserId, uuid7
from domain.people import UserRole

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ACTIONS = ("signed_in", "user_changed", "call_viewed", "consent_given", "team_changed")
SEEDS = range(50)
EDITS, OTHERS = 80, 24
"""Tamperings of one seed: edits, and of each of the five other kinds; with 50 seeds 10,000 in all."""


def an_id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128))


def next_entry(random: Random, organization_id: OrganizationId, before: Head, **facts: Any) -> Entry:
    actor = random.choice([Actor.user(UserId(an_id(random))), Actor.guest(InviteeId(an_id(random))), Actor.SYSTEM])
    return chained(
        before,
        organization_id,
        AuditId(an_id(random)),
        AT + timedelta(seconds=before.seq, microseconds=random.randrange(10**6)),
        actor,
        random.choice(ACTIONS),
        Subject("call", str(an_id(random))),
        facts or {"role": UserRole.REP, "count": random.randrange(100), "by_mail": True, "team_ids": [an_id(random)]},
    )


def a_log(random: Random, length: int) -> list[Entry]:
    organization_id = OrganizationId(an_id(random))
    entries: list[Entry] = []
    for _ in range(length):
        entries.append(next_entry(random, organization_id, entries[-1].head if entries else BEGINNING))
    return entries


def signed_at(entries: Sequence[Entry], *places: int) -> SignedHeads:
    return SignedHeads(tuple(SignedHead(entries[place - 1].head, AT) for place in sorted(places)))


def verified(entries: Sequence[Entry], signed: SignedHeads, *, now: datetime = AT) -> Verification:
    """As somebody would find it who owns the database: numbers in order, and the head set to fit."""
    in_order = sorted(entries, key=lambda entry: entry.seq)
    return verify(in_order, signed, in_order[-1].head if in_order else BEGINNING, now=now)


def rehashed(entries: Sequence[Entry]) -> list[Entry]:
    """The same deeds numbered and chained anew, with hashes that fit."""
    chain: list[Entry] = []
    for seq, entry in enumerate(entries, start=1):
        previous = chain[-1].hash if chain else BEGINNING.hash
        found = hash_of(
            previous, entry.organization_id, seq, entry.entry_id, entry.at, entry.actor, entry.action, entry.subject,
            entry.facts,
        )  # fmt: skip
        chain.append(replace(entry, seq=seq, previous=previous, hash=found))
    return chain


def flipped(random: Random, value: bytes) -> bytes:
    bit = random.randrange(len(value) * 8)
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")


def facts_edited(random: Random, entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = dict(entry.facts)
    name = random.choice(sorted(facts))
    match random.randrange(4):
        case 0:
            del facts[name]
        case 1:
            facts[f"{name}_too"] = True
        case 2:
            facts[name] = random.choice([None, 0.5, 2**60, "admin", {"a": [1.5]}, [str(an_id(random))]])
        case 3:
            facts[f"{name}2"] = facts.pop(name)
    return facts


EDIT: dict[str, Callable[[Random, Entry], Any]] = {
    "organization_id": lambda random, _: an_id(random),
    "entry_id": lambda random, _: an_id(random),
    "at": lambda random, entry: entry.at + timedelta(microseconds=random.choice([-1, 1, 3_600_000_000])),
    "actor": lambda random, entry: random.choice(
        [Actor("user", an_id(random)), Actor("system" if entry.actor.kind == "user" else "user", entry.actor.id)]
    ),
    "action": lambda _, entry: entry.action + "x",
    "subject": lambda random, entry: random.choice(
        [Subject("lead", entry.subject.id), Subject(entry.subject.kind, str(an_id(random)))]
    ),
    "facts": facts_edited,
    "previous": lambda random, entry: flipped(random, entry.previous),
    "hash": lambda random, entry: flipped(random, entry.hash),
    "seq": lambda random, entry: entry.seq + random.choice([1, 2, 1000]),
}


class Tampering:
    """Each way changes a log and says where that must be noticed at the latest."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.length = self.random.randint(4, 32)
        self.log = a_log(self.random, self.length)
        self.last_signed = self.random.randint(3, self.length)
        others = self.random.sample(range(1, self.last_signed), self.random.randint(0, 2))
        self.signed = signed_at(self.log, self.last_signed, *others)

    def edit(self, number: int) -> tuple[list[Entry], int]:
        place, field = self.random.randrange(self.length), list(EDIT)[number % len(EDIT)]
        edited = replace(self.log[place], **{field: EDIT[field](self.random, self.log[place])})
        assert edited != self.log[place]
        return [*self.log[:place], edited, *self.log[place + 1 :]], place + 1

    def delete(self, number: int) -> tuple[list[Entry], int]:
        """Somewhere before the end; the entries behind close up on every second try."""
        place = self.random.randrange(self.length - 1)
        most = self.random.randint(1, self.length - 1 - place)
        rest = self.log[place + most :]
        if number % 2:
            rest = [replace(entry, seq=entry.seq - most) for entry in rest]
        return [*self.log[:place], *rest], place + 1

    def swap(self, number: int) -> tuple[list[Entry], int]:
        """Two exchange their numbers, on every second try with their places in the chain."""
        one, other = sorted(self.random.sample(range(self.length), 2))
        log, a, b = list(self.log), self.log[one], self.log[other]
        if number % 2:
            log[one] = replace(b, seq=a.seq, previous=a.previous, hash=a.hash)
            log[other] = replace(a, seq=b.seq, previous=b.previous, hash=b.hash)
        else:
            log[one], log[other] = replace(b, seq=a.seq), replace(a, seq=b.seq)
        return log, one + 1

    def insert(self, number: int) -> tuple[list[Entry], int]:
        """One with a hash that fits; those behind it move up, or stay, so that two have one number."""
        place = self.random.randrange(self.length)
        before = self.log[place - 1].head if place else BEGINNING
        forged = next_entry(self.random, self.log[0].organization_id, before)
        rest = self.log[place:]
        if number % 2:
            rest = [replace(entry, seq=entry.seq + 1) for entry in rest]
        return [*self.log[:place], forged, *rest], place + 2

    def truncate(self, _: int) -> tuple[list[Entry], int]:
        kept = self.random.randrange(self.last_signed)
        return self.log[:kept], kept + 1

    def rewrite(self, number: int) -> tuple[list[Entry], int]:
        """From some place on with hashes that fit: a deed less, a deed more, or another deed."""
        place = self.random.randrange(self.last_signed)
        forged = next_entry(self.random, self.log[0].organization_id, BEGINNING)
        middle: list[Entry] = [[], [forged, self.log[place]], [forged]][number % 3]
        return rehashed([*self.log[:place], *middle, *self.log[place + 1 :]]), self.last_signed


@pytest.mark.parametrize("seed", SEEDS)
def test_of_two_hundred_tamperings_every_one_is_found(seed: int) -> None:
    tampering = Tampering(seed)
    untouched = verified(tampering.log, tampering.signed)
    assert (untouched.ok, untouched.signed_up_to) == (True, tampering.last_signed)
    ways: list[Callable[[int], tuple[list[Entry], int]]] = [
        tampering.delete,
        tampering.swap,
        tampering.insert,
        tampering.truncate,
        tampering.rewrite,
    ]
    tried = [(way, number) for way in ways for number in range(OTHERS)]
    tried += [(tampering.edit, number) for number in range(EDITS)]
    for way, number in tried:
        log, latest = way(number)
        found = verified(log, tampering.signed)
        assert not found.ok, (way.__name__, number)
        assert found.problem
        assert found.at_seq is not None, (way.__name__, number, found)
        assert found.at_seq <= latest, (way.__name__, number, found)
    assert len(tried) * len(SEEDS) == 10_000


def test_a_log_that_nobody_touched_is_found_whole() -> None:
    log = a_log(Random(1), 30)
    assert verified(log, signed_at(log, 10, 30)) == Verification(
        ok=True, entries=30, signed_up_to=30, problem=None, at_seq=None
    )
    assert verified([], SignedHeads()) == Verification(ok=True, entries=0, signed_up_to=None, problem=None, at_seq=None)


def test_what_the_database_counted_must_be_there() -> None:
    log = a_log(Random(1), 5)
    cut_off = verify(log[:4], SignedHeads(), log[-1].head, now=AT)
    assert (cut_off.ok, cut_off.at_seq) == (False, 5)
    added = verify(log, SignedHeads(), log[3].head, now=AT)
    assert (added.ok, added.at_seq) == (False, 5)
    exchanged = verify(log, SignedHeads(), Head(5, log[3].hash), now=AT)
    assert (exchanged.ok, exchanged.at_seq) == (False, 5)


def test_every_problem_is_said_in_words_and_where() -> None:
    log = a_log(Random(2), 6)
    signed = signed_at(log, 4)
    said = {
        "Entry 3 is missing.": [*log[:2], *log[3:]],
        "Entry 3 is not what was written: it does not fit its hash.": [*log[:2], replace(log[2], action="x"), *log[3:]],
        "Entry 3 does not follow on the one before it.": [*log[:2], replace(log[3], seq=3)],
        "Entry 2 stands here a second time.": [*log[:2], log[1], *log[2:]],
        "The log ends with entry 2, but entry 4 was signed on 21 November 2026 at 12:00 UTC: its end was cut off.": log[
            :2
        ],
        "Entry 4 is not the one that was signed on 21 November 2026 at 12:00 UTC: the log was written anew.": rehashed(
            [replace(log[0], action="x"), *log[1:]]
        ),
    }
    for problem, entries in said.items():
        assert verified(entries, signed).problem == problem


def test_entries_that_should_have_been_signed_long_ago_are_told() -> None:
    log = a_log(Random(3), 5)
    in_time, too_late = log[2].at + SIGNED_WITHIN, log[2].at + SIGNED_WITHIN + timedelta(seconds=1)
    assert verified(log, signed_at(log, 2), now=in_time).ok
    late = verified(log, signed_at(log, 2), now=too_late)
    assert (late.ok, late.at_seq, late.signed_up_to) == (False, 3, 2)
    assert str(late.problem).endswith("the file of signed heads was cut off.")
    assert verified(log, signed_at(log, 2, 5), now=too_late + timedelta(days=1)).ok
    without = verified(log, SignedHeads(), now=too_late)
    assert str(without.problem).endswith("the file of signed heads is missing.")


def test_a_file_that_cannot_be_believed_is_told_unless_the_log_itself_is_broken() -> None:
    log = a_log(Random(4), 5)
    broken = replace(signed_at(log, 2), problem="The file is torn.")
    assert verified(log, broken) == Verification(
        ok=False, entries=5, signed_up_to=2, problem="The file is torn.", at_seq=None
    )
    assert verified([log[0], *log[2:]], broken).at_seq == 2


@pytest.mark.parametrize(
    "fact", ["Robin Finch", "robin@finch.example", "", 0.5, b"", {"a": 1}, ["Robin"], {uuid7()}, 2**53, [1], object()]
)
def test_free_text_and_fractions_are_no_facts(fact: Any) -> None:
    with pytest.raises(TypeError):
        next_entry(Random(0), OrganizationId(uuid7()), BEGINNING, fact=fact)


def test_facts_are_kept_as_json_holds_them() -> None:
    somebody = uuid7()
    entry = next_entry(
        Random(0), OrganizationId(uuid7()), BEGINNING,
        role=UserRole.ADMIN, was=None, team_ids=[somebody], roles=(UserRole.REP,), is_first=True, count=3,
    )  # fmt: skip
    assert entry.facts == {
        "role": "admin", "was": None, "team_ids": [str(somebody)], "roles": ["rep"], "is_first": True, "count": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    "word", ["", "Signed_in", "signed in", "robin@finch.example", "_a", "a_", "é", "a" * 61, "a\n"]
)
def test_actions_and_subjects_are_words_of_ours(word: str) -> None:
    somebody, rest = OrganizationId(uuid7()), {"a": 1}
    for action, subject, facts in (
        (word, Subject("call", str(somebody)), rest),
        ("signed_in", Subject(word, str(somebody)), rest),
        ("signed_in", Subject("settings", word), rest),
        ("signed_in", Subject("settings", "smtp"), {word: 1}),
    ):
        with pytest.raises(ValueError, match="not a word of ours"):
            chained(BEGINNING, somebody, AuditId(uuid7()), AT, Actor.SYSTEM, action, subject, facts)
