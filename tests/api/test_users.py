"""Colleagues: seen, invited, changed, shut out and let in again."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from db.pool import Pool, transaction
from domain.ids import uuid7
from domain.people import User, UserRole
from tests.api.conftest import cookie_of, is_problem, signed_in
from tests.sample import Tenant, a_user, add_call, add_tenant, add_user, device_of

pytestmark = pytest.mark.db

PATH = "/api/v1/users"


async def added(pool: Pool, tenant: Tenant, role: UserRole) -> User:
    user = a_user(tenant.organization_id, role)
    async with transaction(pool, tenant.organization_id) as connection:
        await add_user(connection, user)
    return user


def wanted(**other: Any) -> dict[str, Any]:
    return {"name": "Noor Haddad", "email": "noor@acme.example", "role": "rep", **other}


async def audited(owner: Any, tenant: Tenant, user_id: str) -> list[tuple[str, dict[str, Any]]]:
    """What the log says was done to this person, in order."""
    rows = await owner.fetch(
        "SELECT action, facts FROM audit_entries WHERE organization_id = $1 AND subject_id = $2 "
        "AND action <> 'link_sent' ORDER BY seq",
        tenant.organization_id, user_id,
    )  # fmt: skip
    return [(row["action"], json.loads(row["facts"])) for row in rows]


async def invited(client: httpx.AsyncClient, tenant: Tenant, **other: Any) -> dict[str, Any]:
    answer = await signed_in(client, tenant.admin).post(PATH, json=wanted(**other))
    assert answer.status_code == 201, answer.text
    user: dict[str, Any] = answer.json()
    return user


async def test_colleagues_are_those_of_ones_own_organization_by_name_and_reps_see_the_active_ones(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    await add_tenant(pool)
    new = await invited(client, tenant)
    everybody = (await client.get(PATH)).json()["items"]
    assert everybody == [
        *(
            {"user_id": str(user.user_id), "name": user.name, "email": user.email, "role": user.role.value,
             "status": "active", "title": "", "team_ids": [] if user is tenant.admin else [str(tenant.team_id)],
             "manager_ids": []}
            for user in (tenant.admin, tenant.manager, tenant.rep)
        ),
        new,
    ]  # fmt: skip
    assert (await signed_in(client, tenant.manager).get(PATH)).json()["items"] == everybody
    assert (await signed_in(client, tenant.rep).get(PATH)).json()["items"] == everybody[:3]


async def test_an_admin_invites_somebody_by_mail_into_a_role_and_teams(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    user = await invited(client, tenant, role="manager", team_ids=[str(tenant.team_id)])
    assert (user["status"], user["role"], user["team_ids"]) == ("invited", "manager", [str(tenant.team_id)])
    mails = await owner.fetch("SELECT kind, to_email FROM emails WHERE user_id = $1", user["user_id"])
    assert [tuple(mail) for mail in mails] == [("invitation", "noor@acme.example")]
    role = await owner.fetchval("SELECT role FROM team_members WHERE user_id = $1", user["user_id"])
    assert role == "manager"
    assert await audited(owner, tenant, user["user_id"]) == [
        ("user_invited", {"role": "manager", "team_ids": [str(tenant.team_id)]})
    ]


async def test_an_address_that_is_taken_in_any_case_is_not_invited_again(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    stranger = await add_tenant(pool)
    await invited(client, tenant)
    for email in ("noor@acme.example", "NOOR@ACME.EXAMPLE", tenant.rep.email):
        is_problem(await client.post(PATH, json=wanted(email=email)), 409, "already-there")
    assert len((await client.get(PATH)).json()["items"]) == 4
    await invited(client, stranger)


async def test_an_invitation_goes_out_once_more_until_the_person_has_come(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    user = await invited(client, tenant)
    newest = "SELECT link_id FROM emails WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
    first = await owner.fetchval(newest, user["user_id"])
    answer = await client.post(f"{PATH}/{user['user_id']}/invitations", json={})
    assert (answer.status_code, answer.json()) == (202, {})
    assert await owner.fetchval(newest, user["user_id"]) not in (None, first)
    await owner.execute("UPDATE users SET status = 'active' WHERE id = $1", user["user_id"])
    is_problem(await client.post(f"{PATH}/{user['user_id']}/invitations", json={}), 409, "already-there")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"name": ""}, "/body/name"), ({"email": "noor"}, "/body/email"), ({"role": "owner"}, "/body/role"),
     ({"team_ids": ["x"]}, "/body/team_ids/0"), ({"team_ids": [str(uuid7())]}, "/body/team_ids/0"),
     ({"status": "active"}, "/body")],
)  # fmt: skip
async def test_an_invitation_that_cannot_be_says_where_and_nobody_is_added(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, change: dict[str, Any], pointer: str
) -> None:
    answer = await signed_in(client, tenant.admin).post(PATH, json=wanted(**change))
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    assert error["pointer"] == pointer
    assert await owner.fetchval("SELECT count(*) FROM users WHERE organization_id = $1", tenant.organization_id) == 3


async def test_a_profile_is_read_by_admins_by_oneself_and_by_whoever_answers_for_them(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger, other = await add_tenant(pool), await added(pool, tenant, UserRole.REP)
    for asking, asked, may in (
        (tenant.admin, tenant.rep, True), (tenant.admin, other, True), (tenant.rep, tenant.rep, True),
        (tenant.manager, tenant.rep, True), (tenant.manager, other, False), (tenant.rep, tenant.manager, False),
        (tenant.rep, other, False), (stranger.admin, tenant.rep, False), (tenant.admin, stranger.rep, False),
    ):  # fmt: skip
        answer = await signed_in(client, asking).get(f"{PATH}/{asked.user_id}")
        if may:
            assert answer.json()["user_id"] == str(asked.user_id)
        else:
            assert is_problem(answer, 404, "not-found") == (await client.get(f"{PATH}/{uuid7()}")).json()


async def test_only_admins_manage_people(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    for somebody in (tenant.rep, tenant.manager):
        signed_in(client, somebody)
        is_problem(await client.post(PATH, json=wanted()), 403, "not-allowed")
        for user_id in (tenant.rep.user_id, uuid7()):
            one = f"{PATH}/{user_id}"
            for answer in (
                await client.patch(one, json={"role": "admin"}), await client.put(f"{one}/disabling", json={}),
                await client.delete(f"{one}/disabling"), await client.post(f"{one}/invitations", json={}),
                await client.get(f"{one}/devices"), await client.delete(f"{one}/devices/{uuid7()}"),
            ):  # fmt: skip
                is_problem(answer, 403, "not-allowed")


async def test_people_of_another_organization_are_not_here(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.admin)
    for user_id, device_id in ((stranger.rep.user_id, device_of(stranger.rep)), (uuid7(), uuid7())):
        one = f"{PATH}/{user_id}"
        for answer in (
            await client.get(one), await client.patch(one, json={"role": "admin"}),
            await client.put(f"{one}/disabling", json={}), await client.delete(f"{one}/disabling"),
            await client.post(f"{one}/invitations", json={}), await client.get(f"{one}/devices"),
            await client.delete(f"{one}/devices/{device_id}"),
        ):  # fmt: skip
            is_problem(answer, 404, "not-found")
    me = (await signed_in(client, stranger.rep).get("/api/v1/me")).json()
    assert me["role"] == "rep"


async def test_a_manager_sees_the_calls_of_a_rep_assigned_to_them_and_no_longer_when_that_ends(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    manager, call = await added(pool, tenant, UserRole.MANAGER), await add_call(pool, tenant.rep)
    rep, managers = f"{PATH}/{tenant.rep.user_id}", [str(manager.user_id)]

    async def sees() -> bool:
        return (await signed_in(client, manager).get(f"/api/v1/calls/{call.call_id}")).status_code == 200

    assert not await sees()
    for manager_ids in (managers, [], [*managers, *managers]):
        answer = await signed_in(client, tenant.admin).patch(rep, json={"manager_ids": manager_ids})
        assert (answer.status_code, answer.json()["manager_ids"]) == (200, managers if manager_ids else [])
        assert await sees() is bool(manager_ids)
    facts = [fact for _, fact in await audited(owner, tenant, str(tenant.rep.user_id))]
    assert facts == [{"manager_ids": managers}, {"manager_ids": []}, {"manager_ids": managers * 2}]


async def test_who_becomes_a_rep_answers_for_nobody_and_who_becomes_a_manager_has_none(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    other = await added(pool, tenant, UserRole.REP)
    signed_in(client, tenant.admin)
    managers = [str(tenant.manager.user_id)]
    assert (await client.patch(f"{PATH}/{other.user_id}", json={"manager_ids": managers})).status_code == 200
    for somebody in (other, tenant.rep):
        assert (await signed_in(client, tenant.manager).get(f"{PATH}/{somebody.user_id}")).status_code == 200
    manager = f"{PATH}/{tenant.manager.user_id}"
    assert (await signed_in(client, tenant.admin).patch(manager, json={"role": "rep"})).json()["role"] == "rep"
    for somebody in (other, tenant.rep):
        is_problem(await signed_in(client, tenant.manager).get(f"{PATH}/{somebody.user_id}"), 404, "not-found")
    signed_in(client, tenant.admin)
    assert (await client.get(f"{PATH}/{other.user_id}")).json()["manager_ids"] == []
    assert (await client.patch(manager, json={"role": "manager"})).status_code == 200
    assert (await signed_in(client, tenant.manager).get(f"{PATH}/{tenant.rep.user_id}")).status_code == 200
    assert (await audited(owner, tenant, str(tenant.manager.user_id)))[-1] == (
        "user_changed", {"role": "manager", "role_before": "rep"},
    )  # fmt: skip

    signed_in(client, tenant.admin)
    assert (await client.patch(f"{PATH}/{other.user_id}", json={"manager_ids": managers})).status_code == 200
    promoted = (await client.patch(f"{PATH}/{other.user_id}", json={"role": "manager"})).json()
    assert (promoted["role"], promoted["manager_ids"]) == ("manager", [])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"role": "owner"}, "/body/role"), ({"role": None}, "/body/role"),
     ({"team_ids": [str(uuid7())]}, "/body/team_ids/0"), ({"manager_ids": [str(uuid7())]}, "/body/manager_ids/0"),
     ({"manager_ids": ["own"]}, "/body/manager_ids/0"), ({"manager_ids": ["strange"]}, "/body/manager_ids/0"),
     ({"role": "manager", "manager_ids": ["manager"]}, "/body/manager_ids"), ({"name": "Tom"}, "/body")],
)  # fmt: skip
async def test_a_change_that_cannot_be_says_where_and_nothing_changes(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    known = {"own": tenant.rep, "manager": tenant.manager, "strange": (await add_tenant(pool)).manager}
    body = {
        key: [str(known[one].user_id) if one in known else one for one in value] if isinstance(value, list) else value
        for key, value in change.items()
    }
    signed_in(client, tenant.admin)
    before = (await client.get(PATH)).json()
    answer = await client.patch(f"{PATH}/{tenant.rep.user_id}", json=body)
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    assert error["pointer"] == pointer
    assert (await client.get(PATH)).json() == before


async def test_teams_of_a_person_are_replaced_and_their_role_in_a_team_they_keep_stays(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.admin)
    other = (await client.post("/api/v1/teams", json={"name": "Field"})).json()["team_id"]
    rep_there = [{"user_id": str(tenant.manager.user_id), "role": "rep"}]
    await client.patch(f"/api/v1/teams/{other}", json={"members": rep_there})
    manager = f"{PATH}/{tenant.manager.user_id}"
    answer = await client.patch(manager, json={"team_ids": [other, str(tenant.team_id)]})
    assert set(answer.json()["team_ids"]) == {other, str(tenant.team_id)}
    rows = await owner.fetch("SELECT team_id::text, role FROM team_members WHERE user_id = $1", tenant.manager.user_id)
    assert dict(map(tuple, rows)) == {other: "rep", str(tenant.team_id): "manager"}
    assert (await client.patch(manager, json={"team_ids": [other]})).json()["team_ids"] == [other]
    assert (await client.patch(manager, json={"team_ids": []})).json()["team_ids"] == []


async def test_the_last_admin_stays_one_also_when_two_step_down_at_once(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    own = f"{PATH}/{tenant.admin.user_id}"
    is_problem(await signed_in(client, tenant.admin).patch(own, json={"role": "rep"}), 409, "last-admin")
    other = await added(pool, tenant, UserRole.ADMIN)
    await owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", other.user_id)
    is_problem(await client.patch(own, json={"role": "manager"}), 409, "last-admin")
    await owner.execute("UPDATE users SET status = 'active' WHERE id = $1", other.user_id)
    client.cookies.clear()
    answers = await asyncio.gather(
        *(
            client.patch(
                f"{PATH}/{admin.user_id}", json={"role": "rep"}, headers={"Authorization": f"Bearer {cookie_of(admin)}"}
            )
            for admin in (tenant.admin, other)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_two_admins_who_shut_each_other_out_leave_one(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    other = await added(pool, tenant, UserRole.ADMIN)
    answers = await asyncio.gather(
        *(
            client.put(
                f"{PATH}/{whom.user_id}/disabling", json={}, headers={"Authorization": f"Bearer {cookie_of(who)}"}
            )
            for who, whom in ((tenant.admin, other), (other, tenant.admin))
        )
    )
    assert sorted(answer.status_code for answer in answers)[0] == 204
    assert await owner.fetchval(
        "SELECT count(*) FROM users WHERE organization_id = $1 AND role = 'admin' AND status = 'active'",
        tenant.organization_id,
    ) == 1  # fmt: skip


async def test_who_is_disabled_is_out_with_the_next_request_and_enabled_signs_in_anew(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    rep = f"{PATH}/{tenant.rep.user_id}"
    for _ in range(2):
        answer = await signed_in(client, tenant.admin).put(f"{rep}/disabling", json={})
        assert answer.status_code == 204, answer.text
        is_problem(await signed_in(client, tenant.rep).get("/api/v1/me"), 401, "not-signed-in")
    assert (await signed_in(client, tenant.admin).get(rep)).json()["status"] == "disabled"
    assert await owner.fetchval("SELECT end_reason FROM devices WHERE user_id = $1", tenant.rep.user_id) == "disabled"
    for _ in range(2):
        assert (await client.delete(f"{rep}/disabling")).status_code == 204
    assert (await client.get(rep)).json()["status"] == "active"
    is_problem(await signed_in(client, tenant.rep).get("/api/v1/me"), 401, "not-signed-in")
    assert await audited(owner, tenant, str(tenant.rep.user_id)) == [("user_disabled", {}), ("user_enabled", {})]


async def test_nobody_disables_themselves(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    await added(pool, tenant, UserRole.ADMIN)
    own = f"{PATH}/{tenant.admin.user_id}/disabling"
    is_problem(await signed_in(client, tenant.admin).put(own, json={}), 409, "not-oneself")
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_who_was_invited_and_never_came_waits_for_that_again_when_enabled(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    user = await invited(client, tenant)
    one = f"{PATH}/{user['user_id']}"
    assert (await client.put(f"{one}/disabling", json={})).status_code == 204
    assert (await client.get(one)).json()["status"] == "disabled"
    is_problem(await client.post(f"{one}/invitations", json={}), 409, "already-there")
    assert (await client.delete(f"{one}/disabling")).status_code == 204
    assert (await client.get(one)).json() == user


async def test_an_admin_lists_and_ends_the_devices_of_a_colleague(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.admin)
    devices = f"{PATH}/{tenant.rep.user_id}/devices"
    (device,) = (await client.get(devices)).json()["items"]
    assert (device["device_id"], device["is_this"]) == (str(device_of(tenant.rep)), False)
    is_problem(await client.delete(f"{devices}/{device_of(tenant.manager)}"), 404, "not-found")
    assert (await client.delete(f"{devices}/{device['device_id']}")).status_code == 204
    assert (await client.get(devices)).json()["items"] == []
    is_problem(await signed_in(client, tenant.rep).get("/api/v1/me"), 401, "not-signed-in")
    assert (await audited(owner, tenant, device["device_id"])) == [
        ("device_ended", {"user_id": str(tenant.rep.user_id)})
    ]


async def test_who_books_is_offered_those_for_whom_they_may(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await added(pool, tenant, UserRole.REP)
    offered = {}
    for user in (tenant.rep, tenant.manager, tenant.admin):
        items = (await signed_in(client, user).get(PATH, params={"as_owner": True})).json()["items"]
        offered[user.role] = {one["user_id"] for one in items}
    everybody = {str(user.user_id) for user in (tenant.rep, tenant.manager, tenant.admin, stranger)}
    assert offered == {
        UserRole.REP: {str(tenant.rep.user_id)},
        UserRole.MANAGER: {str(tenant.rep.user_id), str(tenant.manager.user_id)},
        UserRole.ADMIN: everybody,
    }
