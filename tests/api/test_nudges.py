"""Nudges after they were shown, and what people made of them."""

from typing import Any

import httpx
import pytest

from db import events
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import Event
from domain.ids import uuid7
from tests.api.conftest import is_problem, signed_in
from tests.sample import Tenant, add_call, ended, said, shown

pytestmark = pytest.mark.db


async def write(pool: Pool, call: Call, *some: Event) -> None:
    async with transaction(pool, call.organization_id) as connection:
        await events.append(connection, call.organization_id, call.call_id, some)


def path_of(call: Call) -> str:
    return f"/api/v1/calls/{call.call_id}/nudges"


async def respond(client: httpx.AsyncClient, call: Call, nudge_id: Any, state: Any, reaction: Any) -> httpx.Response:
    return await client.put(f"{path_of(call)}/{nudge_id}/response", json={"state": state, "reaction": reaction})


async def became(client: httpx.AsyncClient, call: Call) -> tuple[str, str | None]:
    (nudge,) = (await client.get(path_of(call))).json()["items"]
    return nudge["state"], nudge["reaction"]


async def test_a_nudge_is_kept_with_all_that_was_shown(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    call = await add_call(pool, tenant.rep)
    spoken = said(call)
    event = shown(call, spoken.segment)
    await write(pool, call, spoken, event)
    (found,) = (await signed_in(client, tenant.rep).get(path_of(call))).json()["items"]
    assert found.pop("confidence") == pytest.approx(0.7, abs=1e-6)
    assert found == {
        "nudge_id": str(event.nudge.nudge_id), "kind": "objection_response", "title": event.nudge.title,
        "message": event.nudge.message, "quote": event.nudge.quote, "trigger": event.nudge.trigger,
        "segment_id": str(spoken.segment.segment_id), "reasons": list(event.nudge.reasons),
        "latency_ms": event.nudge.latency_ms, "expires_after_ms": 15_000, "shown_at_ms": event.at_ms,
        "state": "expired", "reaction": None,
    }  # fmt: skip


async def test_the_last_word_of_a_person_counts_and_each_reads_their_own(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    spoken = said(call)
    event = shown(call, spoken.segment)
    await write(pool, call, spoken, event)
    signed_in(client, tenant.rep)
    for state, reaction in (("dismissed", None), ("acted", "like"), ("acted", None), ("acted", "like")):
        assert (await respond(client, call, event.nudge.nudge_id, state, reaction)).status_code == 204
        assert await became(client, call) == (state, reaction)
    signed_in(client, tenant.manager)
    assert await became(client, call) == ("acted", "like"), "the manager reads what the rep made of it"
    assert (await respond(client, call, event.nudge.nudge_id, None, "dislike")).status_code == 204
    assert await became(client, call) == ("expired", "dislike")
    assert await became(signed_in(client, tenant.rep), call) == ("acted", "like")


async def test_a_nudge_is_answered_before_it_has_reached_the_log(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep)
    spoken = said(call)
    event = shown(call, spoken.segment)
    signed_in(client, tenant.rep)
    assert (await respond(client, call, event.nudge.nudge_id, "dismissed", "dislike")).status_code == 204
    await write(pool, call, spoken, event)
    assert await became(client, call) == ("dismissed", "dislike")


async def test_a_nudge_of_another_call_or_one_that_can_no_longer_come_is_not_here(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call, other = await add_call(pool, tenant.rep), await add_call(pool, tenant.rep)
    spoken = said(call)
    event = shown(call, spoken.segment)
    await write(pool, call, spoken, event, ended(call))
    signed_in(client, tenant.rep)
    is_problem(await respond(client, other, event.nudge.nudge_id, "acted", None), 404, "not-found")
    is_problem(await respond(client, call, uuid7(), "acted", None), 404, "not-found")
    assert (await respond(client, call, event.nudge.nudge_id, None, "like")).status_code == 204, "also after the call"


@pytest.mark.parametrize("body", [{}, {"state": "acted"}, {"state": "expired", "reaction": None},
                                  {"state": None, "reaction": "love"}])  # fmt: skip
async def test_half_a_response_is_none(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, body: dict[str, Any]
) -> None:
    call = await add_call(pool, tenant.rep)
    answer = await signed_in(client, tenant.rep).put(f"{path_of(call)}/{uuid7()}/response", json=body)
    is_problem(answer, 422, "malformed-request")
