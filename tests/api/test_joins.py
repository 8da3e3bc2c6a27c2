"""The journey of a guest with a link, over HTTP, to the door of a real room."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jws
from livekit import api as livekit_api

from db import leases
from db.pool import Pool, transaction
from domain.ids import CallId, uuid7
from domain.links import Link, Links
from parley.plan import LiveKitAccess
from tests.api.conftest import PUBLIC_URL, SECRET, booked, is_problem, link_of
from tests.sample import Tenant
from tests.simulated_people import People

pytestmark = pytest.mark.room


def wanting(link: str, **other: Any) -> dict[str, Any]:
    return {"link": link, "name": "Robin Finch", "transcription": True, "recording": False, **other}


async def consents(owner: Any, call: dict[str, Any]) -> list[tuple[bool, bool]]:
    rows = await owner.fetch(
        "SELECT transcription, recording FROM consents WHERE call_id = $1 ORDER BY decided_at, id", call["call_id"]
    )
    return [tuple(row) for row in rows]


async def test_a_guest_looks_agrees_and_gets_a_token_for_a_microphone_and_nothing_else(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any, livekit: LiveKitAccess
) -> None:
    call = await booked(room_client, tenant)
    room_client.cookies.clear()
    link = link_of(call)

    view = (await room_client.post("/api/v1/joins", json={"link": link})).json()
    assert (view["may_join"], view["why_not"], view["consent"]) == (True, None, None)
    assert view["invitee_name"] == "Robin Finch"
    assert view["organization_name"] == "Acme"

    answer = await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))
    assert answer.status_code == 200, answer.text
    access = answer.json()
    assert access["url"] == livekit.url
    assert access["role"] == "prospect"
    assert access["identity"] == f"prospect-{call['invitees'][0]['invitee_id']}"
    assert answer.headers["cache-control"] == "no-store"

    claims = livekit_api.TokenVerifier(livekit.api_key, livekit.api_secret).verify(access["token"])
    assert claims.video is not None
    assert claims.video.room_join
    assert claims.video.room == f"call-{call['call_id']}" == access["room"]
    assert claims.video.can_publish
    assert claims.video.can_publish_sources == ["microphone"]
    assert claims.video.can_publish_data is False
    assert claims.video.can_update_own_metadata is False
    assert not any(
        getattr(claims.video, right)
        for right in ("room_admin", "room_create", "room_list", "room_record", "hidden", "recorder", "agent")
    )
    assert claims.attributes == {"parley.role": "prospect", "parley.transcription": "yes"}
    expires_at = json.loads(jws.extract_compact(access["token"].encode()).payload)["exp"]
    assert 0 < expires_at - datetime.now(UTC).timestamp() <= 60
    assert await consents(owner, call) == [(True, False)]
    assert await owner.fetchval("SELECT wanted_at IS NOT NULL FROM calls WHERE id = $1", call["call_id"])


async def test_every_decision_is_kept_and_the_newest_counts(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """Also of somebody who is not in the room."""
    call = await booked(room_client, tenant)
    link = link_of(call)
    await room_client.post("/api/v1/joins/room-tokens", json=wanting(link, recording=True))
    for decision in ({"transcription": True, "recording": False}, {"transcription": False, "recording": False}):
        answer = await room_client.put("/api/v1/joins/consent", json={"link": link, **decision})
        assert answer.status_code == 204, answer.text
    assert await consents(owner, call) == [(True, True), (True, False), (False, False)]
    view = (await room_client.post("/api/v1/joins", json={"link": link})).json()
    assert view["consent"] == {"transcription": False, "recording": False}


async def test_a_withdrawal_reaches_the_room_at_once(
    room_client: httpx.AsyncClient, tenant: Tenant, people: People
) -> None:
    call = await booked(room_client, tenant)
    link = link_of(call)
    access = (await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))).json()
    room = await people.enter(access["url"], access["token"])
    assert room.local_participant.attributes["parley.transcription"] == "yes"
    answer = await room_client.put(
        "/api/v1/joins/consent", json={"link": link, "transcription": False, "recording": False}
    )
    assert answer.status_code == 204, answer.text
    await people.until(lambda: room.local_participant.attributes["parley.transcription"] == "no", "it is withdrawn")
    assert room.local_participant.attributes["parley.role"] == "prospect"


async def test_whoever_finds_the_room_full_gets_a_number_and_no_consent_is_kept_and_one_who_has_a_place_keeps_it(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    guests = [{"name": "Robin"}, {"name": "Sam"}, {"name": "Kim"}]
    call = await booked(room_client, tenant, most_participants=2, invitees=guests)
    robin, sam, kim = (link_of(call, number) for number in range(3))
    for link in (robin, sam, robin):
        answer = await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))
        assert answer.status_code == 200, answer.text
    for link, place in ((kim, 1), (kim, 1)):
        answer = await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))
        assert (answer.status_code, answer.json()) == (202, {"place": place, "ahead": 0, "ask_again_ms": 500})
        assert answer.headers["cache-control"] == "no-store"
    colleague = await room_client.post(f"/api/v1/calls/{call['call_id']}/room-tokens", json={})
    assert (colleague.status_code, colleague.json()["place"]) == (202, 2)
    assert len(await consents(owner, call)) == 3
    assert (await room_client.post("/api/v1/joins/places/departures", json={"link": kim})).status_code == 204
    colleague = await room_client.post(f"/api/v1/calls/{call['call_id']}/room-tokens", json={})
    assert (colleague.status_code, colleague.json()["place"]) == (202, 1)


async def test_opening_the_link_and_coming_in_are_written_down_the_first_time(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    async def when() -> tuple[datetime | None, datetime | None]:
        return tuple(await owner.fetchrow("SELECT opened_at, joined_at FROM invitees WHERE call_id = $1", call_id))

    call = await booked(room_client, tenant)
    link, call_id = link_of(call), call["call_id"]
    assert await when() == (None, None)
    await room_client.post("/api/v1/joins", json={"link": link})
    opened_at, joined_at = await when()
    assert opened_at is not None
    assert joined_at is None
    await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))
    first = await when()
    assert first[0] == opened_at
    assert first[1] is not None
    await room_client.post("/api/v1/joins", json={"link": link})
    await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))
    assert await when() == first


@pytest.mark.parametrize(
    ("change", "status", "kind", "why"),
    [
        ("starts_at = now() + interval '16 minutes'", 409, "call-not-open", "early"),
        ("status = 'ended', ended_at = now()", 410, "call-ended", "ended"),
        ("status = 'cancelled'", 410, "call-ended", "cancelled"),
        ("starts_at = now() - interval '13 hours'", 410, "call-ended", "expired"),
    ],
)
async def test_a_call_that_is_not_open_says_why_and_keeps_no_consent(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any, change: str, status: int, kind: str, why: str
) -> None:
    call = await booked(room_client, tenant)
    await owner.execute(f"UPDATE calls SET {change} WHERE id = $1", call["call_id"])
    link = link_of(call)
    view = (await room_client.post("/api/v1/joins", json={"link": link})).json()
    assert (view["may_join"], view["why_not"]) == (False, why)
    refused = is_problem(await room_client.post("/api/v1/joins/room-tokens", json=wanting(link)), status, kind)
    assert refused.get("reason", "early") == why
    if why == "early":
        assert datetime.fromisoformat(refused["opens_at"]) - datetime.now(UTC) < timedelta(minutes=2)
    colleague = await room_client.post(f"/api/v1/calls/{call['call_id']}/room-tokens", json={})
    is_problem(colleague, status, kind)
    is_problem(await room_client.post("/api/v1/joins/messages", json={"link": link, "text": "Hello"}), status, kind)
    assert await consents(owner, call) == []
    assert await owner.fetchval("SELECT wanted_at IS NULL FROM calls WHERE id = $1", call["call_id"])


@pytest.mark.parametrize("make", ["replaced", "of another call", "of nobody", "nonsense"])
@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("POST", "/api/v1/joins", {}),
        ("POST", "/api/v1/joins/room-tokens", {"name": "R", "transcription": True, "recording": True}),
        ("PUT", "/api/v1/joins/consent", {"transcription": True, "recording": True}),
        ("POST", "/api/v1/joins/messages", {"text": "Hello"}),
    ],
)
async def test_a_link_that_is_not_known_says_so_everywhere_and_never_why(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any, make: str, method: str, path: str, more: dict[str, Any]
) -> None:
    call = await booked(room_client, tenant)
    secret = link_of(call)
    known = Links(secret=SECRET, public_url=PUBLIC_URL).read(secret)
    if make == "replaced":
        await owner.execute("UPDATE invitees SET link_revision = 2 WHERE call_id = $1", call["call_id"])
    elif make == "of another call":
        other = Link(call_id=CallId(uuid7()), invitee_id=known.invitee_id, revision=1)
        secret = Links(secret=SECRET, public_url=PUBLIC_URL).secret_of(other)
    elif make == "of nobody":
        await owner.execute("DELETE FROM invitees WHERE call_id = $1", call["call_id"])
    else:
        secret = "x" * 67
    room_client.cookies.clear()
    answer = await room_client.request(method, path, json={"link": secret, **more})
    problem = is_problem(answer, 404, "link-unknown")
    assert set(problem) == {"type", "title", "status", "detail"}


async def test_a_written_word_before_the_agent_is_there_is_refused_and_not_swallowed(
    room_client: httpx.AsyncClient, tenant: Tenant
) -> None:
    call = await booked(room_client, tenant)
    answer = await room_client.post("/api/v1/joins/messages", json={"link": link_of(call), "text": "Hello"})
    is_problem(answer, 503, "room-unavailable")


async def test_a_written_word_reaches_the_agent_and_only_the_agent(
    room_client: httpx.AsyncClient, tenant: Tenant, people: People, pool: Pool, livekit: LiveKitAccess
) -> None:
    call = await booked(room_client, tenant)
    link = link_of(call)
    access = (await room_client.post("/api/v1/joins/room-tokens", json=wanting(link))).json()
    async with transaction(pool, tenant.organization_id) as connection:
        await leases.take(connection, tenant.organization_id, CallId(call["call_id"]), expected_epoch=0)
        await leases.keep(connection, tenant.organization_id, CallId(call["call_id"]), epoch=1)
    agent = await people.enter_as(livekit, access["room"], f"agent-{call['call_id']}-1")
    guest = await people.enter(access["url"], access["token"])
    heard, overheard = people.packets_of(agent), people.packets_of(guest)
    answer = await room_client.post("/api/v1/joins/messages", json={"link": link, "text": "  How much is it?  "})
    assert answer.status_code == 202, answer.text
    await people.until(lambda: bool(heard), "the agent hears it")
    assert heard[0]["text"] == "How much is it?"
    assert heard[0]["identity"] == access["identity"]
    assert heard[0]["segment_id"] == answer.json()["segment_id"]
    assert overheard == []


async def test_a_guest_is_told_all_that_the_page_shows(room_client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(
        room_client, tenant, kind="assisted", time_zone="Europe/Berlin",
        invitees=[{"name": "Robin", "time_zone": "America/New_York"}, {"name": "Sam"}],
    )  # fmt: skip
    views = [(await room_client.post("/api/v1/joins", json={"link": link_of(call, n)})).json() for n in (0, 1)]
    assert [view["time_zone"] for view in views] == ["America/New_York", "Europe/Berlin"]
    assert views[0]["kind"] == "assisted"
    assert (views[0]["asks_transcription"], views[0]["asks_recording"]) == (True, True)
    assert abs(datetime.fromisoformat(views[0]["now"]) - datetime.now(UTC)) < timedelta(seconds=30)


async def test_who_is_there_already_is_said_before_the_agent_has_come(
    room_client: httpx.AsyncClient, tenant: Tenant, people: People, livekit: LiveKitAccess
) -> None:
    call = await booked(room_client, tenant)
    link = link_of(call)
    assert (await room_client.post("/api/v1/joins", json={"link": link})).json()["participants_present"] == 0
    await people.enter_as(livekit, f"call-{call['call_id']}", "rep-1")
    assert (await room_client.post("/api/v1/joins", json={"link": link})).json()["participants_present"] == 1


async def test_the_page_of_a_guest_opens_also_while_the_media_server_is_away(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    call = await booked(client, tenant)
    view = (await client.post("/api/v1/joins", json={"link": link_of(call)})).json()
    assert (view["may_join"], view["participants_present"]) == (True, 0)
    is_problem(await client.post("/api/v1/joins/room-tokens", json=wanting(link_of(call))), 503, "room-unavailable")


@pytest.mark.parametrize(
    ("switches", "kept"),
    [
        ({"recording": False}, (True, False)),
        ({"transcript": False, "coaching": False, "sentiment": False}, (False, True)),
        ({"transcript": False, "coaching": False, "sentiment": False, "recording": False}, (False, False)),
    ],
)
async def test_what_a_call_does_not_do_is_neither_asked_nor_agreed_to(
    room_client: httpx.AsyncClient, tenant: Tenant, owner: Any, livekit: LiveKitAccess,
    switches: dict[str, bool], kept: tuple[bool, bool],
) -> None:  # fmt: skip
    call = await booked(room_client, tenant, switches=switches)
    link = link_of(call)
    view = (await room_client.post("/api/v1/joins", json={"link": link})).json()
    assert (view["asks_transcription"], view["asks_recording"]) == kept
    access = (await room_client.post("/api/v1/joins/room-tokens", json=wanting(link, recording=True))).json()
    everything = {"link": link, "transcription": True, "recording": True}
    assert (await room_client.put("/api/v1/joins/consent", json=everything)).status_code == 204
    assert await consents(owner, call) == [kept, kept]
    colleague = (await room_client.post(f"/api/v1/calls/{call['call_id']}/room-tokens", json={})).json()
    for token in (access["token"], colleague["token"]):
        claims = livekit_api.TokenVerifier(livekit.api_key, livekit.api_secret).verify(token)
        assert claims.attributes is not None
        assert claims.attributes["parley.transcription"] == ("yes" if kept[0] else "no")
