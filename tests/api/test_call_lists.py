"""Which calls: in pages, by time, status, owner and words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from db.pool import Pool
from tests.api.conftest import booked, booking, is_problem, signed_in
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db


async def test_calls_are_listed_latest_first_in_pages_without_gap_or_double(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    now = datetime.now(UTC)
    added = [await add_call(pool, tenant.rep, starts_at=now + timedelta(hours=n // 2)) for n in range(101)]
    signed_in(client, tenant.rep)
    listed: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        page = (await client.get("/api/v1/calls", params={"cursor": cursor} if cursor else {})).json()
        listed += [call["call_id"] for call in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    expected = sorted(added, key=lambda call: (call.starts_at, call.call_id), reverse=True)
    assert listed == [str(call.call_id) for call in expected]


async def titles(client: httpx.AsyncClient, **params: str) -> list[str]:
    answer = await client.get("/api/v1/calls", params=params)
    assert answer.status_code == 200, answer.text
    return [call["title"] for call in answer.json()["items"]]


async def test_calls_are_found_by_time_status_owner_and_words(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    start = datetime.now(UTC).replace(microsecond=0)

    def at(hours: int) -> str:
        return (start + timedelta(hours=hours)).isoformat()

    await booked(client, tenant, title="Past", starts_at=at(0), lead_id=None, invitees=[{"name": "Zoë Über"}])
    ended = await booked(client, tenant, title="Talk", starts_at=at(2), lead_id=None, invitees=[{"name": "A_B"}])
    await owner.execute("UPDATE calls SET status = 'ended', ended_at = now() WHERE id = $1", ended["call_id"])
    body = booking(tenant, title="100% Plan", starts_at=at(1))
    assert (await signed_in(client, tenant.manager).post("/api/v1/calls", json=body)).status_code == 201
    assert await titles(client) == ["Talk", "100% Plan", "Past"]
    assert await titles(client, order="earliest") == ["Past", "100% Plan", "Talk"]
    assert await titles(client, starts_from=at(1)) == ["Talk", "100% Plan"]
    assert await titles(client, starts_before=at(1)) == ["Past"]
    assert await titles(client, starts_from=at(1), starts_before=at(2)) == ["100% Plan"]
    assert await titles(client, status="ended") == ["Talk"]
    assert await titles(client, owner_id=str(tenant.manager.user_id)) == ["100% Plan"]
    assert await titles(client, search="PLAN") == ["100% Plan"]
    assert await titles(client, search="harbour") == ["100% Plan"], "the lead's company"
    assert await titles(client, search="robin") == ["100% Plan"], "the lead's name"
    assert await titles(client, search="zoë ü") == ["Past"], "an invitee"
    assert await titles(client, search="%") == ["100% Plan"], "no wildcard"
    assert await titles(client, search="a_b") == ["Talk"], "no wildcard"
    assert await titles(client, search="  ") == ["Talk", "100% Plan", "Past"]


async def test_the_earliest_first_is_paged_without_gap_or_double(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    now = datetime.now(UTC)
    added = [await add_call(pool, tenant.rep, starts_at=now + timedelta(hours=n // 2)) for n in range(60)]
    signed_in(client, tenant.rep)
    first = (await client.get("/api/v1/calls", params={"order": "earliest"})).json()
    second = (await client.get("/api/v1/calls", params={"order": "earliest", "cursor": first["next_cursor"]})).json()
    expected = sorted(added, key=lambda call: (call.starts_at, call.call_id))
    assert [call["call_id"] for page in (first, second) for call in page["items"]] == [
        str(call.call_id) for call in expected
    ]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("params", "pointer"),
    [({"starts_from": "0001-01-01T00:00:00+23:59"}, "/query/starts_from"),
     ({"starts_before": "tomorrow"}, "/query/starts_before"),
     ({"starts_before": "2026-11-21T10:00:00"}, "/query/starts_before"),
     ({"status": "over"}, "/query/status"), ({"owner_id": "me"}, "/query/owner_id"),
     ({"order": "random"}, "/query/order"),
     ({"search": "two\nlines"}, "/query/search"), ({"search": "a\x00"}, "/query/search"),
     ({"search": "x" * 201}, "/query/search")],
)  # fmt: skip
async def test_a_search_that_cannot_be_says_where(
    client: httpx.AsyncClient, tenant: Tenant, params: dict[str, str], pointer: str
) -> None:
    answer = await signed_in(client, tenant.rep).get("/api/v1/calls", params=params)
    assert [error["pointer"] for error in is_problem(answer, 422, "malformed-request")["errors"]] == [pointer]


async def test_calls_are_listed_also_while_the_media_server_is_away(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await booked(client, tenant)
    await owner.execute("UPDATE calls SET status = 'live', started_at = now() WHERE id = $1", call["call_id"])
    (listed,) = (await client.get("/api/v1/calls")).json()["items"]
    assert (listed["status"], listed["participants_present"]) == ("live", 0)


@pytest.mark.parametrize(
    "cursor", ["", "x", "%00", "////", "MjAyNi0wMS0wMVQwMDowMDowMCBub25l", "é",
               "MjAyNi0wMS0wMVQwMDowMDowMCAwMTlkMjE1Yy0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA=",
               "MDAwMS0wMS0wMVQwMDowMDowMCswMDo1OSAwMTlkMjE1Yy0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA="],
)  # fmt: skip
async def test_a_cursor_that_we_did_not_make_is_no_accident(
    client: httpx.AsyncClient, tenant: Tenant, cursor: str
) -> None:
    signed_in(client, tenant.rep)
    for path in ("/api/v1/calls", "/api/v1/leads", "/api/v1/question-sets"):
        answer = await client.get(path, params={"cursor": cursor})
        assert answer.status_code in (200, 422), answer.text


async def days(client: httpx.AsyncClient, **params: str) -> dict[str, list[str]]:
    answer = await client.get("/api/v1/calls/days", params=params)
    assert answer.status_code == 200, answer.text
    return {day["day"]: [call["title"] for call in day["calls"]] for day in answer.json()["items"]}


async def test_a_day_is_one_of_the_zone_that_was_asked_for(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    """Around the night in which clocks in Berlin were put back: that day has 25 hours."""
    for title, at in (
        ("Saturday", "2026-10-24T21:30:00Z"), ("First", "2026-10-24T22:00:00Z"), ("Early", "2026-10-25T08:00:00Z"),
        ("Last", "2026-10-25T22:59:00Z"), ("Monday", "2026-10-25T23:00:00Z"),
    ):  # fmt: skip
        await add_call(pool, tenant.rep, title=title, starts_at=datetime.fromisoformat(at))
    signed_in(client, tenant.rep)
    week = {"starts_from": "2026-10-23T00:00:00Z", "starts_before": "2026-10-30T00:00:00Z"}
    assert await days(client, **week, time_zone="Europe/Berlin") == {
        "2026-10-24": ["Saturday"], "2026-10-25": ["First", "Early", "Last"], "2026-10-26": ["Monday"],
    }  # fmt: skip
    assert list(await days(client, **week, time_zone="Pacific/Kiritimati")) == ["2026-10-25", "2026-10-26"]
    assert await days(client, **{**week, "starts_from": "2026-10-25T22:59:00Z"}) == {"2026-10-25": ["Last", "Monday"]}
    assert await days(client, **{**week, "starts_before": "2026-10-24T22:00:00Z"}) == {"2026-10-24": ["Saturday"]}
    assert await days(signed_in(client, tenant.manager), **week) == await days(signed_in(client, tenant.rep), **week)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"starts_before": "2026-12-25T00:00:01Z"}, "/query/starts_before"), ({"time_zone": "Moon"}, "/query/time_zone"),
     ({"starts_from": "today"}, "/query/starts_from")],
)  # fmt: skip
async def test_days_that_cannot_be_shown_say_why(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, str], pointer: str
) -> None:
    params = {"starts_from": "2026-10-24T00:00:00Z", "starts_before": "2026-12-25T00:00:00Z"}
    signed_in(client, tenant.rep)
    assert await days(client, **params) == {}
    answer = await client.get("/api/v1/calls/days", params={**params, **change})
    assert [error["pointer"] for error in is_problem(answer, 422, "malformed-request")["errors"]] == [pointer]
