"""The OpenAPI document is the contract of docs/wire.md, fit for a client to be made from it."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from parley.settings import CHECKOUT

pytestmark = pytest.mark.db

METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/v1/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, of_path in document["paths"].items():
        for method in METHODS & set(of_path):
            yield f"{method.upper()} {path.removeprefix('/api/v1')}", of_path[method]


def promised() -> set[str]:
    """Method and path of every route in the table of docs/wire.md."""
    found = set()
    for line in (CHECKOUT / "docs" / "wire.md").read_text().splitlines():
        if line.startswith("| `"):
            for methods, path in re.findall(r"`((?:[A-Z]{3,}|`, `)+) (/[^`?]*)[^`]*`", line.partition(" | ")[0]):
                found |= {f"{method} {path}" for method in re.findall(r"[A-Z]{3,}", methods)}
    return found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield str(value)
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


async def test_every_route_that_is_promised_is_there_and_every_route_is_promised(document: dict[str, Any]) -> None:
    there = {name for name, _ in operations(document)} - {"POST /calls/{call_id}/staged-segments"}
    assert len(promised()) >= 40
    assert there == promised()


async def test_every_operation_has_a_name_of_its_own_an_answer_and_its_problems(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    for name, operation in operations(document):
        problem = operation["responses"]["default"]["content"]
        assert problem == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}, name
        assert set(operation["responses"]) <= {"200", "201", "202", "204", "303", "default"}, name
        for status, answer in operation["responses"].items():
            if status in {"200", "201"}:
                (body,) = answer["content"].values()
                assert body["schema"], f"{name} does not say what it answers"


async def test_what_is_referred_to_is_there(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert {name.rpartition("/")[2] for name in references(document)} <= set(schemas)
    assert not any("__" in name for name in schemas), "two models of one name"


async def test_answers_have_all_their_fields_and_requests_may_leave_some_out(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["Lead"]["required"]) == set(schemas["Lead"]["properties"])
    assert set(schemas["NewCall"]["required"]) == {"title", "kind", "invitees"}
    assert len(schemas["Event"]["oneOf"]) == 12
