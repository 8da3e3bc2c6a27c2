import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db import appointments, calls, leases
from db.appointments import PREPARED_BEFORE
from db.leases import Kept, Lease
from db.pool import Pool, transaction
from domain.call import Call
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db


async def take(pool: Pool, call: Call, expected_epoch: int) -> int | None:
    async with transaction(pool, call.organization_id) as connection:
        return await leases.take(connection, call.organization_id, call.call_id, expected_epoch=expected_epoch)


async def keep(pool: Pool, call: Call, epoch: int) -> Kept | None:
    async with transaction(pool, call.organization_id) as connection:
        return await leases.keep(connection, call.organization_id, call.call_id, epoch=epoch)


async def look(pool: Pool, call: Call) -> Lease | None:
    async with transaction(pool, call.organization_id) as connection:
        return await leases.get(connection, call.organization_id, call.call_id)


def kept(call: Call, **other: Any) -> Kept:
    """By an agent that holds the first lease of a call that nobody wants it for yet."""
    usual: dict[str, Any] = {"epoch": 1, "is_dismissed": False, "is_live": False, "is_wanted": False}
    return Kept(**usual | {"starts_at": call.starts_at} | other)


@pytest.mark.parametrize("epochs_before", [0, 1, 2])
async def test_of_twenty_who_reach_for_a_lease_exactly_one_gets_it(
    pool: Pool, tenant: Tenant, epochs_before: int
) -> None:
    call = await add_call(pool, tenant.rep)
    for epoch in range(epochs_before):
        assert await take(pool, call, epoch) == epoch + 1
    got = await asyncio.gather(*(take(pool, call, epochs_before) for _ in range(20)))
    assert sorted(epoch for epoch in got if epoch is not None) == [epochs_before + 1]


async def test_who_expects_the_wrong_epoch_gets_nothing(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    assert await take(pool, call, 3) is None
    assert await look(pool, call) is None
    assert await take(pool, call, 0) == 1
    assert await take(pool, call, 0) is None
    assert await take(pool, call, 2) is None


async def test_an_agent_that_keeps_its_lease_learns_of_a_later_one(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    assert await keep(pool, call, 1) is None
    await take(pool, call, 0)
    assert await keep(pool, call, 1) == kept(call)
    await take(pool, call, 1)
    assert await keep(pool, call, 1) == kept(call, epoch=2)


async def test_a_heartbeat_counts_for_its_own_epoch_only(pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    await take(pool, call, 0)
    await keep(pool, call, 1)
    lease = await look(pool, call)
    assert lease is not None
    assert lease.heartbeat_at is not None
    await take(pool, call, 1)
    await keep(pool, call, 1)
    lease = await look(pool, call)
    assert lease is not None
    assert (lease.epoch, lease.heartbeat_at) == (2, None)


async def test_an_agent_that_keeps_its_lease_learns_that_it_was_asked_to_leave(
    pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await add_call(pool, tenant.rep)
    await take(pool, call, 0)
    for dismissed_at in ("now()", "NULL"):
        await owner.execute(f"UPDATE calls SET agent_dismissed_at = {dismissed_at} WHERE id = $1", call.call_id)
        assert await keep(pool, call, 1) == kept(call, is_dismissed=dismissed_at != "NULL")


async def test_an_agent_that_keeps_its_lease_learns_that_its_call_is_live_and_that_it_is_over(
    pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    await take(pool, call, 0)
    async with transaction(pool, call.organization_id) as connection:
        await calls.want_agent(connection, call)
    assert await keep(pool, call, 1) == kept(call, is_wanted=True)
    async with transaction(pool, call.organization_id) as connection:
        await calls.start(connection, call.organization_id, call.call_id, datetime.now(UTC))
    assert await keep(pool, call, 1) == kept(call, is_live=True, is_wanted=True)
    async with transaction(pool, call.organization_id) as connection:
        await calls.end(connection, call.organization_id, call.call_id, "everybody left")
    assert await keep(pool, call, 1) == kept(call)


@pytest.mark.parametrize("change", ["moved", "cancelled"])
async def test_an_agent_that_waits_learns_that_its_call_is_moved_or_cancelled(
    change: str, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep, starts_at=datetime.now(UTC) + timedelta(hours=2))
    later = replace(call, starts_at=call.starts_at + timedelta(days=1))
    await take(pool, call, 0)
    now = call.starts_at - PREPARED_BEFORE / 2
    async with transaction(pool, call.organization_id) as connection:
        assert await appointments.prepare(connection, call.organization_id, call.call_id, now)
    assert await keep(pool, call, 1) == kept(call, is_wanted=True)
    async with transaction(pool, call.organization_id) as connection:
        if change == "moved":
            assert await calls.change(connection, later, 0) is not None
        else:
            assert await calls.cancel(connection, call, None, 0, now) is not None
    assert await keep(pool, call, 1) == kept(later if change == "moved" else call)
