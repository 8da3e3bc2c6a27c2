"""The organization's settings."""

from typing import Any

import httpx
import pytest

from db import settings
from db.pool import Pool, transaction
from tests.api.conftest import is_problem, signed_in
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/settings/organization"
WANTED = {"name": "Acme & Söhne", "time_zone": "Europe/Berlin", "retention_days": 30, "google_domain": "acme.example"}


async def test_what_nobody_has_set_has_its_default(client: httpx.AsyncClient, tenant: Tenant) -> None:
    answer = await signed_in(client, tenant.admin).get(PATH)
    assert answer.json() == {"name": "Acme", "time_zone": "UTC", "retention_days": 90, "google_domain": None}


async def test_an_admin_changes_it_for_everybody_and_nobody_else_reads_it(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    for somebody in (tenant.rep, tenant.manager):
        is_problem(await signed_in(client, somebody).put(PATH, json=WANTED), 403, "not-allowed")
        is_problem(await client.get(PATH), 403, "not-allowed")
    assert (await signed_in(client, tenant.admin).get(PATH)).json()["name"] == "Acme"
    for _ in range(2):
        answer = await client.put(PATH, json=WANTED)
        assert (answer.status_code, answer.json()) == (200, WANTED)
    assert (await client.get(PATH)).json() == WANTED
    assert (await signed_in(client, tenant.rep).get("/api/v1/me")).json()["organization_name"] == "Acme & Söhne"
    assert (await signed_in(client, stranger.admin).get(PATH)).json()["name"] == "Acme"


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"time_zone": "Berlin"}, {"time_zone": ""}, {"retention_days": 0},
               {"retention_days": 3651}, {"retention_days": 1.5}, {"google_domain": "acme"},
               {"google_domain": "https://acme.example"}],
)  # fmt: skip
async def test_a_setting_that_cannot_be_says_where(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, Any]
) -> None:
    answer = await signed_in(client, tenant.admin).put(PATH, json={**WANTED, **change})
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    assert error["pointer"] == f"/body/{next(iter(change))}"


async def test_the_choice_of_providers_stands_beside_it_and_neither_takes_the_other_away(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    chosen = {"speech_to_text": {"choice": "local"}}
    async with transaction(pool, tenant.organization_id) as connection:
        assert await settings.get_providers(connection, tenant.organization_id) == {}
        await settings.put_providers(connection, tenant.organization_id, chosen)
    assert (await signed_in(client, tenant.admin).put(PATH, json=WANTED)).status_code == 200
    async with transaction(pool, tenant.organization_id) as connection:
        assert await settings.get_providers(connection, tenant.organization_id) == chosen
        await settings.put_providers(connection, tenant.organization_id, {})
    assert (await client.get(PATH)).json() == WANTED
