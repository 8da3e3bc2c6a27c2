"""Whose calls stand in the lists, under a lead and among the conflicts, and for whom somebody may book."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from db import assignments
from db.pool import Pool, transaction
from domain.call import CallLead
from domain.people import User
from tests.api.conftest import booking, is_problem, signed_in
from tests.api.two_organizations import World, two_organizations
from tests.sample import add_call

pytestmark = pytest.mark.db

PATH = "/api/v1/calls"


@pytest.fixture
async def world(pool: Pool, owner: Any) -> World:
    """Everybody of ours has a call with one lead, each with a review."""
    made = await two_organizations(pool, owner)
    lead = CallLead(lead_id=made.ours.lead.lead_id, name="", company="")
    for title, user in people(made).items():
        call = await add_call(pool, user, title=title, lead=lead)
        await owner.execute(
            "INSERT INTO reviews (call_id, organization_id, status, step, finished_at, lead_score_after, "
            "lead_status_after) VALUES ($1, $2, 'done', 'mail', now(), 50, 'met')",
            call.call_id, made.ours.organization_id,
        )  # fmt: skip
    return made


def people(world: World) -> dict[str, User]:
    return {
        "rep": world.ours.rep, "colleague": world.colleague, "outsider": world.outsider,
        "manager": world.ours.manager, "admin": world.ours.admin,
    }  # fmt: skip


async def seen(client: httpx.AsyncClient, world: World, viewer: User) -> set[str]:
    """Whose calls this person is shown; the same everywhere."""
    signed_in(client, viewer)
    listed = {call["title"] for call in (await client.get(PATH)).json()["items"]}
    earliest = {call["title"] for call in (await client.get(PATH, params={"order": "earliest"})).json()["items"]}
    searched = {call["title"] for call in (await client.get(PATH, params={"search": "finch"})).json()["items"]}
    lead = (await client.get(f"/api/v1/leads/{world.ours.lead.lead_id}")).json()
    by_owner, in_conflict = set[str](), set[str]()
    for title, user in people(world).items():
        owner_id = str(user.user_id)
        by_owner |= {call["title"] for call in (await client.get(PATH, params={"owner_id": owner_id})).json()["items"]}
        asked = {"starts_at": datetime.now(UTC).isoformat(), "duration_minutes": "30", "owner_id": owner_id}
        conflicts = (await client.get(f"{PATH}/conflicts", params=asked)).json()["items"]
        assert {call["title"] for call in conflicts} <= {title}
        in_conflict |= {call["title"] for call in conflicts}
    of_the_lead = {call["title"] for call in lead["calls"]}
    scored = {score["title"] for score in lead["scores"]}
    assert listed == earliest == searched == by_owner == in_conflict == of_the_lead == scored
    return listed


async def test_everybody_is_shown_the_calls_they_may_open_and_no_others(
    client: httpx.AsyncClient, pool: Pool, world: World
) -> None:
    assert await seen(client, world, world.ours.rep) == {"rep"}
    assert await seen(client, world, world.colleague) == {"colleague"}
    assert await seen(client, world, world.ours.manager) == {"manager", "rep", "colleague"}
    assert await seen(client, world, world.ours.admin) == set(people(world))
    async with transaction(pool, world.ours.organization_id) as connection:
        await assignments.replace_managers(
            connection, world.ours.organization_id, world.outsider.user_id, [world.ours.manager.user_id]
        )
    assert await seen(client, world, world.ours.manager) == {"manager", "rep", "colleague", "outsider"}
    assert (await signed_in(client, world.theirs.admin).get(PATH)).json()["items"] == []


async def test_for_whom_one_may_not_book_is_said_in_the_words_for_somebody_who_is_not_there(
    client: httpx.AsyncClient, world: World, owner: Any
) -> None:
    signed_in(client, world.ours.manager)
    others = (world.outsider, world.ours.admin, world.theirs.rep, world.disabled)
    answers = [
        await client.post(PATH, json=booking(world.ours, owner_id=str(owner_id)))
        for owner_id in (*(user.user_id for user in others), uuid4())
    ]
    (error,) = is_problem(answers[0], 422, "malformed-request")["errors"]
    assert error["pointer"] == "/body/owner_id"
    assert len({answer.content for answer in answers}) == 1
    for user in (world.ours.rep, world.colleague, world.ours.manager):
        answer = await client.post(PATH, json=booking(world.ours, owner_id=str(user.user_id)))
        assert (answer.status_code, answer.json()["owner"]["user_id"]) == (201, str(user.user_id))


async def test_a_form_sent_again_shows_its_call_only_to_who_may_still_see_it(
    client: httpx.AsyncClient, world: World, owner: Any
) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, booking(world.ours, owner_id=str(world.colleague.user_id))
    signed_in(client, world.ours.manager)
    assert (await client.post(PATH, json=body, headers=key)).status_code == 201
    assert (await client.post(PATH, json=body, headers=key)).status_code == 200
    await owner.execute("DELETE FROM team_members WHERE user_id = $1", world.colleague.user_id)
    is_problem(await client.post(PATH, json=body, headers=key), 404, "not-found")
