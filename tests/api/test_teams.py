"""Teams: made, filled and removed by admins; their managers answer for their reps."""

import json
from typing import Any

import httpx
import pytest

from db.pool import Pool, transaction
from domain.ids import uuid7
from domain.people import User, UserRole
from tests.api.conftest import is_problem, signed_in
from tests.sample import Tenant, a_user, add_call, add_tenant, add_user

pytestmark = pytest.mark.db

PATH = "/api/v1/teams"


def member(user: User, role: str) -> dict[str, str]:
    return {"user_id": str(user.user_id), "role": role}


def shown(user: User, role: str) -> dict[str, str]:
    return {**member(user, role), "name": user.name}


async def added(pool: Pool, tenant: Tenant, role: UserRole) -> User:
    user = a_user(tenant.organization_id, role)
    async with transaction(pool, tenant.organization_id) as connection:
        await add_user(connection, user)
    return user


async def make(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    answer = await client.post(PATH, json={"name": name})
    assert answer.status_code == 201, answer.text
    team: dict[str, Any] = answer.json()
    return team


async def test_everybody_sees_the_teams_of_their_organization_by_name(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    await add_tenant(pool)
    first = await make(signed_in(client, tenant.admin), "accounts")
    items = (await signed_in(client, tenant.rep).get(PATH)).json()["items"]
    assert items == [
        {"team_id": first["team_id"], "name": "accounts", "members": []},
        {"team_id": str(tenant.team_id), "name": "Sales",
         "members": [shown(tenant.manager, "manager"), shown(tenant.rep, "rep")]},
    ]  # fmt: skip


async def test_only_admins_change_teams(client: httpx.AsyncClient, tenant: Tenant) -> None:
    for somebody in (tenant.rep, tenant.manager):
        signed_in(client, somebody)
        is_problem(await client.post(PATH, json={"name": "Mine"}), 403, "not-allowed")
        for team_id in (tenant.team_id, uuid7()):
            is_problem(await client.patch(f"{PATH}/{team_id}", json={"name": "Mine"}), 403, "not-allowed")
            is_problem(await client.delete(f"{PATH}/{team_id}"), 403, "not-allowed")
    assert [team["name"] for team in (await client.get(PATH)).json()["items"]] == ["Sales"]


async def test_a_name_is_taken_in_any_case_and_only_in_ones_own_organization(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.admin)
    other = await make(client, "Field")
    is_problem(await client.post(PATH, json={"name": "SALES"}), 409, "already-there")
    is_problem(await client.patch(f"{PATH}/{other['team_id']}", json={"name": "sales"}), 409, "already-there")
    renamed = await client.patch(f"{PATH}/{other['team_id']}", json={"name": "FIELD"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "FIELD")
    await make(signed_in(client, stranger.admin), "Field")


async def test_a_manager_of_a_team_sees_the_calls_of_its_reps_for_as_long_as_both_are_in_it(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    lead, rep = await added(pool, tenant, UserRole.MANAGER), await added(pool, tenant, UserRole.REP)
    call = await add_call(pool, rep)
    team = f"{PATH}/{(await make(signed_in(client, tenant.admin), 'Field'))['team_id']}"

    async def sees() -> bool:
        return (await signed_in(client, lead).get(f"/api/v1/calls/{call.call_id}")).status_code == 200

    assert not await sees()
    for members, expected in (
        ([member(lead, "manager"), member(rep, "rep")], True),
        ([member(lead, "rep"), member(rep, "rep")], False),
        ([member(lead, "manager"), member(rep, "rep")], True),
        ([member(lead, "manager")], False),
        ([member(rep, "rep"), member(lead, "manager")], True),
    ):
        answer = await signed_in(client, tenant.admin).patch(team, json={"members": members})
        assert answer.status_code == 200, answer.text
        assert {(one["user_id"], one["role"]) for one in answer.json()["members"]} == {
            (one["user_id"], one["role"]) for one in members
        }
        assert await sees() is expected, members
    assert (await signed_in(client, tenant.admin).delete(team)).status_code == 204
    assert not await sees()
    is_problem(await signed_in(client, tenant.admin).delete(team), 404, "not-found")
    entries = await owner.fetch(
        "SELECT action, facts FROM audit_entries WHERE subject_id = $1 ORDER BY seq", team.rpartition("/")[2]
    )
    assert [entry["action"] for entry in entries] == ["team_created", *["team_changed"] * 6]
    facts = [json.loads(entry["facts"]) for entry in entries]
    assert [fact.get("members") for fact in facts] == [None, 2, 2, 2, 1, 2, None]
    assert facts[1]["manager_ids"] == [str(lead.user_id)]
    assert facts[-1] == {"is_removed": True}


async def test_who_cannot_be_in_a_team_like_this_is_named_by_place_and_nothing_changes(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.admin)
    before = (await client.get(PATH)).json()
    good = member(tenant.manager, "manager")
    for members, pointer in (
        ([good, member(tenant.rep, "manager")], "/body/members/1/role"),
        ([good, good], "/body/members/1/user_id"),
        ([member(stranger.rep, "rep")], "/body/members/0/user_id"),
        ([{**good, "user_id": str(uuid7())}], "/body/members/0/user_id"),
        ([member(tenant.rep, "admin")], "/body/members/0/role"),
    ):
        answer = await client.patch(f"{PATH}/{tenant.team_id}", json={"name": "New", "members": members})
        (error,) = is_problem(answer, 422, "malformed-request")["errors"]
        assert error["pointer"] == pointer
    assert (await client.get(PATH)).json() == before


async def test_another_organizations_team_is_not_here(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.admin)
    for team_id in (stranger.team_id, uuid7()):
        is_problem(await client.patch(f"{PATH}/{team_id}", json={"members": []}), 404, "not-found")
        is_problem(await client.delete(f"{PATH}/{team_id}"), 404, "not-found")
    (team,) = (await signed_in(client, stranger.rep).get(PATH)).json()["items"]
    assert len(team["members"]) == 2
