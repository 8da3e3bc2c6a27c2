"""To whom the summary of a call goes: its owner and whoever answers for the owner."""

from typing import Any

import pytest

from db import assignments, emails, teams
from db.pool import Pool, transaction
from domain.call import Switches
from domain.ids import TeamId, UserId, uuid7
from domain.people import TeamRole, User, UserRole
from tests.sample import Tenant, a_user, add_call, add_user

pytestmark = pytest.mark.db


async def readers(pool: Pool, owner: User, **other: Any) -> set[UserId | None]:
    """Of the summary of a new call."""
    call = await add_call(pool, owner, **other)
    async with transaction(pool, owner.organization_id) as connection:
        await emails.queue_summary(connection, owner.organization_id, call.call_id)
        return {email.user_id for email in await emails.of_call(connection, owner.organization_id, call.call_id)}


@pytest.fixture
async def stranger(pool: Pool, tenant: Tenant) -> User:
    """Another manager, with a team in which nobody of the first one is."""
    somebody, team_id = a_user(tenant.organization_id, UserRole.MANAGER), TeamId(uuid7())
    async with transaction(pool, tenant.organization_id) as connection:
        await add_user(connection, somebody)
        await teams.add(connection, tenant.organization_id, team_id, "South")
        await teams.set_member(connection, tenant.organization_id, team_id, somebody.user_id, TeamRole.MANAGER)
    return somebody


async def test_the_owner_and_the_manager_of_the_team_read_it_and_nobody_else(
    pool: Pool, tenant: Tenant, stranger: User
) -> None:
    assert await readers(pool, tenant.rep) == {tenant.rep.user_id, tenant.manager.user_id}
    assert await readers(pool, tenant.manager) == {tenant.manager.user_id}
    assert await readers(pool, stranger) == {stranger.user_id}


async def test_a_manager_who_was_assigned_reads_it_too_and_once(pool: Pool, tenant: Tenant, stranger: User) -> None:
    managers = [stranger.user_id, tenant.manager.user_id]
    async with transaction(pool, tenant.organization_id) as connection:
        await assignments.replace_managers(connection, tenant.organization_id, tenant.rep.user_id, managers)
    assert await readers(pool, tenant.rep) == {tenant.rep.user_id, *managers}


async def test_who_is_disabled_is_not_written_to(pool: Pool, tenant: Tenant, owner: Any) -> None:
    await owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", tenant.manager.user_id)
    assert await readers(pool, tenant.rep) == {tenant.rep.user_id}
    await owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", tenant.rep.user_id)
    assert await readers(pool, tenant.rep) == set()


async def test_nobody_is_when_the_mail_of_the_call_is_off(pool: Pool, tenant: Tenant) -> None:
    assert await readers(pool, tenant.rep, switches=Switches(mail=False)) == set()
