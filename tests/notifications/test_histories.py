"""Random histories of calls, their mails read in any order by a calendar program of its own: it ends up right.

A few hundred in CI; all 10,000 are `python -m tests.notifications.test_histories --count 10000 [--into FILE]`.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from uuid import UUID

import pytest

from domain.call import Call, CallOwner, CallStatus, Invitee
from domain.email import Email, EmailKind, EmailStatus
from domain.ids import CallId, EmailId, InviteeId, OrganizationId, UserId
from domain.links import Link, Links
from domain.mail_server import MailSecurity, MailServer
from domain.notices import Notice, notices
from domain.people import User, UserRole
from jobs.composing import About, Composer, last_heard
from notifications.guest_mail import GuestMail
from notifications.letter import Envelope, Letter, Stationery
from notifications.mime import parcel
from tests.api.rounds import main, note
from tests.notifications.calendar_program import CalendarProgram, Entry
from tests.sample import a_call, a_user

pytestmark = pytest.mark.unit

HISTORIES = 400
SEED = 20261121
MOST_STEPS = 7
LINKS = Links(secret="a secret of tests that is long enough", public_url="https://calls.example.org")
SERVER = MailServer(host="h", port=1, security=MailSecurity.TLS, sender_name="Parley", sender_email="p@p.example")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC", None)
TITLES = (
    "Discovery",
    "First, second; third",
    "A “quiet” talk\\n",
    "Überprüfung der Lieferung an Grün & Söhne",
    "x" * 200,
)
FIRST_START = datetime(2027, 1, 1, tzinfo=UTC)
MEETINGS = (EmailKind.INVITE, EmailKind.UPDATE, EmailKind.CANCEL)


class Paper(Stationery):
    """Without HTML, which no calendar reads and which costs most of the time."""

    def render(self, name: str, subject: str, facts: dict[str, object], **more: object) -> Letter:
        return Letter(subject=subject, html="<p></p>", text=f"{name}\n", **more)  # type: ignore[arg-type]


COMPOSER = Composer(Paper(), LINKS, "https://calls.example.org")


@dataclass
class Outbox:
    """As db/emails.py keeps it: newer notices supersede unsent ones; who had no invite gets no cancel."""

    chance: random.Random
    rows: list[Email]
    mails: list[tuple[str, bytes]]  # address and message, as they were sent

    def add(self, call: Call, notice: Notice, at: datetime) -> None:
        guest = notice.invitee
        if guest is None or notice.kind not in MEETINGS:
            return
        own = [row for row in self.rows if row.invitee_id == guest.invitee_id]
        for row in own:
            if row.status is EmailStatus.WAITING and row.revision < notice.revision:
                self.replace(row, status=EmailStatus.SUPERSEDED)
        if notice.kind is EmailKind.CANCEL and not any(row.status is EmailStatus.SENT for row in own):
            return
        self.rows.append(
            Email(
                email_id=EmailId(UUID(int=self.chance.getrandbits(128))),
                organization_id=call.organization_id,
                call_id=call.call_id,
                link_id=None,
                kind=notice.kind,
                invitee_id=guest.invitee_id,
                user_id=None,
                to_name=guest.name,
                to_email=guest.email or "",
                status=EmailStatus.WAITING,
                attempts=1,
                problem=None,
                subject=None,
                created_at=at,
                sent_at=None,
                revision=notice.revision,
                due_at=notice.due_at,
                expires_at=notice.expires_at,
                facts=notice.facts,
            )
        )

    def send(self, call: Call, owner: User) -> None:
        """What waits, some of it twice: a server that said nothing after the last dot may have taken the first."""
        for row in [row for row in self.rows if row.status is EmailStatus.WAITING]:
            about = About(email=row, call=call, owner=owner, reader=None, record=None, heard=last_heard(row, self.rows))
            envelope = Envelope(
                server=SERVER,
                to_name=row.to_name,
                to_email=row.to_email,
                message_id=f"{row.email_id}@calls.example.org",
                written_at=row.created_at,
            )
            sent = parcel(COMPOSER.letter(about), envelope).content
            self.mails += [(row.to_email, sent)] * self.chance.choice((1, 1, 1, 2))
            self.replace(row, status=EmailStatus.SENT)

    def replace(self, row: Email, status: EmailStatus) -> None:
        self.rows[self.rows.index(row)] = replace(row, status=status)


@dataclass
class History:
    """One call from its booking on; `people`: all who were ever invited."""

    chance: random.Random
    owner: User
    call: Call
    people: list[Invitee]
    now: datetime

    def step(self) -> Call:
        """The call after the next thing that happens to it."""
        self.now += timedelta(seconds=self.chance.choice((0, 0, 1, 40_000)))  # DTSTAMP alone tells nothing within one
        before, up = self.call, self.call.revision + 1
        match self.chance.choice(("move", "move", "length", "title", "owner", "add", "add", "remove", "cancel")):
            case "move":
                after = replace(before, starts_at=self.any_start(), revision=up)
            case "length":
                after = replace(before, duration_minutes=self.chance.choice((15, 30, 90, 480)), revision=up)
            case "title":
                after = replace(before, title=self.chance.choice(TITLES), revision=up)
            case "owner":
                self.owner = replace(a_person(self.chance), organization_id=before.organization_id)
                host = CallOwner(user_id=self.owner.user_id, name=self.owner.name)
                after = replace(before, owner=host, revision=up)
            case "add":
                after = replace(before, invitees=(*before.invitees, self.somebody()), revision=up)
            case "remove" if before.invitees:
                gone = self.chance.choice(before.invitees)
                after = replace(before, invitees=tuple(x for x in before.invitees if x != gone), revision=up)
            case "cancel":
                after = replace(before, status=CallStatus.CANCELLED, cancel_reason="Illness, sorry.", revision=up)
            case _:
                after = before
        self.call = after
        return after

    def any_start(self) -> datetime:
        return FIRST_START + timedelta(minutes=15 * self.chance.randrange(2 * 365 * 96))

    def somebody(self) -> Invitee:
        """Now and then somebody who was there before: with the same address, and invited anew."""
        number = self.chance.randrange(4)
        guest = Invitee(
            invitee_id=InviteeId(UUID(int=self.chance.getrandbits(128))),
            name=self.chance.choice(("Robin Finch", 'Ana "Ann" de Sá, PhD', "李雷")),
            email=f"guest{number}@finch.example" if number else None,
            link_revision=1,
            time_zone=self.chance.choice(ZONES),
        )
        self.people.append(guest)
        return guest


def a_person(chance: random.Random) -> User:
    user = a_user(OrganizationId(UUID(int=chance.getrandbits(128))), UserRole.REP)
    user_id = UserId(UUID(int=chance.getrandbits(128)))
    return replace(user, user_id=user_id, email=f"{user_id.hex[:6]}@acme.example", name=f"Ada {user_id.hex[:3]}")


def played(seed: int) -> tuple[History, Outbox]:
    chance = random.Random(seed)
    owner = a_person(chance)
    blank = a_call(owner, call_id=CallId(UUID(int=chance.getrandbits(128))), invitees=(), time_zone="Europe/Berlin")
    history = History(chance, owner, blank, [], datetime(2026, 12, 1, tzinfo=UTC))
    history.call = replace(
        blank,
        starts_at=history.any_start(),
        invitees=tuple(history.somebody() for _ in range(chance.randint(0, 3))),
    )
    outbox = Outbox(chance, [], [])
    before: Call | None = None
    for _ in range(chance.randint(1, MOST_STEPS)):
        for notice in notices(before, history.call, history.owner, history.now):
            outbox.add(history.call, notice, history.now)
        if chance.random() < 0.6:  # else the mail server is down
            outbox.send(history.call, history.owner)
        if history.call.status is CallStatus.CANCELLED:
            break
        before = history.call
        history.step()
    else:
        for notice in notices(before, history.call, history.owner, history.now):
            outbox.add(history.call, notice, history.now)
    outbox.send(history.call, history.owner)
    return history, outbox


def wanted(history: History, address: str) -> dict[str, Entry]:
    """What this person's calendar must show, by UID."""
    call = history.call
    if call.status is CallStatus.CANCELLED:
        return {}
    return {
        f"{call.call_id}.{guest.invitee_id}@parley": Entry(
            starts_at=call.starts_at,
            ends_at=call.starts_at + timedelta(minutes=call.duration_minutes),
            title=call.title,
            link=LINKS.address(Link(call_id=call.call_id, invitee_id=guest.invitee_id, revision=1)),
            organizer=history.owner.email,
            rings_before=timedelta(minutes=15),
        )
        for guest in call.invitees
        if guest.email == address
    }


def calendars(history: History, outbox: Outbox) -> Iterator[tuple[str, CalendarProgram, bool]]:
    """Each person's, after all their mails have arrived in an order that nobody chose; and whether it was another."""
    for address in sorted({guest.email for guest in history.people if guest.email}):
        program = CalendarProgram(address)
        sent = [mail for to, mail in outbox.mails if to == address]
        arriving = history.chance.sample(sent, len(sent))
        for mail in arriving:
            program.take(mail)
        yield address, program, arriving != sent


def wrong_calendars(seeds: range, seen: Counter[str]) -> list[str]:
    """Which people's calendars do not show what is so; `seen` counts what the histories had in them."""
    wrong = []
    for seed in seeds:
        history, outbox = played(seed)
        seen.update(histories=1, people=len(history.people), mails=len(outbox.mails))
        seen.update(Counter(f"mails {row.status.value}" for row in outbox.rows))
        for address, program, is_out_of_order in calendars(history, outbox):
            seen.update(calendars=1, shown=len(program.shown), cancelled=len(program.known) - len(program.shown))
            seen["calendars out of order"] += is_out_of_order
            if program.shown != wanted(history, address):
                wrong.append(f"history {seed}, {address}")
    return wrong


def test_after_any_history_every_calendar_shows_what_is_so(request: pytest.FixtureRequest) -> None:
    count = request.config.getoption("--count", default=None) or HISTORIES
    seed = request.config.getoption("--seed", default=None) or SEED
    seen = Counter[str]()
    wrong = wrong_calendars(range(seed, seed + count), seen)
    versions = {name: version(name) for name in ("icalendar", "tzdata")}
    note(request.config, "histories", {"seed": seed, "wrong": len(wrong), **seen, **versions})
    assert wrong == []
    assert min(seen[name] for name in ("mails sent", "mails superseded", "shown", "cancelled")) > count / 4


def test_a_sequence_that_stands_still_is_found(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """As other products have had it: the same number in every update."""

    class Stuck(Composer):
        def _guest_mail(self, about: About, guest: Invitee) -> GuestMail:
            return replace(super()._guest_mail(about, guest), sequence=0)

    monkeypatch.setitem(globals(), "COMPOSER", Stuck(Paper(), LINKS, "https://calls.example.org"))
    seen = Counter[str]()
    wrong = wrong_calendars(range(SEED, SEED + 60), seen)
    note(request.config, "with a SEQUENCE that stands still", {"calendars": seen["calendars"], "wrong": len(wrong)})
    assert len(wrong) > 3


def test_sequences_rise_with_every_notice_that_one_guest_gets() -> None:
    for seed in range(SEED, SEED + 200):
        _, outbox = played(seed)
        by_guest: dict[InviteeId | None, list[int]] = {}
        for row in outbox.rows:
            by_guest.setdefault(row.invitee_id, []).append(row.facts["sequence"])
        for sequences in by_guest.values():
            assert sequences == sorted(set(sequences)), f"history {seed}"


if __name__ == "__main__":
    sys.exit(main(__file__))
