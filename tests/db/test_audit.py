"""The audit log in the database: one chain for each organization, whoever writes, and nobody who changes it."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from db import audit
from db.pool import Pool, lookup, open_pool, transaction
from domain.audit import BEGINNING, Actor, Entry, Subject
from domain.audit_verifying import SignedHeads, Verification, Verifying
from domain.ids import InviteeId, uuid7
from domain.people import UserRole
from tests.conftest import Database
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db


async def write(pool: Pool, tenant: Tenant, action: str = "user_changed", count: int = 1) -> None:
    """One entry in a transaction of its own."""
    subject = Subject("user", str(tenant.rep.user_id))
    async with transaction(pool, tenant.organization_id) as connection:
        await audit.write(
            connection, tenant.organization_id, Actor.user(tenant.admin.user_id), action, subject,
            role=UserRole.MANAGER, team_ids=[tenant.team_id], count=count,
        )  # fmt: skip


async def read(pool: Pool, tenant: Tenant) -> list[Entry]:
    async with transaction(pool, tenant.organization_id) as connection:
        return await audit.page(
            connection, tenant.organization_id,
            actor_id=None, action=None, since=None, before=None, below_seq=None, most=1000,
        )  # fmt: skip


async def verified(pool: Pool, tenant: Tenant) -> Verification:
    verifying = Verifying(SignedHeads())
    async with transaction(pool, tenant.organization_id) as connection:
        head = await audit.read_into(verifying, connection, tenant.organization_id)
    return verifying.end(head, now=datetime.now(UTC))


async def test_what_is_read_is_what_was_chained(pool: Pool, tenant: Tenant) -> None:
    call_id, invitee_id = uuid7(), InviteeId(uuid7())
    await write(pool, tenant)
    async with transaction(pool, tenant.organization_id) as connection:
        await audit.write(
            connection, tenant.organization_id, Actor.guest(invitee_id), "consent_given", Subject("call", str(call_id)),
            transcription=True, recording=False,
        )  # fmt: skip
        await audit.write(
            connection, tenant.organization_id, Actor.SYSTEM, "settings_changed", Subject("settings", "smtp")
        )
    last, second, first = await read(pool, tenant)
    assert (first.seq, first.previous) == (1, BEGINNING.hash)
    assert (second.previous, last.previous) == (first.hash, second.hash)
    assert first.facts == {"role": "manager", "team_ids": [str(tenant.team_id)], "count": 1}
    assert (second.actor, second.subject) == (Actor("guest", invitee_id), Subject("call", str(call_id)))
    assert (last.actor, last.facts) == (Actor.SYSTEM, {})
    assert await verified(pool, tenant) == Verification(
        ok=True, entries=3, signed_up_to=None, problem=None, at_seq=None
    )


async def test_twenty_who_write_at_once_make_one_chain_without_a_gap(database: Database, tenant: Tenant) -> None:
    wide = await open_pool(database.app_url, most_connections=20)
    other = await add_tenant(wide)
    together = asyncio.Barrier(20)

    async def writer(number: int) -> None:
        subject = Subject("user", str(tenant.rep.user_id))
        for turn in range(5):
            async with transaction(wide, tenant.organization_id) as connection:
                await together.wait()
                await audit.write(
                    connection, tenant.organization_id, Actor.SYSTEM, "user_changed", subject, writer=number, turn=turn
                )

    try:
        async with asyncio.timeout(30):
            await asyncio.gather(*(writer(number) for number in range(20)))
        await write(wide, other)
        found = await verified(wide, tenant)
        entries = await read(wide, tenant)
        assert (await verified(wide, other)).entries == 1
    finally:
        wide.terminate()
    assert (found.ok, found.entries) == (True, 100), found
    assert [entry.seq for entry in entries] == list(range(100, 0, -1))
    assert {(entry.facts["writer"], entry.facts["turn"]) for entry in entries} == {
        (number, turn) for number in range(20) for turn in range(5)
    }


async def test_a_deed_that_does_not_happen_leaves_no_entry_and_no_gap(pool: Pool, tenant: Tenant) -> None:
    await write(pool, tenant)
    async with pool.acquire() as connection:
        given_up = connection.transaction()
        await given_up.start()
        await connection.execute("SELECT set_config('app.organization_id', $1, true)", str(tenant.organization_id))
        await audit.write(
            connection, tenant.organization_id, Actor.SYSTEM, "user_changed", Subject("user", str(uuid7()))
        )
        await given_up.rollback()
    await write(pool, tenant)
    assert (await verified(pool, tenant)).ok
    assert [entry.seq for entry in await read(pool, tenant)] == [2, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'nothing'",
        "UPDATE audit_entries SET at = now() WHERE false",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_heads",
        "TRUNCATE audit_heads",
        "ALTER TABLE audit_entries DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_the_products_role_cannot_change_what_was_written(pool: Pool, tenant: Tenant, statement: str) -> None:
    await write(pool, tenant)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(pool, tenant.organization_id) as connection:
            await connection.execute(statement)
    assert (await verified(pool, tenant)).entries == 1


async def test_a_log_cannot_be_written_for_another_organization(pool: Pool, tenant: Tenant) -> None:
    other = await add_tenant(pool)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(pool, tenant.organization_id) as connection:
            await audit.write(
                connection, other.organization_id, Actor.SYSTEM, "user_changed", Subject("user", str(uuid7()))
            )
    assert await read(pool, other) == []


async def test_the_organizations_with_a_log_are_found_across_the_wall(pool: Pool, tenant: Tenant) -> None:
    other = await add_tenant(pool)
    await write(pool, tenant)
    async with lookup(pool) as connection:
        found = set(await audit.organizations(connection))
    assert tenant.organization_id in found
    assert other.organization_id not in found


async def test_an_entry_behind_the_counted_end_is_found(
    pool: Pool, tenant: Tenant, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await write(pool, tenant)
    await owner.execute(
        "INSERT INTO audit_entries SELECT organization_id, 2, $2, at, actor_kind, actor_id, action, subject_kind, "
        "subject_id, facts, hash, hash FROM audit_entries WHERE organization_id = $1",
        tenant.organization_id,
        uuid7(),
    )
    found = await verified(pool, tenant)
    assert (found.ok, found.entries, found.at_seq) == (False, 2, 2)


async def test_a_head_that_was_taken_away_is_found(
    pool: Pool, tenant: Tenant, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await write(pool, tenant)
    await owner.execute("DELETE FROM audit_heads WHERE organization_id = $1", tenant.organization_id)
    found = await verified(pool, tenant)
    assert (found.ok, found.entries, found.at_seq) == (False, 1, 1)
