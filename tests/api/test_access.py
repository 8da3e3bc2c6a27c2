"""Every route, asked by everybody for everything: access.csv says what is answered, and no route goes without rows.

503 in the table means: let through, and then there is no agent that could be told; 422 for a mail that is to be sent
again: let through, and then there has been none.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.routes import settings_mail_servers
from db.pool import Pool
from tests.api.conftest import PUBLIC_URL, app_of, booking, is_problem
from tests.api.two_organizations import Caller, Relation, World, two_organizations

pytestmark = pytest.mark.room

TABLE = Path(__file__).with_name("access.csv")
API = "/api/v1"
NOT_OF_THE_API = {"/assets", "/{path:page}"}

EVERYBODYS = (Relation.OWN,)
OF_SOMEBODY = tuple(Relation)
OF_A_TEAM = (Relation.OWN, Relation.OTHER_TEAM, Relation.OTHER_ORGANIZATION, Relation.DELETED, Relation.UNKNOWN)
OF_THE_ORGANIZATION = (Relation.OWN, Relation.OTHER_ORGANIZATION, Relation.DELETED, Relation.UNKNOWN)
OF_A_LINK = (Relation.OWN, Relation.DELETED, Relation.UNKNOWN)
ASKED_FOR_AN_OWNER = {
    "GET /calls", "POST /calls", "GET /calls/conflicts", "POST /calls/recipients", "POST /call-imports",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    caller: Caller
    expected: dict[Relation, int]

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


@cache
def table() -> tuple[Row, ...]:
    with TABLE.open(newline="") as file:
        return tuple(
            Row(
                method=line["method"],
                path=line["path"],
                caller=Caller(line["caller"]),
                expected={relation: int(line[relation]) for relation in Relation if line[relation]},
            )
            for line in csv.DictReader(file)
        )


ROUTES = sorted({row.route for row in table()})


def relations_of(path: str, route: str) -> tuple[Relation, ...]:
    """Those that a thing of this route can have; a route that is about nothing in particular has `own` alone."""
    if "{call_id}" in path or "{user_id}" in path or "{device_id}" in path or path.startswith("/joins"):
        return OF_SOMEBODY
    if route in ASKED_FOR_AN_OWNER:
        return OF_SOMEBODY
    if "{team_id}" in path:
        return OF_A_TEAM
    if path.startswith("/sign-in/link-"):
        return OF_A_LINK
    return OF_THE_ORGANIZATION if "{" in path else EVERYBODYS


def routes_of(app: FastAPI) -> Iterator[str]:
    for found in iter_route_contexts(app.routes):
        path = str(found.path)
        if path.startswith(f"{API}/"):
            for method in (found.methods or set()) - {"HEAD", "OPTIONS"}:
                yield f"{method} {path.removeprefix(API)}"
        else:
            assert path in NOT_OF_THE_API, f"{path} is neither the API's nor known to this table"


async def test_every_route_has_rows_and_every_row_a_route(client: httpx.AsyncClient) -> None:
    there = sorted(routes_of(app_of(client)))
    assert len(there) == len(set(there))
    assert [route for route in there if route not in ROUTES] == [], "routes without rows"
    assert [route for route in ROUTES if route not in there] == [], "rows without a route"


def test_every_route_has_one_row_for_each_caller_and_every_cell_is_filled() -> None:
    asked = [(row.route, row.caller) for row in table()]
    assert len(asked) == len(set(asked))
    assert set(asked) == {(route, caller) for route in ROUTES for caller in Caller}
    for row in table():
        assert set(row.expected) == set(relations_of(row.path, row.route)), f"{row.route} {row.caller}"


async def body_of(world: World, row: Row, relation: Relation) -> dict[str, Any] | None:
    if row.method in {"GET", "DELETE"}:
        return None
    if row.path.startswith("/joins"):
        return {"link": await world.join_link(row.caller, relation), **BODIES.get(row.route, {})}
    if row.path.startswith("/sign-in/link-"):
        return {"link": await world.sign_in_link(row.caller, relation)}
    match row.route:
        case "POST /calls" | "POST /calls/recipients":
            return booking(world.ours, owner_id=await world.owner_id(row.caller, relation))
        case "POST /call-imports":
            return {
                "csv": "name\nKim", "kind": "assisted", "title": "Talk",
                "first_starts_at": datetime.now(UTC).isoformat(),
                "owner_id": await world.owner_id(row.caller, relation),
            }  # fmt: skip
        case "POST /users":
            return {"name": "Kim", "email": f"{uuid4()}@acme.example", "role": "rep", "team_ids": []}
        case "POST /teams" | "PATCH /teams/{team_id}":
            return {"name": f"Team {uuid4()}"}
    return BODIES.get(row.route, {})


BODIES: dict[str, dict[str, Any]] = {
    "POST /demo/sign-ins": {"as": "rep"},
    "POST /sign-in/links": {"email": "nobody@nowhere.example"},
    "PATCH /me": {"title": "Sales"},
    "PATCH /users/{user_id}": {"team_ids": []},
    "POST /joins/room-tokens": {"name": "Robin", "transcription": True, "recording": False},
    "PUT /joins/consent": {"transcription": True, "recording": False},
    "POST /joins/messages": {"text": "Hello"},
    "POST /joins/moves": {"starts_at": "2026-11-23T10:00:00Z", "revision": 0},
    "PUT /joins/preferences": {"prefers_text": True},
    "POST /leads": {"name": "Kim", "company": "Joinery"},
    "PATCH /leads/{lead_id}": {"notes": "Likes oak."},
    "POST /question-sets": {"title": "Third", "questions": []},
    "PUT /question-sets/{question_set_id}": {"title": "Third", "version": 1, "questions": []},
    "POST /question-sets/{question_set_id}/trials": {"said": []},
    "POST /lead-imports": {"csv": "name\nKim"},
    "PUT /calls/{call_id}/agent": {"present": False},
    "PATCH /calls/{call_id}": {"title": "Second talk", "revision": 0},
    "PUT /calls/{call_id}/cancellation": {"reason": "Ill", "revision": 0},
    "POST /calls/{call_id}/copies": {"starts_at": datetime.now(UTC).isoformat()},
    "POST /calls/{call_id}/invitees": {"name": "Kim"},
    "PUT /calls/{call_id}/nudges/{nudge_id}/response": {"state": "acted", "reaction": None},
    "POST /calls/{call_id}/staged-segments": {
        "identity": "prospect-1", "segment_id": str(uuid4()), "text": "Hi", "start_ms": 0, "end_ms": 1,
    },
    "PUT /settings/organization": {"name": "Acme", "time_zone": "UTC", "retention_days": 30},
    "PUT /settings/providers": {"speech_to_text": {"choice": "local"}, "language_model": {"choice": "local"}},
    "POST /settings/providers/tests": {"part": "language_model"},
    "PUT /settings/mail-servers": {"items": []},
    "PUT /settings/inbox": {
        "host": "imap.acme.example", "port": 993, "security": "tls", "user_name": "ada", "password": "word",
    },
}  # fmt: skip


async def query_of(world: World, row: Row, relation: Relation) -> dict[str, Any]:
    match row.route:
        case "GET /calls":
            return {"owner_id": await world.owner_id(row.caller, relation)}
        case "POST /joins/unsubscriptions":
            return {"link": await world.join_link(row.caller, relation)}
        case "GET /calls/days":
            return {"starts_from": "2026-11-16T00:00:00Z", "starts_before": "2026-11-23T00:00:00Z"}
        case "GET /calls/conflicts":
            at = datetime.now(UTC).isoformat()
            return {"starts_at": at, "duration_minutes": 30, "owner_id": await world.owner_id(row.caller, relation)}
        case "GET /calls/{call_id}/events":
            return {"after": 1_000}  # all of it has been read: the answer is 204 and no stream
    return {}


async def ask(client: httpx.AsyncClient, world: World, row: Row, relation: Relation) -> httpx.Response:
    await world.dress(client, row.caller)
    ids = await world.ids(row.path, row.caller, relation)
    return await client.request(
        row.method,
        f"{API}{row.path.format(**ids)}",
        json=await body_of(world, row, relation),
        params=await query_of(world, row, relation),
    )


@pytest.mark.parametrize("route", ROUTES)
async def test_everybody_gets_the_answer_of_the_table(
    route: str, room_client: httpx.AsyncClient, ready: None, pool: Pool, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not theirs answers to the byte like what is not there. Their own comes last: it may be their device."""
    monkeypatch.setattr(settings_mail_servers, "TRIED_WITHIN_SECONDS", 0.1)
    world = await two_organizations(pool, owner)
    found: list[str] = []
    for number, row in enumerate(row for row in table() if row.route == route):
        transport = httpx.ASGITransport(
            app=app_of(room_client), raise_app_exceptions=False, client=(f"10.0.{ROUTES.index(route)}.{number}", 1)
        )
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
            answers = {relation: await ask(client, world, row, relation) for relation in reversed(row.expected)}
        nothing = answers.get(Relation.UNKNOWN)
        for relation, answer in answers.items():
            where, wanted = f"{row.caller} {relation}", row.expected[relation]
            if answer.status_code != wanted:
                found.append(f"{where}: {answer.status_code}, not {wanted}: {answer.text[:200]}")
            elif answer.status_code >= 400:
                is_problem(answer, wanted, answer.json()["type"].removeprefix("/problems/"))
                if nothing and nothing.status_code == wanted and not same(answer, nothing):
                    found.append(f"{where}: tells itself from what is not there: {answer.text[:200]}")
    assert found == []


def same(one: httpx.Response, other: httpx.Response) -> bool:
    return one.content == other.content and dict(one.headers) == dict(other.headers)
