"""What people do to calls and settings stands in the audit log, once, without a name or a word of theirs."""

import asyncio
from typing import Any

import httpx
import pytest

from db import calls, events
from db.pool import Pool, transaction
from domain.event import Event
from tests.api.conftest import booked, link_of, signed_in
from tests.conftest import eventually
from tests.sample import Tenant, add_call, ended, said

pytestmark = pytest.mark.room


async def deeds(owner: Any, tenant: Tenant) -> list[tuple[str, str, str | None, str, str]]:
    rows = await owner.fetch(
        "SELECT action, actor_kind, actor_id::text, subject_kind || ' ' || subject_id AS subject, facts::text "
        "FROM audit_entries WHERE organization_id = $1 ORDER BY seq",
        tenant.organization_id,
    )
    return [tuple(row) for row in rows]


async def test_a_call_from_booking_to_its_end(room_client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    call = await booked(room_client, tenant)
    path, invitee_id = f"/api/v1/calls/{call['call_id']}", call["invitees"][0]["invitee_id"]
    consent = {"link": link_of(call), "transcription": True, "recording": False}
    for method, address, body in (
        ("POST", "/api/v1/joins", {"link": link_of(call)}),
        ("POST", "/api/v1/joins/room-tokens", {**consent, "name": "Robin Finch"}),
        ("PUT", "/api/v1/joins/consent", {**consent, "transcription": False}),
        ("POST", f"{path}/room-tokens", {}),
        ("PUT", f"{path}/ending", {}),
        ("PUT", f"{path}/ending", {}),
        ("POST", f"{path}/room-tokens", {}),
    ):
        await room_client.request(method, address, json=body)
    rep, subject = str(tenant.rep.user_id), f"call {call['call_id']}"
    found = await deeds(owner, tenant)
    assert [(action, kind, actor, about) for action, kind, actor, about, _ in found] == [
        ("call_booked", "user", rep, subject),
        ("consent_given", "guest", invitee_id, subject),
        ("call_joined", "guest", invitee_id, subject),
        ("consent_given", "guest", invitee_id, subject),
        ("call_joined", "user", rep, subject),
        ("call_ended", "user", rep, subject),
    ], "looking does nothing, ending twice is ending once, and who was refused has not joined"
    assert [facts for action, *_, facts in found if action == "consent_given"] == [
        '{"recording": false, "transcription": true}', '{"recording": false, "transcription": false}',
    ]  # fmt: skip
    assert not any("Robin" in facts for *_, facts in found)


async def test_who_reads_what_was_said_is_noted_once_in_an_hour(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call, other = await add_call(pool, tenant.rep), await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, call.call_id, "everybody left")
        await events.append(connection, tenant.organization_id, call.call_id, [said(call), ended(call)])
    path = f"/api/v1/calls/{call.call_id}"

    async def viewings() -> list[tuple[str | None, str]]:
        found = await deeds(owner, tenant)
        return [(actor, about) for action, _, actor, about, _ in found if action == "call_viewed"]

    signed_in(client, tenant.rep)
    parts = ("transcript", "review", "events", "coverage", "nudges")
    await asyncio.gather(*(client.get(f"{path}/{part}") for part in parts * 3))
    rep = (str(tenant.rep.user_id), f"call {call.call_id}")
    assert await viewings() == [rep], "a page asks for several at once"
    await signed_in(client, tenant.manager).get(f"{path}/review")
    manager = (str(tenant.manager.user_id), f"call {call.call_id}")
    assert await viewings() == [rep, manager]
    await signed_in(client, tenant.rep).get(f"/api/v1/calls/{other.call_id}/transcript")
    assert len(await viewings()) == 3

    await owner.execute(
        "UPDATE audit_entries SET at = at - interval '61 minutes' WHERE organization_id = $1", tenant.organization_id
    )
    await client.get(f"{path}/transcript")
    assert (await viewings())[-1] == rep


@pytest.mark.parametrize("part", ["transcript", "events", "coverage", "nudges"])
@pytest.mark.parametrize("is_over", [True, False])
async def test_whatever_shows_what_was_said_is_noted_also_while_the_call_goes_on(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any, part: str, is_over: bool
) -> None:
    call = await add_call(pool, tenant.rep)

    async def write(*some: Event) -> None:
        async with transaction(pool, tenant.organization_id) as connection:
            await events.append(connection, tenant.organization_id, call.call_id, some)

    async def is_noted() -> bool:
        return [(action, actor) for action, _, actor, _, _ in await deeds(owner, tenant)] == [
            ("call_viewed", str(tenant.manager.user_id))
        ]

    await write(said(call), *([ended(call)] if is_over else []))
    reading = asyncio.create_task(signed_in(client, tenant.manager).get(f"/api/v1/calls/{call.call_id}/{part}"))
    await eventually(is_noted, "it stands in the log")
    if not is_over:
        await write(ended(call))
    assert (await asyncio.wait_for(reading, 10)).status_code == 200


async def test_who_has_read_all_of_a_call_and_asks_whether_there_is_more_has_read_nothing(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    call = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, call.call_id, [said(call), ended(call)])
    answer = await signed_in(client, tenant.rep).get(f"/api/v1/calls/{call.call_id}/events", params={"after": 2})
    assert answer.status_code == 204
    assert await deeds(owner, tenant) == []


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("organization", {"name": "Acme", "time_zone": "UTC", "retention_days": 30}),
        ("providers", {"speech_to_text": {"choice": "local"}, "language_model": {"choice": "local"}}),
        ("mail-servers", {"items": []}),
    ],
)
async def test_a_change_of_settings_says_which_and_a_refused_one_nothing(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, part: str, body: dict[str, Any]
) -> None:
    path = f"/api/v1/settings/{part}"
    for refused in (tenant.rep, tenant.manager):
        assert (await signed_in(client, refused).put(path, json=body)).status_code == 403
    assert (await signed_in(client, tenant.admin).put(path, json={**body, "more": 1})).status_code == 422
    assert await deeds(owner, tenant) == []
    assert (await client.put(path, json=body)).status_code == 200
    ((action, _, actor, subject, _),) = await deeds(owner, tenant)
    assert (action, actor, subject) == (
        "settings_changed",
        str(tenant.admin.user_id),
        f"settings {part.replace('-', '_')}",
    )
