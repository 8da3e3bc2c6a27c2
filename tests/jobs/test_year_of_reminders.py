"""A year of reminders in fast time: calls in every zone, booked, moved, with a sender that is away now and then.

Each reminder once, none early, none late; what could not be sent in time is not sent at all. With figures:
`python -m tests.jobs.test_year_of_reminders --into FILE`.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest

from db import calls, emails
from db.pool import Connection, Pool, transaction
from domain.call import Call, Invitee
from domain.email import Email, EmailKind, EmailStatus, TryResult
from domain.ids import InviteeId, uuid7
from domain.notices import notices
from jobs.letters import Letters
from notifications.smtp import NotSent
from tests.api.rounds import main, note
from tests.notifications.test_histories import Paper
from tests.notifications.test_nights_of_change import changes
from tests.sample import Tenant, a_call

pytestmark = [pytest.mark.db, pytest.mark.timeout(900)]

SEED = 20261121
BEGINS, ENDS = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUTAGES = 40
BATCH = 50
LEADS = {(15, True): 15 * MINUTE, (15, False): 15 * MINUTE, (24 * 60, False): DAY}
"""By minutes before the start and whether it is to the owner."""


@dataclass
class Version:
    """A call as it was from one change to the next."""

    starts_at: datetime
    said_at: datetime
    is_booking: bool


@dataclass
class Year:
    chance: random.Random
    outages: list[tuple[datetime, datetime]]
    plan: list[tuple[datetime, int]]  # when something is done to which call; the first time it is booked
    starts: list[datetime]
    zones: list[str]

    def awake(self, at: datetime) -> datetime:
        """When the sender is next there."""
        return next((ends for begins, ends in self.outages if begins <= at < ends), at)


def drawn() -> Year:
    chance = random.Random(SEED)
    wanted = [(zone, local_time(chance, zone)) for zone in sorted(available_timezones())]
    wanted += [(zone, onset + MINUTE * chance.randint(-90, 90)) for zone, onset in changes()]
    plan = []
    for number, (_, start) in enumerate(wanted):
        booked_at = start - chance.choice((MINUTE * 10, MINUTE * 40, HOUR * 20, HOUR * 50, DAY * 20)) * 1.01
        plan.append((booked_at, number))
        if chance.random() < 0.25:
            plan.append((booked_at + (start - booked_at) * chance.random(), number))
    begins = sorted(BEGINS + (ENDS - BEGINS) * chance.random() for _ in range(OUTAGES))
    outages = [(at, at + HOUR * chance.uniform(0.05, 30)) for at in begins]
    apart = [(a, min(b, following[0])) for (a, b), following in pairwise([*outages, (ENDS, ENDS)])]
    return Year(chance, apart, sorted(plan), [start for _, start in wanted], [zone for zone, _ in wanted])


def local_time(chance: random.Random, zone: str) -> datetime:
    day = BEGINS + DAY * chance.randrange(25, 360)
    local = day.replace(hour=chance.randrange(24), minute=chance.choice((0, 15, 30, 45)), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def expected(year: Year, versions: list[Version]) -> Counter[tuple[datetime, int, bool]]:
    """How often a reminder of which start, lead and recipient must have been sent, by the product's words alone."""
    found: Counter[tuple[datetime, int, bool]] = Counter()
    for version, later in pairwise([*versions, Version(ENDS, ENDS + DAY, False)]):
        for (minutes, to_owner), lead in LEADS.items():
            due = version.starts_at - lead
            quiet = timedelta(0) if to_owner and not version.is_booking else min(lead, 12 * HOUR)
            until = version.starts_at - (15 * MINUTE if minutes > 15 else timedelta(0))
            is_wanted = due > version.said_at and due - version.said_at >= quiet
            if is_wanted and year.awake(due) < min(until, later.said_at):
                found[version.starts_at, minutes, to_owner] += 1
    return found


class Played:
    def __init__(self, pool: Pool, tenant: Tenant, year: Year) -> None:
        self.pool, self.tenant, self.year = pool, tenant, year
        self.letters = Letters(
            pool, Paper(), secret="a secret of tests that is long enough", public_url="https://x.example"
        )
        self.calls: dict[int, Call] = {}
        self.versions: dict[int, list[Version]] = {}
        self.sent: dict[UUID, Counter[tuple[datetime, int, bool]]] = {}

    async def do(self, number: int, now: datetime) -> None:
        """Books the call, or moves it."""
        before = self.calls.get(number)
        async with transaction(self.pool, self.tenant.organization_id) as connection:
            if before is None:
                after = self.blank(number)
                await calls.add(connection, after)
            else:
                shift = MINUTE * 15 * self.year.chance.randint(-40, 400)
                start = max(before.starts_at + shift, now + MINUTE * 5)
                moved = await calls.change(connection, replace(before, starts_at=start), before.revision)
                assert moved is not None
                after = moved
            due = notices(before, after, self.tenant.rep, now)
            await emails.queue(connection, after.organization_id, after.call_id, due)
        if before is None or after.revision > before.revision:
            self.versions.setdefault(number, []).append(Version(after.starts_at, now, before is None))
        self.calls[number] = after

    def blank(self, number: int) -> Call:
        zone = self.year.zones[number]
        guest = Invitee(
            invitee_id=InviteeId(uuid7()), name="Robin", email=f"r{number}@x.example", link_revision=1, time_zone=zone
        )
        return a_call(self.tenant.rep, starts_at=self.year.starts[number], time_zone=zone, invitees=(guest,))

    async def send(self, now: datetime) -> None:
        """What the sender does when it wakes."""
        while True:
            async with transaction(self.pool, self.tenant.organization_id) as connection:
                claimed = await emails.claim(connection, self.tenant.organization_id, now, BATCH)
            ended = [await self.sent_or_not(email, now) for email in claimed]
            async with transaction(self.pool, self.tenant.organization_id) as connection:
                await emails.end_tries(connection, ended)
            if len(claimed) < BATCH:
                return

    async def sent_or_not(self, email: Email, now: datetime) -> TryResult:
        try:
            await self.letters.of(email)
        except NotSent as reason:
            return TryResult(email=email, status=EmailStatus.EXPIRED, ended_at=now, problem=str(reason))
        if email.kind is EmailKind.REMINDER:
            start = datetime.fromisoformat(email.facts["starts_at"])
            latest = start - (15 * MINUTE if email.lead_minutes > 15 else timedelta(0))
            assert start - MINUTE * email.lead_minutes <= now < latest, "neither early nor late"
            assert email.call_id is not None
            key = (start, email.lead_minutes, email.user_id is not None)
            self.sent.setdefault(email.call_id, Counter())[key] += 1
        return TryResult(email=email, status=EmailStatus.SENT, ended_at=now)

    async def next_due(self) -> datetime:
        async with transaction(self.pool, self.tenant.organization_id) as connection:
            found: datetime | None = await connection.fetchval(NEXT_DUE)
        return found or ENDS + 10 * DAY

    async def left(self, connection: Connection) -> int:
        found: int = await connection.fetchval("SELECT count(*) FROM emails WHERE status IN ('waiting', 'sending')")
        return found


NEXT_DUE = "SELECT min(due_at) FROM emails WHERE status = 'waiting'"


async def test_a_year_of_reminders_each_once_and_none_late(
    pool: Pool, tenant: Tenant, request: pytest.FixtureRequest
) -> None:
    year = drawn()
    played = Played(pool, tenant, year)
    plan = list(reversed(year.plan))
    woke = 0
    while True:
        due = year.awake(await played.next_due())
        if plan and plan[-1][0] <= due:
            now, number = plan.pop()
            await played.do(number, now)
            if year.awake(now) == now:
                await played.send(now)  # woken by the booking
        elif due < ENDS + 9 * DAY:
            await played.send(due)
            woke += 1
        else:
            break
    reminders = Counter[str]()
    for number, call in played.calls.items():
        wanted = expected(year, played.versions[number])
        assert played.sent.get(call.call_id, Counter()) == wanted, f"call {number}"
        reminders.update(f"{minutes} min to the {'owner' if own else 'guest'}" for _, minutes, own in wanted.elements())
    async with transaction(pool, tenant.organization_id) as connection:
        assert await played.left(connection) == 0
        rows = await connection.fetch("SELECT status, count(*) FROM emails WHERE kind = 'reminder' GROUP BY status")
    ends = {row["status"]: row["count"] for row in rows}
    zones, tzdata = len(set(year.zones)), metadata.version("tzdata")
    told = {"calls": len(played.calls), "zones": zones, "outages": len(year.outages), "woken by the clock": woke}
    note(request.config, "a year of reminders", {**told, "early or late": 0, **reminders, **ends, "tzdata": tzdata})
    assert len(played.calls) > 900
    assert min(reminders.values()) > 200
    assert set(ends) >= {"sent", "expired", "superseded"}, "the year must have its troubles"


if __name__ == "__main__":
    sys.exit(main(__file__))
