"""Booking, reading and ending calls, and what is not yours."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from db import calls, events, leases
from db.pool import Pool, lookup, transaction
from domain.ids import CallId, uuid7
from parley.plan import LiveKitAccess
from tests.api.conftest import NOBODY_THERE, Start, app_of, booked, booking, is_problem, settings, signed_in
from tests.conftest import Database
from tests.sample import Tenant, a_segment, add_call, add_tenant, said
from tests.simulated_people import People

pytestmark = pytest.mark.room


async def test_a_booked_call_is_read_and_listed_as_it_was_booked(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(client, tenant, title="  First talk ")
    assert call["title"] == "First talk"
    assert call["status"] == "scheduled"
    assert call["owner"] == {"user_id": str(tenant.rep.user_id), "name": tenant.rep.name}
    assert call["lead"]["company"] == "Harbour & Finch"
    assert call["invitees"][0]["email"] == "robin@finch.example"
    assert (await client.get(f"/api/v1/calls/{call['call_id']}")).json() == call
    assert (await client.get("/api/v1/calls")).json() == {"items": [call], "next_cursor": None}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"starts_at": (datetime.now(UTC) - timedelta(days=1)).isoformat()}, "/body/starts_at"),
    ({"starts_at": "9999-12-31T23:59:59-23:59"}, "/body/starts_at"),
    ({"starts_at": "0001-01-01T00:00:00+23:59"}, "/body/starts_at"),
    ({"starts_at": datetime.now(UTC).replace(tzinfo=None).isoformat()}, "/body/starts_at"),
    ({"starts_at": 1e300}, "/body/starts_at"),
    ({"lead_id": str(uuid4())}, "/body/lead_id"),
    ({"question_set_id": str(uuid4())}, "/body/question_set_id"),
    ({"lead_id": "; DROP TABLE leads"}, "/body/lead_id"),
    ({"title": "   "}, "/body/title"),
    ({"title": "a\x00b"}, "/body/title"),
    ({"title": "a\ud800b"}, "/body/title"),
    ({"title": "two\nlines"}, "/body/title"),
    ({"title": "two\u2028lines"}, "/body/title"),
    ({"title": "x" * 201}, "/body/title"),
    ({"kind": "party"}, "/body/kind"),
    ({"duration_minutes": 4}, "/body/duration_minutes"),
    ({"duration_minutes": 1e400}, "/body/duration_minutes"),
    ({"duration_minutes": float("nan")}, "/body/duration_minutes"),
    ({"invitees": []}, "/body/invitees"),
    ({"invitees": [{"name": "R"}] * 11}, "/body/invitees"),
    ({"invitees": [{"name": "R", "email": "robin"}]}, "/body/invitees/0/email"),
    ({"invitees": [{"name": "R", "email": "robin@finch"}]}, "/body/invitees/0/email"),
    ({"invitees": [{"name": "R", "email": "robin@finch..example"}]}, "/body/invitees/0/email"),
    ({"invitees": [{"name": "R", "email": "a@b.example\r\nBcc: c@d.example"}]}, "/body/invitees/0/email"),
    ({"invitees": [{"name": "R", "email": "a@b.example,c@d.example"}]}, "/body/invitees/0/email"),
    ({"invitees": [{"name": "R", "email": "<a@b.example>"}]}, "/body/invitees/0/email"),
    ({"invitees": [{"name": "R", "email": f"{'a' * 65}@b.example"}]}, "/body/invitees/0/email"),
    ({"owner_id": str(uuid4())}, "/body/owner_id"),
    ({"\ud800 a field of mine": 1}, "/body"),
]


@pytest.mark.parametrize(("change", "pointer"), REFUSED)
async def test_a_booking_that_cannot_be_is_refused_with_its_place_and_nothing_is_booked(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    body = json.dumps({**booking(tenant), **change})
    answer = await signed_in(client, tenant.rep).post(
        "/api/v1/calls", content=body, headers={"Content-Type": "application/json"}
    )
    problem = is_problem(answer, 422, "malformed-request")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert (await client.get("/api/v1/calls")).json()["items"] == []


@pytest.mark.parametrize("field", ["lead_id", "question_set_id"])
async def test_a_record_of_another_organization_is_as_unknown_as_one_that_is_not_there(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, field: str
) -> None:
    stranger = await add_tenant(pool)
    theirs = {"lead_id": stranger.lead.lead_id, "question_set_id": stranger.question_set.question_set_id}[field]
    signed_in(client, tenant.rep)
    answers = [
        await client.post("/api/v1/calls", json=booking(tenant, **{field: str(some)})) for some in (theirs, uuid4())
    ]
    is_problem(answers[0], 422, "malformed-request")
    assert answers[0].content == answers[1].content


BODIES: dict[str, dict[str, Any]] = {
    "agent": {"present": False},
    "{call_id}": {"revision": 0},
    "cancellation": {"revision": 0},
    "copies": {"starts_at": "2027-01-01T00:00:00Z"},
    "invitees": {"name": "Kim"},
    "response": {"state": "acted", "reaction": None},
    "staged-segments": {
        "identity": "prospect-1", "segment_id": str(uuid4()), "text": "Hi", "start_ms": 0, "end_ms": 1,
    },
}  # fmt: skip
"""Of routes that want more than nothing, by the last part of their address."""


async def test_another_organizations_call_answers_everywhere_like_one_that_is_not_there(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    theirs = await add_call(pool, stranger.rep, staged_as_text=True)
    signed_in(client, tenant.manager)
    asked = 0
    for path, operations in app_of(client).openapi()["paths"].items():
        for method in operations if "{call_id}" in path else ():
            body = None if method == "get" else BODIES.get(path.rpartition("/")[2], {})
            answers = [
                await client.request(
                    method.upper(), path.format(call_id=call_id, nudge_id=uuid4(), invitee_id=uuid4()), json=body,
                )
                for call_id in (theirs.call_id, uuid7())
            ]  # fmt: skip
            is_problem(answers[0], 404, "not-found")
            assert answers[0].content == answers[1].content, path
            assert dict(answers[0].headers) == dict(answers[1].headers), path
            asked += 1
    assert asked >= 20


async def test_ending_a_call_twice_is_ending_it_once(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any, people: People, livekit: LiveKitAccess
) -> None:
    call = await booked(room_client, tenant)
    room = await people.enter_as(livekit, f"call-{call['call_id']}", "rep-1")
    gone: list[object] = []
    room.on("disconnected", gone.append)
    path = f"/api/v1/calls/{call['call_id']}/ending"
    assert (await room_client.put(path, json={})).status_code == 204
    await people.until(lambda: bool(gone), "everybody is sent out")
    first = await owner.fetchrow("SELECT status, ended_at, end_reason FROM calls WHERE id = $1", call["call_id"])
    assert (await room_client.put(path, json={})).status_code == 204
    assert (
        await owner.fetchrow("SELECT status, ended_at, end_reason FROM calls WHERE id = $1", call["call_id"]) == first
    )
    assert first["status"] == "ended"


async def test_a_call_is_ended_also_when_its_room_cannot_be_reached(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(client, tenant)
    is_problem(await client.put(f"/api/v1/calls/{call['call_id']}/ending", json={}), 503, "room-unavailable")
    assert (await client.get(f"/api/v1/calls/{call['call_id']}")).json()["status"] == "ended"


async def test_while_the_media_server_keeps_us_waiting_no_transaction_is_open(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any, monkeypatch: pytest.MonkeyPatch, pool: Pool
) -> None:
    from providers.rooms import Rooms

    call = await booked(room_client, tenant)
    async with transaction(pool, tenant.organization_id) as connection:
        await leases.take(connection, tenant.organization_id, CallId(call["call_id"]), expected_epoch=0)
        await leases.keep(connection, tenant.organization_id, CallId(call["call_id"]), epoch=1)
    await owner.execute("UPDATE calls SET status = 'live', started_at = now() WHERE id = $1", call["call_id"])
    open_then: list[int] = []

    def looking(name: str) -> None:
        original = getattr(Rooms, name)

        async def look_and_ask(self: Rooms, *args: Any) -> Any:
            open_then.append(
                await owner.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'parley_app' AND xact_start IS NOT NULL"
                )
            )
            return await original(self, *args)

        monkeypatch.setattr(Rooms, name, look_and_ask)

    for name in ("is_reachable", "humans_in", "delete", "tell_agent", "set_consent"):
        looking(name)
    link = call["invitees"][0]["join_link"].partition("#")[2]
    path = f"/api/v1/calls/{call['call_id']}"
    consent = {"link": link, "transcription": True, "recording": False}
    for method, address, body in (
        ("POST", "/api/v1/joins/room-tokens", {**consent, "name": "R"}),
        ("PUT", "/api/v1/joins/consent", consent),
        ("POST", "/api/v1/joins/messages", {"link": link, "text": "Hi"}),
        ("POST", f"{path}/room-tokens", {}),
        ("POST", "/api/v1/joins", {"link": link}),
        ("GET", path, None),
        ("GET", "/api/v1/calls", None),
        ("GET", f"/api/v1/leads/{tenant.lead.lead_id}", None),
        ("PUT", f"{path}/ending", {}),
    ):
        before = len(open_then)
        await room_client.request(method, address, json=body)
        assert len(open_then) > before, f"{method} {address} asked nobody"
    assert set(open_then) == {0}


STAGED = {"identity": "prospect-1", "segment_id": str(uuid4()), "text": "Hi", "start_ms": 0, "end_ms": 1}


async def test_words_are_staged_into_calls_that_were_booked_for_it_on_a_local_copy_only(
    client: httpx.AsyncClient, start: Start, tenant: Tenant, database: Database, tmp_path: Any
) -> None:
    ordinary = await booked(client, tenant)
    is_problem(await client.post(f"/api/v1/calls/{ordinary['call_id']}/staged-segments", json=STAGED), 404, "not-found")
    staged = await booked(client, tenant, staged_as_text=True)
    answer = await client.post(f"/api/v1/calls/{staged['call_id']}/staged-segments", json=STAGED)
    is_problem(answer, 503, "room-unavailable")  # it has no agent yet, but is let through to it

    public = await start(settings(database, NOBODY_THERE, tmp_path, PARLEY_LOCAL_MODE=False))
    signed_in(public, tenant.rep)
    is_problem(await public.post(f"/api/v1/calls/{staged['call_id']}/staged-segments", json=STAGED), 404, "not-found")
    refused = await public.post("/api/v1/calls", json=booking(tenant, staged_as_text=True))
    assert is_problem(refused, 422, "malformed-request")["errors"][0]["pointer"] == "/body/staged_as_text"


async def test_the_agent_is_sent_out_and_called_back(
    client: httpx.AsyncClient, tenant: Tenant, pool: Pool, owner: Any
) -> None:
    call = await booked(client, tenant)
    await owner.execute("UPDATE calls SET wanted_at = now() WHERE id = $1", call["call_id"])
    path = f"/api/v1/calls/{call['call_id']}"

    async def is_wanted() -> bool:
        async with lookup(pool) as connection:
            return CallId(UUID(call["call_id"])) in [one for _, one in await calls.that_want_an_agent(connection)]

    woken: list[str] = []
    await owner.add_listener("call_wanted", lambda *heard: woken.append(heard[-1]))
    assert await is_wanted()
    for present in (False, False, True, True):
        assert (await client.put(f"{path}/agent", json={"present": present})).status_code == 204
        assert (await client.get(path)).json()["agent_dismissed"] is not present
        assert await is_wanted() is present
    await owner.fetchval("SELECT 1")
    assert woken.count(call["call_id"]) == 1
    await owner.execute("UPDATE calls SET status = 'ended', ended_at = now() WHERE id = $1", call["call_id"])
    is_problem(await client.put(f"{path}/agent", json={"present": False}), 410, "call-ended")


async def test_the_transcript_is_in_the_order_of_speaking(
    client: httpx.AsyncClient, tenant: Tenant, pool: Pool
) -> None:
    call = await add_call(pool, tenant.rep)
    spoken = [replace(said(call), segment=a_segment(f"At {ms}.", start_ms=ms)) for ms in (5_000, 1_000, 3_000)]
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, call.call_id, spoken)
    path = f"/api/v1/calls/{call.call_id}/transcript"
    items = (await signed_in(client, tenant.rep).get(path)).json()["items"]
    assert [item["text"] for item in items] == ["At 1000.", "At 3000.", "At 5000."]
    segment = spoken[1].segment
    assert items[0]["segment_id"] == str(segment.segment_id)
    assert (items[0]["name"], items[0]["role"], items[0]["start_ms"]) == ("Robin Finch", "prospect", 1_000)
