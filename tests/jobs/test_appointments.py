"""Calls that are prepared before their start and missed after it, in rounds of the steward by a clock of the test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import calls, emails, events, leases
from db.appointments import PREPARED_BEFORE
from db.pool import Pool, transaction
from db.spool import Spool
from domain.call import Call, CallStatus, Invitee, colleague_identity, prospect_identity
from domain.email import EmailKind
from domain.ending import LEFT, NOBODY_CAME
from domain.ids import InviteeId, uuid7
from jobs.steward import ARRIVAL_DEADLINE, PREPARED_PATIENCE, Steward
from tests.fakes.rooms import FakeRooms
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db

SECOND = timedelta(seconds=1)
AHEAD = timedelta(hours=2)


@pytest.fixture
def rooms() -> FakeRooms:
    return FakeRooms()


@pytest.fixture
async def steward(pool: Pool, rooms: FakeRooms, tmp_path: Path, owner: Any) -> Steward:
    """Other tests' calls want nothing more."""
    await owner.execute("UPDATE calls SET wanted_at = NULL, log_closed_at = now(), status = 'cancelled'")
    return Steward(pool, rooms, Spool(tmp_path / "spool"))


async def booked(pool: Pool, tenant: Tenant, ahead: timedelta = AHEAD, **other: object) -> Call:
    """With one guest, whose address is known."""
    guest = Invitee(invitee_id=InviteeId(uuid7()), name="Robin", email="robin@finch.example", link_revision=1)
    starts_at = datetime.now(UTC) + ahead
    return await add_call(pool, tenant.rep, **{"starts_at": starts_at, "invitees": (guest,), **other})


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


async def beat(pool: Pool, call: Call, epoch: int) -> leases.Kept:
    """As the agent of that epoch does once a second."""
    async with transaction(pool, call.organization_id) as connection:
        kept = await leases.keep(connection, call.organization_id, call.call_id, epoch=epoch)
    assert kept is not None
    return kept


async def let_in(owner: Any, call: Call) -> None:
    await owner.execute("UPDATE invitees SET joined_at = now() WHERE call_id = $1", call.call_id)


def epochs(rooms: FakeRooms, call: Call) -> list[int]:
    return [metadata["epoch"] for room, metadata in rooms.dispatched if room == call.room]


async def test_ninety_seconds_before_the_start_the_room_is_made_and_one_agent_sent_for(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - PREPARED_BEFORE - SECOND)
    assert (await read(pool, call)).status is CallStatus.SCHEDULED
    assert rooms.dispatched == []
    for seconds in (89, 88, 87):
        await steward.make_round(call.starts_at - seconds * SECOND)
    assert (await read(pool, call)).status is CallStatus.PREPARED
    assert rooms.created == [call.room]
    assert epochs(rooms, call) == [1]
    assert (await beat(pool, call, 1)).is_wanted


async def test_the_agent_of_a_prepared_call_gets_more_time_to_come(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await booked(pool, tenant)
    sent = "UPDATE agent_leases SET dispatched_at = dispatched_at - $1::interval WHERE call_id = $2"
    for seconds_later in (0, 1):
        await steward.make_round(call.starts_at - 80 * SECOND)
        assert epochs(rooms, call) == [1]
        await owner.execute(sent, PREPARED_PATIENCE * ARRIVAL_DEADLINE / 2 + seconds_later * SECOND, call.call_id)
    await steward.make_round(call.starts_at - 80 * SECOND)
    assert epochs(rooms, call) == [1, 2]


async def test_a_call_that_is_booked_for_this_very_moment_gets_its_agent_when_somebody_comes(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await booked(pool, tenant, timedelta(0))
    await steward.make_round(call.starts_at + SECOND)
    assert epochs(rooms, call) == []
    async with transaction(pool, call.organization_id) as connection:
        await calls.want_agent(connection, call)
    await steward.make_round(call.starts_at + 2 * SECOND)
    assert epochs(rooms, call) == [1]


async def test_a_call_staged_as_text_is_not_prepared(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await booked(pool, tenant, staged_as_text=True)
    await steward.make_round(call.starts_at - 60 * SECOND)
    assert epochs(rooms, call) == []


async def test_the_agent_of_a_prepared_call_that_is_moved_leaves_and_another_comes_at_the_new_time(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - 60 * SECOND)
    await beat(pool, call, 1)
    async with transaction(pool, call.organization_id) as connection:
        moved = await calls.change(connection, replace(call, starts_at=call.starts_at + timedelta(days=1)), 0)
    assert moved is not None
    assert moved.status is CallStatus.SCHEDULED
    assert not (await beat(pool, call, 1)).is_wanted
    await steward.make_round(call.starts_at)
    assert epochs(rooms, call) == [1]
    await owner.execute(
        "UPDATE agent_leases SET heartbeat_at = heartbeat_at - interval '1 day' WHERE call_id = $1", call.call_id
    )
    await steward.make_round(moved.starts_at - 60 * SECOND)
    assert epochs(rooms, call) == [1, 2]


async def test_the_agent_of_a_prepared_call_that_is_cancelled_leaves_and_none_comes(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - 60 * SECOND)
    await beat(pool, call, 1)
    async with transaction(pool, call.organization_id) as connection:
        assert await calls.cancel(connection, call, None, 0, datetime.now(UTC)) is not None
    assert not (await beat(pool, call, 1)).is_wanted
    for later in (timedelta(0), NOBODY_CAME, 2 * NOBODY_CAME):
        await steward.make_round(call.starts_at + later)
    assert epochs(rooms, call) == [1]
    assert (await read(pool, call)).status is CallStatus.CANCELLED
    assert await mailed(pool, call) == []


async def test_ten_minutes_after_the_start_a_call_that_nobody_came_to_is_missed_once(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - 60 * SECOND)
    await beat(pool, call, 1)
    rooms.enter(call.room, f"agent-{call.call_id}-1", is_agent=True)
    await steward.make_round(call.starts_at + NOBODY_CAME - SECOND)
    assert (await read(pool, call)).status is CallStatus.PREPARED
    assert await mailed(pool, call) == []
    for later in range(1, 4):
        await steward.make_round(call.starts_at + NOBODY_CAME + later * SECOND)
    assert (await read(pool, call)).status is CallStatus.NO_SHOW
    assert sorted(await mailed(pool, call)) == sorted(
        [(EmailKind.NO_SHOW, "robin@finch.example"), (EmailKind.NO_SHOW, tenant.rep.email)]
    )
    assert await rooms.present(call.room) == []
    assert not (await beat(pool, call, 1)).is_wanted
    assert epochs(rooms, call) == [1]
    deeds = await owner.fetch("SELECT action, actor_kind FROM audit_entries WHERE subject_id = $1", str(call.call_id))
    assert [tuple(deed) for deed in deeds] == [("call_ended", "system")]


async def test_the_log_of_a_missed_call_is_closed_with_the_reason(
    steward: Steward, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at + NOBODY_CAME + SECOND)
    await owner.execute("UPDATE calls SET ended_at = now() - interval '11 seconds' WHERE id = $1", call.call_id)
    for _ in range(2):
        await steward.make_round(call.starts_at + NOBODY_CAME + 12 * SECOND)
    async with transaction(pool, call.organization_id) as connection:
        (event,) = await events.after(connection, call.organization_id, call.call_id, 0, most=10)
    assert event.kind == "call_ended"
    assert event.reason == "nobody came"


@pytest.mark.parametrize("told", ["written down", "seen in the room"])
async def test_a_call_that_a_guest_came_to_is_not_missed(
    told: str, steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - 60 * SECOND)
    if told == "written down":
        await let_in(owner, call)
    else:
        rooms.enter(call.room, prospect_identity(call.invitees[0].invitee_id), is_agent=False)
    await steward.make_round(call.starts_at + NOBODY_CAME + SECOND)
    assert (await read(pool, call)).status is CallStatus.PREPARED
    assert await mailed(pool, call) == []


async def test_a_colleague_who_waits_alone_is_told_after_ten_minutes_and_the_room_is_closed(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - 60 * SECOND)
    await beat(pool, call, 1)
    async with transaction(pool, call.organization_id) as connection:
        await calls.start(connection, call.organization_id, call.call_id, call.starts_at)
    rooms.enter(call.room, colleague_identity("rep", tenant.rep.user_id), is_agent=False)
    await steward.make_round(call.starts_at + NOBODY_CAME - SECOND)
    assert (await read(pool, call)).status is CallStatus.LIVE
    await steward.make_round(call.starts_at + NOBODY_CAME)
    assert (await read(pool, call)).status is CallStatus.NO_SHOW
    assert await rooms.present(call.room) == []


async def test_a_call_for_this_very_moment_is_missed_only_if_somebody_was_written_to(
    steward: Steward, pool: Pool, tenant: Tenant
) -> None:
    by_mail = await booked(pool, tenant, timedelta(0))
    by_hand = await add_call(pool, tenant.rep)
    await steward.make_round(datetime.now(UTC) + NOBODY_CAME + SECOND)
    assert (await read(pool, by_mail)).status is CallStatus.NO_SHOW
    assert (await read(pool, by_hand)).status is CallStatus.SCHEDULED


async def test_a_call_that_was_missed_while_nothing_ran_is_not_told_the_next_day(
    steward: Steward, pool: Pool, tenant: Tenant
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at + timedelta(hours=13))
    assert (await read(pool, call)).status is CallStatus.SCHEDULED
    assert await mailed(pool, call) == []


async def test_a_prepared_call_whose_agent_was_asked_to_leave_does_not_end_before_anybody_came(
    steward: Steward, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await booked(pool, tenant)
    await steward.make_round(call.starts_at - 60 * SECOND)
    await owner.execute("UPDATE calls SET agent_dismissed_at = now() WHERE id = $1", call.call_id)
    for later in (-59 * SECOND, timedelta(0), 2 * LEFT, NOBODY_CAME - SECOND):
        await steward.make_round(call.starts_at + later)
    assert (await read(pool, call)).status is CallStatus.PREPARED
    await steward.make_round(call.starts_at + NOBODY_CAME)
    assert (await read(pool, call)).status is CallStatus.NO_SHOW
