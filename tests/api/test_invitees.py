"""People of a call: added, removed, written to once more, and what came of it for each."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from db import emails
from db.pool import Pool, transaction
from domain.ids import CallId
from tests.api.conftest import booked, is_problem, link_of, signed_in
from tests.sample import Tenant

pytestmark = pytest.mark.db

KIM = {"name": "Kim Reed", "email": "kim@reed.example", "time_zone": "Asia/Tokyo"}


async def a_call(client: httpx.AsyncClient, tenant: Tenant, **other: Any) -> dict[str, Any]:
    return await booked(client, tenant, starts_at=(datetime.now(UTC) + timedelta(days=2)).isoformat(), **other)


def path_of(call: dict[str, Any], part: str = "") -> str:
    return f"/api/v1/calls/{call['call_id']}/invitees{part}"


async def kinds(owner: Any, call: dict[str, Any], address: str) -> list[str]:
    """Of the mails to that address that were not overtaken, in order."""
    rows = await owner.fetch(
        "SELECT kind FROM emails WHERE call_id = $1 AND to_email = $2 AND status <> 'superseded' "
        "ORDER BY created_at, due_at",
        call["call_id"], address,
    )  # fmt: skip
    return [row["kind"] for row in rows]


async def timeline(client: httpx.AsyncClient, call: dict[str, Any], invitee: int = 0) -> list[dict[str, Any]]:
    answer = await client.get(path_of(call, f"/{call['invitees'][invitee]['invitee_id']}/timeline"))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def mails(client: httpx.AsyncClient, call: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(f"/api/v1/calls/{call['call_id']}/emails")).json()["items"]
    return items


async def test_somebody_added_is_invited_and_the_others_are_left_in_peace(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await a_call(client, tenant)
    before = await kinds(owner, call, "robin@finch.example")
    answer = await client.post(path_of(call), json=KIM)
    assert answer.status_code == 201, answer.text
    after = answer.json()
    assert [one["name"] for one in after["invitees"]] == ["Robin Finch", "Kim Reed"]
    assert after["invitees"][0] == call["invitees"][0]
    assert after["invitees"][1].items() >= KIM.items()
    assert await kinds(owner, call, "kim@reed.example") == ["invite", "reminder", "reminder"]
    assert await kinds(owner, call, "robin@finch.example") == before
    assert (await client.post("/api/v1/joins", json={"link": link_of(after, 1)})).json()["invitee_name"] == "Kim Reed"


async def test_an_address_that_is_there_is_not_invited_twice(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await a_call(client, tenant)
    is_problem(await client.post(path_of(call), json={**KIM, "email": "Robin@Finch.example"}), 409, "already-there")
    answers = await asyncio.gather(*(client.post(path_of(call), json=KIM) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert (await kinds(owner, call, "kim@reed.example")).count("invite") == 1


async def test_no_more_than_ten_people_are_invited(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await a_call(client, tenant, invitees=[{"name": f"Guest {n}"} for n in range(9)])
    assert (await client.post(path_of(call), json=KIM)).status_code == 201
    is_problem(await client.post(path_of(call), json={"name": "Eleventh"}), 422, "malformed-request")


@pytest.mark.parametrize("status", ["ended", "cancelled", "no_show"])
async def test_nobody_is_invited_to_a_call_that_is_over(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, status: str
) -> None:
    call = await a_call(client, tenant)
    await owner.execute("UPDATE calls SET status = $2 WHERE id = $1", call["call_id"], status)
    is_problem(await client.post(path_of(call), json=KIM), 410, "call-ended")


async def test_who_is_removed_learns_of_it_once_they_were_invited(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = (await client.post(path_of(await a_call(client, tenant)), json=KIM)).json()
    await owner.execute("UPDATE emails SET status = 'sent' WHERE call_id = $1 AND to_email = 'kim@reed.example' "
                        "AND kind = 'invite'", call["call_id"])  # fmt: skip
    for invitee in call["invitees"]:
        assert (await client.delete(path_of(call, f"/{invitee['invitee_id']}"))).status_code == 204
    assert await kinds(owner, call, "kim@reed.example") == ["invite", "cancel"]
    assert "cancel" not in await kinds(owner, call, "robin@finch.example"), "the invite had not gone out"
    is_problem(await client.delete(path_of(call, f"/{call['invitees'][0]['invitee_id']}")), 404, "not-found")
    audited = await owner.fetch("SELECT action FROM audit_entries WHERE organization_id = $1 ORDER BY seq",
                                tenant.organization_id)  # fmt: skip
    assert [row["action"] for row in audited] == ["call_booked", "invitee_added"] + ["invitee_removed"] * 2


async def test_somebody_who_comes_back_is_a_new_invitee(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    call = (await client.post(path_of(await a_call(client, tenant)), json=KIM)).json()
    kim = call["invitees"][1]
    assert (await client.delete(path_of(call, f"/{kim['invitee_id']}"))).status_code == 204
    again = (await client.post(path_of(call), json=KIM)).json()["invitees"][1]
    assert again["invitee_id"] != kim["invitee_id"]
    assert again["join_link"] != kim["join_link"]


async def test_the_newest_notice_is_sent_once_more(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    call = await a_call(client, tenant)
    await owner.execute("UPDATE emails SET status = 'sent' WHERE call_id = $1 AND kind = 'invite'", call["call_id"])
    again = path_of(call, f"/{call['invitees'][0]['invitee_id']}/mails")
    assert (await client.post(again, json={})).status_code == 202
    assert (await kinds(owner, call, "robin@finch.example")).count("invite") == 2
    moved = {"revision": call["revision"], "starts_at": (datetime.now(UTC) + timedelta(days=3)).isoformat()}
    assert (await client.patch(f"/api/v1/calls/{call['call_id']}", json=moved)).status_code == 200
    await owner.execute("UPDATE emails SET status = 'sent' WHERE call_id = $1 AND kind = 'update'", call["call_id"])
    assert (await client.post(again, json={})).status_code == 202
    assert (await kinds(owner, call, "robin@finch.example")).count("update") == 2


async def test_who_has_no_address_and_who_is_not_there_gets_nothing_again(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await a_call(client, tenant, invitees=[{"name": "Sam"}, KIM])
    sam, kim = (path_of(call, f"/{one['invitee_id']}") for one in call["invitees"])
    is_problem(await client.post(f"{sam}/mails", json={}), 422, "malformed-request")
    is_problem(await client.post(path_of(call, f"/{uuid4()}/mails"), json={}), 404, "not-found")
    assert (await client.delete(kim)).status_code == 204
    is_problem(await client.post(f"{kim}/mails", json={}), 404, "not-found")


async def test_a_timeline_tells_what_happened_in_its_order(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, pool: Pool
) -> None:
    call = await a_call(client, tenant)
    invitee_id = call["invitees"][0]["invitee_id"]
    now = datetime.now(UTC)
    await owner.execute(
        "UPDATE emails SET status = 'sent', sent_at = $2, ended_at = $2, subject = 'Invitation', "
        "server_host = 'mail.example', reply = '250 2.0.0 taken' WHERE call_id = $1 AND kind = 'invite'",
        call["call_id"], now - timedelta(minutes=9),
    )  # fmt: skip
    await owner.execute(
        "UPDATE invitees SET opened_at = $2, joined_at = $3, prefers_text_at = $5, calendar_answer = 'accepted', "
        "answered_at = $4 WHERE id = $1",
        invitee_id, now - timedelta(minutes=8), now - timedelta(minutes=6), now - timedelta(minutes=5), now,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO consents (id, organization_id, call_id, invitee_id, transcription, recording, decided_at) "
        "VALUES (gen_random_uuid(), $1, $2, $3, true, false, $4)",
        tenant.organization_id, call["call_id"], invitee_id, now - timedelta(minutes=7),
    )  # fmt: skip
    items = await timeline(client, call)
    assert [item["what"] for item in items] == [
        "mail_sent", "link_opened", "consent_given", "joined", "calendar_answered", "prefers_text", "mail_waiting",
        "mail_waiting",
    ]  # fmt: skip
    sent, _, consent, _, answered, prefers, day_before, quarter = items
    assert (sent["kind"], sent["server_host"], sent["reply"], sent["detail"]) == (
        "invite", "mail.example", "250 2.0.0 taken", "Invitation",
    )  # fmt: skip
    assert consent["detail"] == "transcribed, not recorded"
    assert answered["detail"] == "accepted"
    assert {day_before["kind"], quarter["kind"]} == {"reminder"}
    assert datetime.fromisoformat(prefers["at"]) == now
    starts_at = datetime.fromisoformat(call["starts_at"])
    assert datetime.fromisoformat(quarter["at"]) == starts_at - timedelta(minutes=15)
    found = (await client.get(f"/api/v1/calls/{call['call_id']}")).json()["invitees"][0]
    assert (found["prefers_text"], found["calendar_answer"]) == (True, "accepted")
    assert found["opened_at"] < found["joined_at"]


@pytest.mark.parametrize("status", ["waiting", "sending", "sent", "bounced", "expired", "superseded", "failed"])
async def test_every_end_of_a_mail_has_its_word(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, status: str
) -> None:
    call = await a_call(client, tenant)
    ended_at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    await owner.execute(
        "UPDATE emails SET status = $2, problem = 'Why.', ended_at = $3 WHERE call_id = $1 AND kind = 'invite'",
        call["call_id"], status, ended_at,
    )  # fmt: skip
    (told,) = [item for item in await timeline(client, call) if item["kind"] == "invite"]
    assert told["what"] == f"mail_{'waiting' if status == 'sending' else status}"
    assert told["detail"] == "Why."
    assert (datetime.fromisoformat(told["at"]) == ended_at) is (status not in {"waiting", "sending"})


async def test_that_the_owner_was_told_of_a_mail_that_came_back_is_no_mail_to_the_guest(
    client: httpx.AsyncClient, tenant: Tenant, pool: Pool
) -> None:
    call = await a_call(client, tenant)
    before = await timeline(client, call)
    async with transaction(pool, tenant.organization_id) as connection:
        invite, *_ = await emails.of_call(connection, tenant.organization_id, CallId(UUID(call["call_id"])))
        await emails.queue_undelivered(connection, invite, "550 5.1.1 nobody here")
    assert await timeline(client, call) == before
    told = [mail for mail in await mails(client, call) if mail["kind"] == "undelivered"]
    assert [(mail["to_email"], mail["user_id"]) for mail in told] == [(tenant.rep.email, str(tenant.rep.user_id))]


async def test_the_timeline_of_somebody_who_was_removed_is_still_read_and_nobody_elses_is_in_it(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    call = (await client.post(path_of(await a_call(client, tenant)), json=KIM)).json()
    before = await timeline(client, call, 0)
    assert (await client.delete(path_of(call, f"/{call['invitees'][1]['invitee_id']}"))).status_code == 204
    assert [item["what"] for item in await timeline(client, call, 1)].count("removed") == 1
    assert await timeline(client, call, 0) == before
    other = await a_call(client, tenant)
    crossed = path_of(other, f"/{call['invitees'][0]['invitee_id']}/timeline")
    is_problem(await client.get(crossed), 404, "not-found")


async def test_before_booking_it_is_shown_who_is_written_to(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    await owner.execute(
        "INSERT INTO suppressed_addresses (organization_id, address, scope, reason) "
        "VALUES ($1, 'kim@reed.example', 'everything', 'bounced'), ($1, 'robin@finch.example', 'reminders', 'asked')",
        tenant.organization_id,
    )
    body = {
        "title": "Talk", "kind": "assisted", "starts_at": (datetime.now(UTC) + timedelta(days=2)).isoformat(),
        "invitees": [{"name": "Robin Finch", "email": "robin@finch.example"}, KIM, {"name": "Sam"}],
    }  # fmt: skip
    signed_in(client, tenant.rep)
    preview = await client.post("/api/v1/calls/recipients", json=body)
    assert preview.status_code == 200, preview.text
    items = preview.json()["items"]
    assert {(item["email"], item["why"]) for item in items} == {
        ("robin@finch.example", "invitee"), ("kim@reed.example", "invitee"), (tenant.rep.email, "owner"),
        (tenant.manager.email, "manager"),
    }  # fmt: skip
    assert {item["email"] for item in items if item["suppressed"]} == {"kim@reed.example"}
    assert {item["notice"] for item in items if item["why"] == "manager"} == {"summary"}
    assert await owner.fetchval("SELECT count(*) FROM calls WHERE organization_id = $1", tenant.organization_id) == 0
    call = (await client.post("/api/v1/calls", json=body)).json()
    assert (await client.get(f"/api/v1/calls/{call['call_id']}/recipients")).json()["items"] == items
    silent = await client.post("/api/v1/calls/recipients", json={**body, "switches": {"mail": False}})
    assert silent.json()["items"] == []
    refused = await client.post("/api/v1/calls/recipients", json={**body, "owner_id": str(uuid4())})
    is_problem(refused, 422, "malformed-request")


async def test_who_is_shown_is_who_is_written_to(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    """The mails of the guests and of the owner's reminder, row by row, against what was shown."""
    call = await a_call(client, tenant, invitees=[KIM, {"name": "Sam"}])
    shown = (await client.get(f"/api/v1/calls/{call['call_id']}/recipients")).json()["items"]
    rows = await owner.fetch("SELECT kind, to_email FROM emails WHERE call_id = $1", call["call_id"])
    queued = {(row["kind"], row["to_email"]) for row in rows}
    assert queued == {(item["notice"], item["email"]) for item in shown if item["notice"] in {"invite", "reminder"}}
