"""Leads from a table: a report line by line, nothing twice, nothing lost by an empty cell; a lead's history."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from db.pool import Pool, transaction
from domain.people import UserRole
from tests.api.conftest import booked, is_problem, signed_in
from tests.sample import Tenant, a_user, add_tenant, add_user

pytestmark = pytest.mark.db

PATH = "/api/v1/lead-imports"
LEADS = "/api/v1/leads"

TABLE = """name,company,email,industry,notes,status
Ken Whitfield,Whitfield Joinery,ken@joinery.example,wood,"Likes oak, and ash.",qualified
Dana Cole,,,,,
"""


async def imported(client: httpx.AsyncClient, csv: str, **params: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json={"csv": csv}, params=params)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def results(report: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    return [(line["line"], line["result"], line["problem"]) for line in report["lines"]]


async def all_leads(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(LEADS)).json()["items"]
    return found


async def test_what_is_checked_is_not_kept_and_what_is_kept_is_what_was_checked(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    signed_in(client, tenant.rep)
    before = await all_leads(client)
    checked = await imported(client, TABLE, check=True)
    assert results(checked) == [(2, "added", None), (3, "added", None)]
    assert [line["lead_id"] for line in checked["lines"]] == [None, None]
    assert await all_leads(client) == before
    report = await imported(client, TABLE)
    assert results(report) == results(checked)
    assert (report["added"], report["changed"], report["problems"]) == (2, 0, 0)
    ken = (await client.get(f"{LEADS}/{report['lines'][0]['lead_id']}")).json()
    assert {key: ken[key] for key in ("name", "company", "email", "industry", "notes", "status")} == {
        "name": "Ken Whitfield", "company": "Whitfield Joinery", "email": "ken@joinery.example", "industry": "wood",
        "notes": "Likes oak, and ash.", "status": "qualified",
    }  # fmt: skip


async def test_an_address_that_is_known_changes_its_lead_and_empty_cells_change_nothing(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    signed_in(client, tenant.rep)
    first = await imported(client, TABLE)
    ken_id = first["lines"][0]["lead_id"]
    before = (await client.get(f"{LEADS}/{ken_id}")).json()
    again = await imported(client, "name;email;status;notes\nKenneth Whitfield;KEN@Joinery.example;Needs follow-up;\n")
    assert results(again) == [(2, "changed", None)]
    assert again["lines"][0]["lead_id"] == ken_id
    after = (await client.get(f"{LEADS}/{ken_id}")).json()
    assert after == {**before, "name": "Kenneth Whitfield", "status": "needs_follow_up"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",ken@joinery.example,new", "name: "), ("Ken,ken@,new", "email: This is not an e-mail address."),
        ("Ken,ken@joinery.example,rich", "status: "), ("Ken,ken@joinery.example,new,more", "This line has more cells"),
        ("Kim,anna@anna.example,new", "Line 2 has this address already."),
    ],
)  # fmt: skip
async def test_a_line_with_a_problem_says_which_and_does_not_stop_the_others(
    client: httpx.AsyncClient, tenant: Tenant, line: str, problem: str
) -> None:
    signed_in(client, tenant.rep)
    count = len(await all_leads(client))
    report = await imported(client, f"name,email,status\nAnna,anna@anna.example,new\n{line}\nLee,,\n")
    (_, one, _), (number, result, found), (_, other, _) = results(report)
    assert (one, result, other) == ("added", "problem", "added")
    assert number == 3
    assert found is not None
    assert found.startswith(problem)
    assert (report["added"], report["problems"], len(await all_leads(client))) == (2, 1, count + 2)


@pytest.mark.parametrize("csv", ["", "company\nJoinery", "name,name\nKen,Ken", "name,shoe size\nKen,45", "name\n",
                                 'name\n"Ken', "name\n" + "Ken\n" * 501])  # fmt: skip
async def test_a_table_that_cannot_be_read_is_refused_whole(
    client: httpx.AsyncClient, tenant: Tenant, csv: str
) -> None:
    answer = await signed_in(client, tenant.rep).post(PATH, json={"csv": csv})
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    assert error["pointer"] == "/body/csv"
    assert len(await all_leads(client)) == 1


async def test_two_who_send_the_same_table_at_once_add_its_addresses_once(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    signed_in(client, tenant.rep)
    table = "name,email\n" + "".join(f"Lead {n},lead{n}@leads.example\n" for n in range(20))
    reports = await asyncio.gather(*(imported(client, table) for _ in range(4)))
    assert sorted((report["added"], report["changed"]) for report in reports) == [(0, 20)] * 3 + [(20, 0)]
    assert len(await all_leads(client)) == 21


async def test_an_import_does_not_reach_another_organizations_leads(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, stranger.rep)
    theirs = await imported(client, TABLE)
    signed_in(client, tenant.rep)
    assert results(await imported(client, TABLE))[0] == (2, "added", None)
    ken = f"{LEADS}/{theirs['lines'][0]['lead_id']}"
    is_problem(await client.get(f"{ken}/history"), 404, "not-found")
    assert (await signed_in(client, stranger.rep).get(ken)).json()["name"] == "Ken Whitfield"


async def test_the_history_tells_how_a_lead_came_what_changed_it_and_who_newest_first(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    now = datetime.now(UTC)
    signed_in(client, tenant.manager)
    lead_id = (await imported(client, TABLE))["lines"][0]["lead_id"]
    signed_in(client, tenant.rep)
    await client.patch(f"{LEADS}/{lead_id}", json={"status": "met", "notes": "Met."})
    await client.patch(f"{LEADS}/{lead_id}", json={"status": "met", "notes": "Met again."})
    await imported(client, "name,email,status\nKen,ken@joinery.example,customer\n")
    await imported(client, "name,email,status\nKen,ken@joinery.example,customer\n")
    call = await booked(client, tenant, lead_id=lead_id, title="First", starts_at=(now + timedelta(days=1)).isoformat())
    await owner.execute(
        "INSERT INTO reviews (call_id, organization_id, status, step, finished_at, lead_score_before, "
        "lead_score_after, lead_status_before, lead_status_after) VALUES ($1, $2, 'done', 'lead', $3, 40, 75, "
        "'customer', 'qualified')", call["call_id"], tenant.organization_id, now + timedelta(hours=1),
    )  # fmt: skip
    found = (await client.get(f"{LEADS}/{lead_id}/history")).json()
    assert found["next_cursor"] is None
    told = [
        (one["what"], one["by_name"], one["title"], one["score_after"], one["status_before"], one["status_after"])
        for one in found["items"]
    ]
    assert told == [
        ("call", tenant.rep.name, "First", None, None, None),
        ("score", None, "First", 75, "customer", "qualified"),
        ("changed_by_import", tenant.rep.name, None, None, "met", "customer"),
        ("status", tenant.rep.name, None, None, "qualified", "met"),
        ("imported", tenant.manager.name, None, None, None, None),
    ]
    assert found["items"][0]["call_status"] == "scheduled"
    by_hand = (await client.get(f"{LEADS}/{tenant.lead.lead_id}/history")).json()["items"]
    assert [one["what"] for one in by_hand] == ["added"]


async def test_the_history_shows_nobody_elses_calls(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    await booked(client, tenant, title="Not for everybody")
    outsider = a_user(tenant.organization_id, UserRole.REP)
    async with transaction(pool, tenant.organization_id) as connection:
        await add_user(connection, outsider)
    path = f"{LEADS}/{tenant.lead.lead_id}/history"
    assert "Not for everybody" not in (await signed_in(client, outsider).get(path)).text
    assert "Not for everybody" in (await signed_in(client, tenant.manager).get(path)).text


async def test_an_import_stands_in_the_audit_log_with_counts_and_without_a_word_of_the_table(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.rep)
    await imported(client, TABLE)
    await imported(client, TABLE, check=True)
    rows = await owner.fetch(
        "SELECT action, subject_kind, facts::text FROM audit_entries WHERE organization_id = $1 ORDER BY seq",
        tenant.organization_id,
    )
    assert [tuple(row) for row in rows] == [("leads_imported", "lead_import", '{"added": 2, "changed": 0}')]
