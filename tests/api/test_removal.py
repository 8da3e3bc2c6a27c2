"""Removed means out: of the room, of the link, of the stream of events."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from livekit import rtc

from db import events
from db.pool import Pool, transaction
from domain.call import Call
from domain.ids import uuid7
from tests.api.conftest import app_of, booked, cookie_of, is_problem, link_of, signed_in
from tests.conftest import eventually
from tests.sample import Tenant, add_call, add_tenant, device_of, said
from tests.simulated_people import People

pytestmark = pytest.mark.room

OUT_WITHIN_S = 5.0

TWO = [{"name": "Robin Finch", "email": "robin@finch.example"}, {"name": "Dana Cole", "email": "dana@cole.example"}]


async def is_out(room: rtc.Room) -> None:
    async def disconnected() -> bool:
        return room.connection_state == rtc.ConnectionState.CONN_DISCONNECTED

    await eventually(disconnected, "they are out", within_s=OUT_WITHIN_S)


def is_in(room: rtc.Room) -> bool:
    return room.connection_state == rtc.ConnectionState.CONN_CONNECTED


async def guest(client: httpx.AsyncClient, people: People, link: str) -> rtc.Room:
    wanted = {"link": link, "name": "Guest", "transcription": True, "recording": False}
    access = (await client.post("/api/v1/joins/room-tokens", json=wanted)).json()
    return await people.enter(access["url"], access["token"])


async def colleague(client: httpx.AsyncClient, people: People, call: dict[str, Any]) -> rtc.Room:
    """Whoever is signed in."""
    access = (await client.post(f"/api/v1/calls/{call['call_id']}/room-tokens", json={})).json()
    return await people.enter(access["url"], access["token"])


async def test_an_invitee_who_is_removed_is_out_of_the_room_and_their_link_is_dead_and_nobody_elses(
    room_client: httpx.AsyncClient, people: People, tenant: Tenant, owner: Any
) -> None:
    call = await booked(room_client, tenant, invitees=TWO)
    removed, stays = await guest(room_client, people, link_of(call)), await guest(room_client, people, link_of(call, 1))
    path = f"/api/v1/calls/{call['call_id']}/invitees/{call['invitees'][0]['invitee_id']}"
    assert (await room_client.delete(path)).status_code == 204
    await is_out(removed)
    assert is_in(stays)
    link = {"link": link_of(call)}
    consent = {"transcription": True, "recording": True}
    for answer in (
        await room_client.post("/api/v1/joins", json=link),
        await room_client.post("/api/v1/joins/room-tokens", json={**link, **consent, "name": "Robin"}),
        await room_client.put("/api/v1/joins/consent", json={**link, **consent}),
        await room_client.post("/api/v1/joins/messages", json={**link, "text": "Hello?"}),
    ):
        is_problem(answer, 404, "link-unknown")
    assert (await room_client.post("/api/v1/joins", json={"link": link_of(call, 1)})).status_code == 200
    shown = (await room_client.get(f"/api/v1/calls/{call['call_id']}")).json()
    assert [one["join_link"] for one in shown["invitees"]] == [call["invitees"][1]["join_link"]]
    is_problem(await room_client.delete(path), 404, "not-found")
    deeds = await owner.fetch(
        "SELECT actor_id FROM audit_entries WHERE action = 'invitee_removed' AND subject_id = $1",
        call["invitees"][0]["invitee_id"],
    )
    assert [deed["actor_id"] for deed in deeds] == [tenant.rep.user_id]


async def test_only_who_may_hold_the_call_removes_somebody_from_it(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    """There is no media server, and the removal holds all the same."""
    stranger, call = await add_tenant(pool), await booked(client, tenant, invitees=TWO)
    own = await add_call(pool, tenant.manager)
    path = f"/api/v1/calls/{call['call_id']}/invitees/"
    first, second = (path + invitee["invitee_id"] for invitee in call["invitees"])
    for somebody in (stranger.rep, stranger.admin):
        is_problem(await signed_in(client, somebody).delete(first), 404, "not-found")
    managers = f"/api/v1/calls/{own.call_id}/invitees/{own.invitees[0].invitee_id}"
    is_problem(await signed_in(client, tenant.rep).delete(managers), 404, "not-found")
    for other in (f"{path}{uuid7()}", f"{path}{own.invitees[0].invitee_id}"):
        is_problem(await signed_in(client, tenant.manager).delete(other), 404, "not-found")
    assert (await client.delete(first)).status_code == 204
    assert (await signed_in(client, tenant.admin).delete(second)).status_code == 204


async def test_who_is_disabled_is_out_of_every_room_and_the_others_stay(
    room_client: httpx.AsyncClient, people: People, tenant: Tenant
) -> None:
    one, other = await booked(room_client, tenant), await booked(room_client, tenant)
    reps = [await colleague(room_client, people, call) for call in (one, other)]
    robin = await guest(room_client, people, link_of(one))
    manager = await colleague(signed_in(room_client, tenant.manager), people, one)
    path = f"/api/v1/users/{tenant.rep.user_id}/disabling"
    assert (await signed_in(room_client, tenant.admin).put(path, json={})).status_code == 204
    for room in reps:
        await is_out(room)
    assert is_in(robin)
    assert is_in(manager)
    room_client.cookies.clear()
    headers = {"Authorization": f"Bearer {cookie_of(tenant.rep)}"}
    refused = await room_client.post(f"/api/v1/calls/{one['call_id']}/room-tokens", json={}, headers=headers)
    is_problem(refused, 401, "not-signed-in")


async def disabled(client: httpx.AsyncClient, tenant: Tenant) -> httpx.Response:
    return await client.put(f"/api/v1/users/{tenant.manager.user_id}/disabling", json={})


async def signed_out(client: httpx.AsyncClient, tenant: Tenant) -> httpx.Response:
    return await client.delete(f"/api/v1/users/{tenant.manager.user_id}/devices/{device_of(tenant.manager)}")


async def made_a_rep(client: httpx.AsyncClient, tenant: Tenant) -> httpx.Response:
    return await client.patch(f"/api/v1/users/{tenant.manager.user_id}", json={"role": "rep"})


async def taken_off_the_team(client: httpx.AsyncClient, tenant: Tenant) -> httpx.Response:
    return await client.delete(f"/api/v1/teams/{tenant.team_id}")


@pytest.mark.parametrize("shut_out", [disabled, signed_out, made_a_rep, taken_off_the_team])
async def test_the_stream_of_somebody_who_is_shut_out_ends_and_nothing_more_comes(
    client: httpx.AsyncClient,
    pool: Pool,
    tenant: Tenant,
    shut_out: Callable[[httpx.AsyncClient, Tenant], Awaitable[httpx.Response]],
) -> None:
    call = await add_call(pool, tenant.rep)
    await write(pool, call, "Before.")
    feed = app_of(client).state.parts.feed
    headers = {"Authorization": f"Bearer {cookie_of(tenant.manager)}"}
    reading = asyncio.create_task(client.get(f"/api/v1/calls/{call.call_id}/events", headers=headers))

    async def follows() -> bool:
        return bool(feed._followers.get(call.call_id))

    await eventually(follows, "the stream is open")
    answer = await shut_out(signed_in(client, tenant.admin), tenant)
    assert answer.is_success, answer.text
    await write(pool, call, "After.")
    stream = await asyncio.wait_for(reading, OUT_WITHIN_S)
    assert "After." not in stream.text
    again = await signed_in(client, tenant.manager).get(f"/api/v1/calls/{call.call_id}/events")
    assert again.status_code in (401, 404)


async def write(pool: Pool, call: Call, text: str) -> None:
    async with transaction(pool, call.organization_id) as connection:
        await events.append(connection, call.organization_id, call.call_id, [said(call, text)])
