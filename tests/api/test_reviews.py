"""The review as the page reads it, and what it may be asked to do again."""

import httpx
import pytest

from db import calls
from db.pool import Pool, transaction
from domain.call import Switches
from jobs.reviewing import Reviewing
from tests.api.conftest import is_problem, signed_in
from tests.jobs.test_reviewing import Double, over, work
from tests.sample import Tenant, add_call, add_tenant

pytestmark = pytest.mark.db

STEPS = ("transcript", "analysis", "lead", "mail")


async def test_a_review_is_none_then_queued_then_done(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    going_on = await add_call(pool, tenant.rep)
    page = signed_in(client, tenant.rep)
    answer = (await page.get(f"/api/v1/calls/{going_on.call_id}/review")).json()
    assert (answer["status"], answer["steps"], answer["review"]) == ("none", [], None)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, going_on.call_id, "ended by a colleague")
    answer = (await page.get(f"/api/v1/calls/{going_on.call_id}/review")).json()
    assert answer["status"] == "queued", "its log is not closed yet"

    call = await over(pool, tenant, "We need a new till.")
    answer = (await page.get(f"/api/v1/calls/{call.call_id}/review")).json()
    assert answer["status"] == "queued"
    assert [(step["name"], step["state"]) for step in answer["steps"]] == [(name, "waiting") for name in STEPS]
    reviewing = Reviewing(pool, Double)
    await reviewing.run(work(call), 0)
    answer = (await page.get(f"/api/v1/calls/{call.call_id}/review")).json()
    assert answer["status"] == "done"
    assert {step["state"] for step in answer["steps"]} == {"done"}
    assert (answer["lead_score_before"], answer["lead_score_after"]) == (None, 72)
    assert (answer["lead_status_before"], answer["lead_status_after"]) == ("new", "qualified")
    assert answer["review"]["lead_score"] == 72
    assert answer["review"]["score_reasons"] == [{"points": 22, "text": "a budget is set aside", "segment_id": None}]

    again = await page.post(f"/api/v1/calls/{call.call_id}/review/runs", json={})
    assert (again.status_code, again.json()["status"]) == (202, "queued")
    assert again.json()["review"]["lead_score"] == 72, "the earlier one stays until the new one is there"
    assert (await page.post(f"/api/v1/calls/{call.call_id}/review/runs", json={})).status_code == 202
    reviewing.close()


async def test_a_review_that_failed_says_where_and_why(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    call = await over(pool, tenant, "We need a new till.")
    reviewing = Reviewing(pool, lambda: Double(ValueError("no")))
    for tries in range(3):
        await reviewing.run(work(call), tries)
    reviewing.close()
    answer = (await signed_in(client, tenant.rep).get(f"/api/v1/calls/{call.call_id}/review")).json()
    assert answer["status"] == "failed"
    assert [step["state"] for step in answer["steps"]] == ["done", "failed", "waiting", "waiting"]
    assert answer["problem"].startswith("The review could not be made.")


async def test_what_cannot_be_reviewed_is_said(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    deaf = await over(pool, tenant, switches=Switches(transcript=False, coaching=False, sentiment=False))
    for call in (deaf, await add_call(pool, tenant.rep)):
        page = signed_in(client, tenant.rep)
        assert (await page.get(f"/api/v1/calls/{call.call_id}/review")).json()["status"] == "none"
        is_problem(await page.post(f"/api/v1/calls/{call.call_id}/review/runs", json={}), 409, "review-not-possible")
    stranger = await add_tenant(pool)
    for answer in (
        await signed_in(client, stranger.rep).get(f"/api/v1/calls/{deaf.call_id}/review"),
        await client.post(f"/api/v1/calls/{deaf.call_id}/review/runs", json={}),
        await client.get(f"/api/v1/calls/{deaf.call_id}/emails"),
    ):
        is_problem(answer, 404, "not-found")


async def test_the_mails_of_a_call_are_listed_with_how_they_went(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await over(pool, tenant, "We need a new till.")
    reviewing = Reviewing(pool, Double)
    await reviewing.run(work(call), 0)
    reviewing.close()
    items = (await signed_in(client, tenant.rep).get(f"/api/v1/calls/{call.call_id}/emails")).json()["items"]
    assert {(item["kind"], item["to_email"], item["status"], item["attempts"]) for item in items} == {
        ("summary", tenant.rep.email, "waiting", 0), ("summary", tenant.manager.email, "waiting", 0),
    }  # fmt: skip
