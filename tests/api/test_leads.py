"""Leads: searched, filtered, paged, changed, and read with what their calls made of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from db.pool import Pool
from domain.ids import uuid7
from tests.api.conftest import booked, is_problem, signed_in
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/leads"


async def add(client: httpx.AsyncClient, name: str, company: str, **other: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json={"name": name, "company": company, **other})
    assert answer.status_code == 201, answer.text
    lead: dict[str, Any] = answer.json()
    return lead


async def names(client: httpx.AsyncClient, **params: str) -> list[str]:
    answer = await client.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return [lead["name"] for lead in answer.json()["items"]]


async def test_leads_are_found_by_words_in_any_case_and_by_status(client: httpx.AsyncClient, tenant: Tenant) -> None:
    signed_in(client, tenant.rep)
    await add(client, "Ken Whitfield", "Straße 100% Joinery", email="ken@joinery.example")
    dana = await add(client, "Dana Cole", "Cole_Dental")
    await client.patch(f"{PATH}/{dana['lead_id']}", json={"status": "qualified"})
    assert await names(client, search="WHIT") == ["Ken Whitfield"]
    assert await names(client, search=" straße 100% ") == ["Ken Whitfield"]
    assert await names(client, search="ken@JOIN") == ["Ken Whitfield"]
    assert await names(client, search="%") == ["Ken Whitfield"], "no wildcard"
    assert await names(client, search="_") == ["Dana Cole"], "no wildcard"
    assert await names(client, search="nobody") == []
    assert await names(client, search="") == ["Dana Cole", "Ken Whitfield", "Robin Finch"]
    assert await names(client, status="qualified") == ["Dana Cole"]
    assert await names(client, status="qualified", search="ken") == []
    is_problem(await client.get(PATH, params={"status": "rich"}), 422, "malformed-request")


async def test_leads_come_newest_first_in_pages_without_gap_or_double(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    rows = [(uuid7(), f"Lead {n}") for n in range(119)]
    await owner.executemany(
        "INSERT INTO leads (id, organization_id, name, company, industry, notes, status, created_at) "
        f"VALUES ($1, '{tenant.organization_id}', $2, '', '', '', 'new', now() - interval '1 day')", rows,
    )  # fmt: skip
    signed_in(client, tenant.rep)
    seen: list[str] = []
    params: dict[str, str] = {}
    for _ in range(3):
        page = (await client.get(PATH, params=params)).json()
        seen += [lead["name"] for lead in page["items"]]
        params = {"cursor": page["next_cursor"] or ""}
    assert page["next_cursor"] is None
    assert seen == ["Robin Finch", *(f"Lead {n}" for n in reversed(range(119)))]


async def test_what_is_left_out_of_a_change_stays(client: httpx.AsyncClient, tenant: Tenant) -> None:
    signed_in(client, tenant.rep)
    lead = await add(client, "Ken", "Joinery", industry="wood", notes="Old.", email="ken@joinery.example")
    path = f"{PATH}/{lead['lead_id']}"
    for change in ({}, {"notes": "New."}, {"status": "met", "name": " Kenneth "}, {"email": None}, {"industry": ""}):
        answer = await client.patch(path, json=change)
        assert answer.status_code == 200, answer.text
        lead |= {key: value.strip() if value else value for key, value in change.items()}
        assert answer.json() == lead
    detail = (await client.get(path)).json()
    assert {**lead, "calls": [], "scores": []} == detail


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"name": ""}, "/body/name"), ({"name": None}, "/body/name"), ({"company": " "}, "/body/company"),
     ({"email": "ken"}, "/body/email"), ({"status": "rich"}, "/body/status"), ({"score": 100}, "/body"),
     ({"notes": "x" * 5001}, "/body/notes"), ({"status": None}, "/body/status")],
)  # fmt: skip
async def test_a_change_that_cannot_be_says_where(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    answer = await signed_in(client, tenant.rep).patch(f"{PATH}/{tenant.lead.lead_id}", json=change)
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    assert error["pointer"] == pointer


async def test_a_lead_is_read_with_its_calls_and_what_their_reviews_made_of_it(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    now = datetime.now(UTC)
    first = await booked(client, tenant, title="First", starts_at=now.isoformat())
    second = await booked(client, tenant, title="Second", starts_at=(now + timedelta(hours=1)).isoformat())
    running = await booked(client, tenant, title="Third", starts_at=(now + timedelta(hours=2)).isoformat())
    await booked(client, tenant, title="Nobody's", lead_id=None)
    reviewed = (
        (first, 1, "done", None, 40, None, "needs_follow_up"),
        (second, 2, "done", 40, 75, "needs_follow_up", "qualified"),
        (running, None, "running", None, None, None, None),
    )
    for call, minutes, status, *scores in reviewed:
        await owner.execute(
            "INSERT INTO reviews (call_id, organization_id, status, step, finished_at, lead_score_before, "
            "lead_score_after, lead_status_before, lead_status_after) VALUES ($1, $2, $3, 'lead', $4, $5, $6, $7, $8)",
            call["call_id"], tenant.organization_id, status, minutes and now + timedelta(minutes=minutes), *scores,
        )  # fmt: skip
    detail = (await client.get(f"{PATH}/{tenant.lead.lead_id}")).json()
    assert detail["calls"] == [(await client.get(f"/api/v1/calls/{call['call_id']}")).json()
                               for call in (running, second, first)]  # fmt: skip
    assert [(score["title"], score["score_before"], score["score_after"]) for score in detail["scores"]] == [
        ("Second", 40, 75), ("First", None, 40),
    ]  # fmt: skip
    assert detail["scores"][0]["status_before"] == "needs_follow_up"
    assert detail["scores"][0]["status_after"] == "qualified"
    assert detail["scores"][0]["call_id"] == second["call_id"]


async def test_another_organizations_lead_is_not_here(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.manager)
    for lead_id in (stranger.lead.lead_id, uuid7()):
        is_problem(await client.get(f"{PATH}/{lead_id}"), 404, "not-found")
        is_problem(await client.patch(f"{PATH}/{lead_id}", json={"name": "Mine"}), 404, "not-found")
    assert (await signed_in(client, stranger.rep).get(f"{PATH}/{stranger.lead.lead_id}")).json()[
        "name"
    ] == "Robin Finch"
