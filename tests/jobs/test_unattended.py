"""Calls whose agent cannot come: who is told, and when, in rounds of the steward by a clock of the test."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import calls, emails, leases
from db.pool import Pool, transaction
from db.spool import Spool
from domain.call import Call, CallStatus, prospect_identity
from domain.email import EmailKind
from domain.ending import LEFT
from jobs import steward as stewarding
from jobs.steward import Steward
from jobs.unattended import AGENT_MISSING, MISSED_AFTER
from tests.fakes.rooms import FakeRooms
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db

SECOND = timedelta(seconds=1)


@pytest.fixture
def rooms() -> FakeRooms:
    return FakeRooms()


@pytest.fixture
async def steward(pool: Pool, rooms: FakeRooms, tmp_path: Path, owner: Any) -> Steward:
    """Other tests' calls want nothing more."""
    await owner.execute("UPDATE calls SET wanted_at = NULL, log_closed_at = now(), status = 'cancelled'")
    return Steward(pool, rooms, Spool(tmp_path / "spool"))


@pytest.fixture
async def call(pool: Pool, tenant: Tenant) -> Call:
    """Somebody has a token for it."""
    made = await add_call(pool, tenant.rep)
    async with transaction(pool, made.organization_id) as connection:
        await calls.want_agent(connection, made)
    return made


async def read(pool: Pool, call: Call) -> Call:
    async with transaction(pool, call.organization_id) as connection:
        found = await calls.get(connection, call.organization_id, call.call_id)
    assert found is not None
    return found


async def mailed(pool: Pool, call: Call) -> list[tuple[EmailKind, str]]:
    async with transaction(pool, call.organization_id) as connection:
        return [
            (mail.kind, mail.to_email) for mail in await emails.of_call(connection, call.organization_id, call.call_id)
        ]


async def beat(pool: Pool, call: Call, epoch: int) -> None:
    async with transaction(pool, call.organization_id) as connection:
        assert await leases.keep(connection, call.organization_id, call.call_id, epoch=epoch) is not None


def guest_enters(rooms: FakeRooms, call: Call) -> None:
    rooms.enter(call.room, prospect_identity(call.invitees[0].invitee_id), is_agent=False)


async def test_people_who_have_waited_fifteen_seconds_and_the_owner_are_told(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, call: Call
) -> None:
    guest_enters(rooms, call)
    began = datetime.now(UTC)
    for later in (timedelta(0), MISSED_AFTER - SECOND):
        await steward.make_round(began + later)
    assert (await read(pool, call)).agent_missing_at is None
    assert rooms.told == []
    for seconds in range(3):
        await steward.make_round(began + MISSED_AFTER + seconds * SECOND)
    assert (await read(pool, call)).agent_missing_at == began + MISSED_AFTER
    assert rooms.told == [(call.room, AGENT_MISSING)] * 3
    assert await mailed(pool, call) == [(EmailKind.AGENT_MISSING, tenant.rep.email)]


async def test_a_wait_is_counted_from_when_people_are_there(
    steward: Steward, rooms: FakeRooms, pool: Pool, call: Call
) -> None:
    began = datetime.now(UTC)
    await steward.make_round(began)
    guest_enters(rooms, call)
    await steward.make_round(began + 2 * MISSED_AFTER)
    assert (await read(pool, call)).agent_missing_at is None
    await steward.make_round(began + 3 * MISSED_AFTER)
    assert (await read(pool, call)).agent_missing_at is not None


async def test_the_owner_is_told_before_anybody_waits_when_two_agents_did_not_come(
    steward: Steward,
    rooms: FakeRooms,
    pool: Pool,
    tenant: Tenant,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stewarding, "ARRIVAL_DEADLINE", timedelta(0))
    began = datetime.now(UTC)
    for seconds in range(2):
        await steward.make_round(began + seconds * SECOND)
    assert await mailed(pool, call) == []
    await steward.make_round(began + 2 * SECOND)
    assert [metadata["epoch"] for _, metadata in rooms.dispatched] == [1, 2, 3]
    assert await mailed(pool, call) == [(EmailKind.AGENT_MISSING, tenant.rep.email)]
    assert rooms.told == []
    guest_enters(rooms, call)
    await steward.make_round(began + 3 * SECOND)
    assert rooms.told == [(call.room, AGENT_MISSING)]


async def test_the_owner_is_told_also_while_the_media_server_is_away(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, call: Call, owner: Any
) -> None:
    rooms.is_away = True
    for _ in range(3):
        assert await mailed(pool, call) == []
        for _ in range(2):
            await steward.make_round(datetime.now(UTC))
        await owner.execute("UPDATE agent_leases SET dispatched_at = dispatched_at - interval '1 minute'")
    assert await mailed(pool, call) == [(EmailKind.AGENT_MISSING, tenant.rep.email)]


async def test_an_agent_that_comes_after_all_ends_it(
    steward: Steward, rooms: FakeRooms, pool: Pool, call: Call
) -> None:
    guest_enters(rooms, call)
    began = datetime.now(UTC)
    for later in (timedelta(0), MISSED_AFTER):
        await steward.make_round(began + later)
    assert (await read(pool, call)).agent_missing_at is not None
    await beat(pool, call, 1)
    for seconds in range(1, 3):
        await steward.make_round(began + MISSED_AFTER + seconds * SECOND)
    assert (await read(pool, call)).agent_missing_at is None
    assert len(rooms.told) == 1


async def test_an_agent_that_comes_in_time_is_never_missed(
    steward: Steward, rooms: FakeRooms, pool: Pool, call: Call
) -> None:
    guest_enters(rooms, call)
    began = datetime.now(UTC)
    await steward.make_round(began)
    await beat(pool, call, 1)
    for seconds in range(1, 40, 5):
        await beat(pool, call, 1)
        await steward.make_round(began + seconds * SECOND)
    assert rooms.told == []
    assert await mailed(pool, call) == []


async def test_a_call_that_its_people_left_without_having_seen_an_agent_ends(
    steward: Steward, rooms: FakeRooms, pool: Pool, call: Call
) -> None:
    guest_enters(rooms, call)
    began = datetime.now(UTC)
    for later in (timedelta(0), MISSED_AFTER):
        await steward.make_round(began + later)
    await rooms.remove(call.room, prospect_identity(call.invitees[0].invitee_id))
    left_at = began + MISSED_AFTER + SECOND
    for later in (timedelta(0), LEFT - SECOND):
        await steward.make_round(left_at + later)
        assert (await read(pool, call)).status is CallStatus.SCHEDULED
    await steward.make_round(left_at + LEFT)
    assert (await read(pool, call)).status is CallStatus.ENDED
