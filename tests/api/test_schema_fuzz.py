"""Requests made of the OpenAPI document itself, right and wrong ones, by each role: every answer is as it says.

Seeded: the same document gives the same requests. In half of them ids and links of things that are there take the place
of made-up ones, or nearly every request would end at "not here".
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from db import events
from db.heartbeats import keep_beating
from db.pool import Pool, transaction
from domain.ids import uuid7
from domain.people import UserRole
from tests.api.conftest import PUBLIC_URL, app_of, booked, cookie_of, link_of
from tests.api.test_hostile_input import must_be_graceful
from tests.conftest import eventually
from tests.sample import Tenant, a_user, add_call, add_user, device_of, ended

pytestmark = pytest.mark.room

SEED = 5
CASES = 8
"""Of each operation, right ones and wrong ones each; every role sends them all."""

MOST_SHOWN = 5
CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
NOBODY_HEARS = "/problems/room-unavailable"
"""The truth about what is written to a call that has no agent."""


@pytest.fixture
async def client(room_client: httpx.AsyncClient, pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    beating = [asyncio.create_task(keep_beating(pool, uuid7(), kind, lambda: 8)) for kind in ("agent", "steward")]
    yield room_client
    for task in beating:
        task.cancel()
    await asyncio.gather(*beating, return_exceptions=True)


@pytest.fixture
async def there(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> dict[str, str]:
    """Values of parameters and of fields for things that are there. Nobody of those who ask is among them."""
    call = await booked(client, tenant, staged_as_text=True)
    client.cookies.clear()
    colleague = a_user(tenant.organization_id, UserRole.REP)
    over = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await add_user(connection, colleague)
        await events.append(connection, tenant.organization_id, over.call_id, [ended(over)])
    return {
        "call_id": call["call_id"],
        "over": str(over.call_id),
        "invitee_id": call["invitees"][0]["invitee_id"],
        "lead_id": str(tenant.lead.lead_id),
        "question_set_id": str(tenant.question_set.question_set_id),
        "team_id": str(tenant.team_id),
        "user_id": str(colleague.user_id),
        "owner_id": str(colleague.user_id),
        "device_id": str(device_of(colleague)),
        "link": link_of(call),
    }


def cases_of(operation: Any, mode: GenerationMode) -> list[Any]:
    """None where nothing can be wrong: a route that takes nothing."""
    found: list[Any] = []

    @seed(SEED)
    @settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        if mode is GenerationMode.POSITIVE:
            raise
    return found


def put_in(case: Any, there: Mapping[str, str]) -> None:
    """What is there, in the place of what was made up."""
    of_path = {**there, "call_id": there["over"]} if case.path.endswith("/events") else there
    for name in case.path_parameters or {}:
        if name in of_path:
            case.path_parameters[name] = of_path[name]
    if isinstance(case.body, dict):
        for name in case.body:
            if name in there:
                case.body[name] = there[name]


async def ask(client: httpx.AsyncClient, case: Any, token: str | None) -> httpx.Response:
    request: Any = requests.Request(**case.as_transport_kwargs(base_url=PUBLIC_URL)).prepare()
    headers = [(name.encode(), value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape"))
               for name, value in request.headers.items()
               if name.lower() not in ("authorization", "cookie", "content-length")]  # fmt: skip
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    return await client.request(str(request.method), str(request.url), content=body, headers=headers)


@pytest.mark.timeout(600)
async def test_every_answer_to_every_role_is_as_the_document_says(
    client: httpx.AsyncClient,
    tenant: Tenant,
    there: dict[str, str],
    owner: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.routes.settings_mail_servers.TRIED_WITHIN_SECONDS", 0.0)
    load_all_checks()
    checks = CHECKS.get_by_names(CHECKED)
    roles = {"nobody": None, "rep": tenant.rep, "manager": tenant.manager, "admin": tenant.admin}
    tokens = {name: cookie_of(user) if user else None for name, user in roles.items()}
    document: Any = schemathesis.openapi.from_dict(app_of(client).openapi())
    dice = random.Random(SEED)
    statuses: dict[str, Counter[int]] = {role: Counter() for role in roles}
    asked: set[str] = set()
    wrong: dict[str, str] = {}
    # All of them first: making them takes longer than a process may be silent.
    made = [
        (operation, case)
        for operation in (result.ok() for result in document.get_all_operations())
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for case in cases_of(operation, mode)
    ]

    async def is_whole() -> bool:
        return (await client.get("/api/v1/health")).status_code == 200

    await eventually(is_whole, "all parts beat again")
    for operation, case in made:
        if dice.random() < 0.5 or operation.path.endswith("/events"):
            put_in(case, there)
        for role, token in tokens.items():
            answer = await ask(client, case, token)
            what = f"{role}: {operation.label}\n{case.as_curl_command()}\n{answer.text[:500]}"
            statuses[role][answer.status_code] += 1
            if answer.status_code == 503 and answer.json()["type"] == NOBODY_HEARS:
                continue
            try:
                must_be_graceful(answer, what)
                # Of events the document has the data alone; tests/api/test_stream.py has the rest.
                if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                    case.validate_response(answer, checks=checks)
            except (AssertionError, FailureGroup) as error:
                wrong[f"{operation.label} {answer.status_code}"] = f"{what}\n{error}"
        asked.add(f"{operation.method.upper()} {operation.path}")
        if operation.method.upper() == "DELETE":  # perhaps of one's own device
            await owner.execute(
                "UPDATE devices SET ended_at = NULL, end_reason = NULL WHERE organization_id = $1",
                tenant.organization_id,
            )
    assert not wrong, "\n\n".join([", ".join(wrong), *list(wrong.values())[:MOST_SHOWN]])
    documented = {
        f"{method.upper()} {path}" for path, of_path in app_of(client).openapi()["paths"].items() for method in of_path
    }
    assert asked == documented
    print(statuses)
    for role in ("rep", "manager", "admin"):
        assert statuses[role][200] > 50, f"{role} reached nothing: {statuses[role]}"
        assert statuses[role][422] > 50, f"{role} sent nothing wrong: {statuses[role]}"
        assert statuses[role][401] < 20, f"{role} was not signed in: {statuses[role]}"
    assert statuses["nobody"][401] > 100
    assert statuses["rep"][403] > 50
