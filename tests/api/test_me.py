"""One's own profile and devices."""

from typing import Any

import httpx
import pytest

from db import devices
from db.pool import Pool, transaction
from domain.ids import DeviceId, uuid7
from domain.people import User
from tests.api.conftest import is_problem, signed_in
from tests.sample import Tenant, add_tenant, device_of

pytestmark = pytest.mark.db

ME = "/api/v1/me"
DEVICES = "/api/v1/me/devices"


async def add_device(pool: Pool, user: User, label: str = "Firefox on Linux") -> DeviceId:
    device_id = DeviceId(uuid7())
    async with transaction(pool, user.organization_id) as connection:
        await devices.add(connection, user.organization_id, user.user_id, device_id, label)
    return device_id


async def test_everybody_reads_and_changes_their_own_profile(client: httpx.AsyncClient, tenant: Tenant) -> None:
    signed_in(client, tenant.rep)
    me = (await client.get(ME)).json()
    assert (me["name"], me["title"], me["time_zone"]) == (tenant.rep.name, "", None)
    assert (me["device_id"], me["team_ids"]) == (str(device_of(tenant.rep)), [str(tenant.team_id)])
    changes: tuple[dict[str, Any], ...] = (
        {"name": " Tom "}, {"title": "Account executive", "time_zone": "Europe/Berlin"}, {}, {"title": ""},
        {"time_zone": None},
    )  # fmt: skip
    for change in changes:
        me |= {key: value.strip() if value else value for key, value in change.items()}
        answer = await client.patch(ME, json=change)
        assert (answer.status_code, answer.json()) == (200, me)
        assert (await client.get(ME)).json() == me


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"name": " "}, "/body/name"), ({"name": None}, "/body/name"), ({"title": "a\nb"}, "/body/title"),
     ({"time_zone": "Berlin"}, "/body/time_zone"), ({"role": "admin"}, "/body"), ({"email": "a@b.example"}, "/body")],
)  # fmt: skip
async def test_a_profile_that_cannot_be_says_where(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    answer = await signed_in(client, tenant.rep).patch(ME, json=change)
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    assert error["pointer"] == pointer


async def test_a_device_is_listed_and_ended_and_then_shut_out(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    other = await add_device(pool, tenant.rep)
    await add_device(pool, tenant.manager)
    signed_in(client, tenant.rep)
    items = (await client.get(DEVICES)).json()["items"]
    assert {(item["device_id"], item["label"], item["is_this"]) for item in items} == {
        (str(device_of(tenant.rep)), "Test", True), (str(other), "Firefox on Linux", False),
    }  # fmt: skip
    assert (await client.delete(f"{DEVICES}/{other}")).status_code == 204
    is_problem(await client.delete(f"{DEVICES}/{other}"), 404, "not-found")
    assert [item["is_this"] for item in (await client.get(DEVICES)).json()["items"]] == [True]
    assert await owner.fetchval("SELECT end_reason FROM devices WHERE id = $1", other) == "ended"
    assert await owner.fetchval("SELECT action FROM audit_entries WHERE subject_id = $1", str(other)) == "device_ended"
    assert (await client.delete(f"{DEVICES}/{device_of(tenant.rep)}")).status_code == 204
    is_problem(await client.get(ME), 401, "not-signed-in")


async def test_a_device_of_somebody_else_is_not_here(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.admin)
    for device_id in (device_of(tenant.rep), device_of(stranger.rep), uuid7()):
        is_problem(await client.delete(f"{DEVICES}/{device_id}"), 404, "not-found")
    assert (await signed_in(client, tenant.rep).get(ME)).status_code == 200
    assert (await signed_in(client, stranger.rep).get(ME)).status_code == 200
