"""What claims to come from the media server is believed only when it signed just these bytes lately; it counts once."""

import asyncio
import base64
import hashlib
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from livekit import api

from db import calls
from db.pool import Pool, transaction
from domain.call import Call, CallStatus, colleague_identity, prospect_identity, room_of
from domain.ids import CallId, Identity, uuid7
from tests.api.conftest import NOBODY_THERE, Start, app_of, is_problem, settings
from tests.conftest import Database
from tests.fakes.rooms import FakeRooms
from tests.sample import Tenant, add_call, add_tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/livekit/webhooks"
KEY, SECRET = NOBODY_THERE.api_key, NOBODY_THERE.api_secret


@pytest.fixture
def rooms(client: httpx.AsyncClient) -> FakeRooms:
    """In the place of the media server, which tests/api/test_seeing_out.py has."""
    fake = FakeRooms()
    app_of(client).state.parts.rooms = fake
    return fake


def joined(call_id: CallId, identity: str, **other: Any) -> dict[str, Any]:
    return {
        "event": "participant_joined",
        "id": f"EV_{uuid7()}",
        "createdAt": str(int(time.time())),
        "room": {"name": room_of(call_id), "sid": "RM_1"},
        "participant": {"identity": identity, "sid": "PA_1", "kind": "STANDARD"},
        **other,
    }


def token(body: bytes, *, key: str = KEY, secret: str = SECRET, valid_s: float = 300) -> str:
    """As LiveKit signs: a JWT with the hash of the body."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return api.AccessToken(key, secret).with_sha256(digest).with_ttl(timedelta(seconds=valid_s)).to_jwt()


async def tell(client: httpx.AsyncClient, event: dict[str, Any], **other: Any) -> httpx.Response:
    body = json.dumps(event).encode()
    headers = {"Authorization": token(body, **other), "Content-Type": "application/webhook+json"}
    return await client.post(PATH, content=body, headers=headers)


async def test_whoever_may_be_there_stays_and_whoever_may_not_is_sent_out(
    client: httpx.AsyncClient, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    stranger = await add_tenant(pool)
    welcome = [
        prospect_identity(call.invitees[0].invitee_id),
        colleague_identity("rep", tenant.rep.user_id),
        colleague_identity("manager", tenant.manager.user_id),
        colleague_identity("manager", tenant.admin.user_id),
    ]
    unwelcome = [
        Identity(f"prospect-{uuid7()}"),
        colleague_identity("rep", stranger.rep.user_id),
        colleague_identity("manager", stranger.admin.user_id),
        Identity("somebody"),
        Identity("prospect-'; DROP TABLE calls; --"),
        Identity("rep-"),
    ]
    for identity in (*welcome, *unwelcome):
        rooms.enter(call.room, identity, is_agent=False)
        assert (await tell(client, joined(call.call_id, identity))).status_code == 204
    assert {one.identity for one in await rooms.present(call.room)} == set(welcome)


async def test_nobody_stays_in_a_call_that_is_over_gone_or_was_never_there(
    client: httpx.AsyncClient, rooms: FakeRooms, pool: Pool, tenant: Tenant
) -> None:
    over = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, over.call_id, "ended by a colleague")
    for call_id in (over.call_id, CallId(uuid7())):
        identity = prospect_identity(over.invitees[0].invitee_id)
        rooms.enter(room_of(call_id), identity, is_agent=False)
        assert (await tell(client, joined(call_id, identity))).status_code == 204
        assert await rooms.present(room_of(call_id)) == []


async def test_a_colleague_who_was_disabled_is_sent_out(
    client: httpx.AsyncClient, rooms: FakeRooms, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await add_call(pool, tenant.rep)
    await owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", tenant.manager.user_id)
    identity = colleague_identity("manager", tenant.manager.user_id)
    rooms.enter(call.room, identity, is_agent=False)
    assert (await tell(client, joined(call.call_id, identity))).status_code == 204
    assert await rooms.present(call.room) == []


async def test_agents_and_rooms_that_are_no_calls_are_left_alone(
    client: httpx.AsyncClient, rooms: FakeRooms, tenant: Tenant
) -> None:
    rooms.enter("doctor", Identity("doctor"), is_agent=False)
    event = joined(CallId(uuid7()), "doctor", room={"name": "doctor"})
    assert (await tell(client, event)).status_code == 204
    assert len(await rooms.present("doctor")) == 1
    call_id = CallId(uuid7())
    rooms.enter(room_of(call_id), Identity("agent-x"), is_agent=True)
    event = joined(call_id, "agent-x", participant={"identity": "agent-x", "kind": "AGENT"})
    assert (await tell(client, event)).status_code == 204
    assert len(await rooms.present(room_of(call_id))) == 1


async def state_of(owner: Any, call: Call) -> str | None:
    state: str | None = await owner.fetchval("SELECT state FROM room_places WHERE call_id = $1", call.call_id)
    return state


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("CLIENT_INITIATED", None),
        ("PARTICIPANT_REMOVED", None),
        ("ROOM_DELETED", None),
        ("CONNECTION_TIMEOUT", "held"),
        ("SIGNAL_CLOSE", "held"),
        ("UNKNOWN_REASON", "held"),
        ("DUPLICATE_IDENTITY", "inside"),  # they came in by a second connection
        ("MIGRATION", "inside"),
    ],
)
@pytest.mark.parametrize("event", ["participant_left", "participant_connection_aborted"])
async def test_whoever_goes_leaves_their_place_and_whose_line_breaks_keeps_it_for_a_while(
    client: httpx.AsyncClient, rooms: FakeRooms, call: Call, owner: Any, event: str, reason: str, state: str | None
) -> None:
    identity = prospect_identity(call.invitees[0].invitee_id)
    await tell(client, joined(call.call_id, identity))
    assert await state_of(owner, call) == "inside"
    gone = {"identity": identity, "sid": "PA_1", "kind": "STANDARD", "disconnectReason": reason}
    assert (await tell(client, joined(call.call_id, identity, event=event, participant=gone))).status_code == 204
    assert await state_of(owner, call) == state


async def test_agents_take_no_place_and_who_goes_from_a_room_that_is_no_calls_is_nobody(
    client: httpx.AsyncClient, rooms: FakeRooms, call: Call, owner: Any
) -> None:
    agent = {"identity": "agent-x", "kind": "AGENT"}
    for event in ("participant_joined", "participant_left"):
        told = joined(call.call_id, "agent-x", event=event, participant=agent)
        assert (await tell(client, told)).status_code == 204
    for room in ("doctor", room_of(CallId(uuid7()))):
        told = joined(call.call_id, "somebody", event="participant_left", room={"name": room})
        assert (await tell(client, told)).status_code == 204
    assert await state_of(owner, call) is None


async def refused(answer: httpx.Response) -> None:
    is_problem(answer, 401, "not-signed-in")


@pytest.fixture
async def call(pool: Pool, tenant: Tenant) -> Call:
    call = await add_call(pool, tenant.rep)
    assert call.status is CallStatus.SCHEDULED
    return call


@pytest.fixture
async def uninvited(client: httpx.AsyncClient, rooms: FakeRooms, call: Call) -> Any:
    """An event that would send somebody out, were it believed; nothing of it must happen."""
    rooms.enter(call.room, Identity("somebody"), is_agent=False)
    yield joined(call.call_id, "somebody")
    assert len(await rooms.present(call.room)) == 1


async def test_another_key_or_secret_is_refused(client: httpx.AsyncClient, uninvited: dict[str, Any]) -> None:
    await refused(await tell(client, uninvited, secret="another secret of thirty-two characters"))
    await refused(await tell(client, uninvited, key="another"))


async def test_a_byte_more_less_or_other_is_refused(client: httpx.AsyncClient, uninvited: dict[str, Any]) -> None:
    body = json.dumps(uninvited).encode()
    signature = token(body)
    place = body.index(b"somebody")
    other = body[:place] + b"S" + body[place + 1 :]
    for altered in (other, body + b" ", b" " + body, body[:-1], b"", body + b"\xff", b"\xef\xbb\xbf" + body):
        await refused(await client.post(PATH, content=altered, headers={"Authorization": signature}))


async def test_a_missing_empty_or_broken_header_is_refused(
    client: httpx.AsyncClient, uninvited: dict[str, Any]
) -> None:
    body = json.dumps(uninvited).encode()
    await refused(await client.post(PATH, content=body))
    good = token(body)
    head, claims, tag = good.split(".")
    nothing = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    for header in ("", " ", "x", "..", f"Bearer {good}", f"{head}.{claims}.", f"{nothing}.{claims}.", good[:-2] + "AA"):
        await refused(await client.post(PATH, content=body, headers={"Authorization": header}))
    assert tag


async def test_a_token_without_the_hash_of_a_body_is_refused(
    client: httpx.AsyncClient, uninvited: dict[str, Any]
) -> None:
    """A room token is signed with the same secret."""
    body = json.dumps(uninvited).encode()
    room_token = api.AccessToken(KEY, SECRET).with_grants(api.VideoGrants(room_list=True)).to_jwt()
    without_end = jwt.encode(
        {"iss": KEY, "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode()}, SECRET, algorithm="HS256"
    )
    for header in (room_token, without_end):
        await refused(await client.post(PATH, content=body, headers={"Authorization": header}))


async def test_what_was_signed_or_happened_long_ago_is_refused(
    client: httpx.AsyncClient, uninvited: dict[str, Any]
) -> None:
    await refused(await tell(client, uninvited, valid_s=-120))
    for created_at in (int(time.time()) - 301, int(time.time()) + 120, 0, -5, 2**40):
        await refused(await tell(client, {**uninvited, "createdAt": str(created_at)}))
    await refused(await tell(client, {key: value for key, value in uninvited.items() if key != "createdAt"}))


async def test_an_event_without_an_id_is_refused(client: httpx.AsyncClient, uninvited: dict[str, Any]) -> None:
    await refused(await tell(client, {**uninvited, "id": ""}))


def left(call_id: CallId, identity: str) -> dict[str, Any]:
    gone = {"identity": identity, "sid": "PA_1", "kind": "STANDARD", "disconnectReason": "CLIENT_INITIATED"}
    return joined(call_id, identity, event="participant_left", participant=gone)


async def test_what_was_handled_before_changes_nothing_in_any_process(
    client: httpx.AsyncClient, rooms: FakeRooms, start: Start, database: Database, web_dir: Path, call: Call, owner: Any
) -> None:
    """LiveKit sends again what was handled when the answer was lost on its way."""
    identity = prospect_identity(call.invitees[0].invitee_id)
    came, went = joined(call.call_id, identity), left(call.call_id, identity)
    other = await start(settings(database, NOBODY_THERE, web_dir))
    for process in (client, other):
        assert (await tell(process, came)).status_code == 204
    assert await state_of(owner, call) == "inside"
    for process, event in ((client, went), (client, came), (other, came)):
        assert (await tell(process, event)).status_code == 204
        assert await state_of(owner, call) is None
    for event in (joined(call.call_id, identity), went):
        assert (await tell(client, event)).status_code == 204
        assert await state_of(owner, call) == "inside"


async def test_a_copy_that_is_slower_than_what_happened_next_changes_nothing(
    client: httpx.AsyncClient, rooms: FakeRooms, call: Call, owner: Any
) -> None:
    identity = prospect_identity(call.invitees[0].invitee_id)
    event = joined(call.call_id, identity)
    copies = [asyncio.create_task(tell(client, event)) for _ in range(10)]
    await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
    assert (await tell(client, left(call.call_id, identity))).status_code == 204
    assert {answer.status_code for answer in await asyncio.gather(*copies)} == {204}
    assert await state_of(owner, call) is None


async def test_what_could_not_be_written_down_counts_when_it_comes_again(
    client: httpx.AsyncClient, rooms: FakeRooms, call: Call, owner: Any
) -> None:
    identity = prospect_identity(call.invitees[0].invitee_id)
    event = joined(call.call_id, identity)
    await owner.execute("REVOKE INSERT ON room_places FROM parley_app")
    try:
        assert (await tell(client, event)).status_code == 500
    finally:
        await owner.execute("GRANT INSERT ON room_places TO parley_app")
    assert await state_of(owner, call) is None
    assert (await tell(client, event)).status_code == 204
    assert await state_of(owner, call) == "inside"


async def test_whoever_could_not_be_sent_out_is_when_it_is_told_again(
    client: httpx.AsyncClient, rooms: FakeRooms, call: Call
) -> None:
    event = joined(call.call_id, "somebody")
    rooms.enter(call.room, Identity("somebody"), is_agent=False)
    rooms.is_away = True
    is_problem(await tell(client, event), 503, "room-unavailable")
    rooms.is_away = False
    assert (await tell(client, event)).status_code == 204
    assert await rooms.present(call.room) == []


async def test_what_was_signed_but_is_no_event_is_refused(client: httpx.AsyncClient, rooms: FakeRooms) -> None:
    for body in (b"", b"[]", b"null", b'{"event": 7}', b"\xff", b"{" * 50_000, b'{"room": "x"}'):
        answer = await client.post(PATH, content=body, headers={"Authorization": token(body)})
        await refused(answer)
