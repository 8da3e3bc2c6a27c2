"""Question sets: the whole is replaced, questions keep their ids, archived sets are no longer offered."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from db.pool import Pool
from domain.ids import uuid7
from tests.api.conftest import is_problem, signed_in
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/question-sets"


def open_question(text: str, **other: Any) -> dict[str, Any]:
    return {"text": text, "type": "open_ended", "options": [], **other}


@pytest.fixture
async def added(client: httpx.AsyncClient, tenant: Tenant) -> dict[str, Any]:
    """A set of three questions; the rep is signed in."""
    body = {"title": "Set", "questions": [open_question(text) for text in ("A?", "B?", "C?")]}
    answer = await signed_in(client, tenant.rep).post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def kept(question: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {key: value for key, value in {**question, **other}.items() if key != "position"}


async def test_the_order_given_is_the_order_kept_and_ids_stay(client: httpx.AsyncClient, added: dict[str, Any]) -> None:
    a, _, c = added["questions"]
    choice = {"question_id": None, "text": " How many? ", "type": "multiple_choice", "options": ["few", "many"]}
    path = f"{PATH}/{added['question_set_id']}"
    answer = await client.put(path, json={"title": "Changed", "questions": [kept(c), choice, kept(a, text="A2?")]})
    assert answer.status_code == 200, answer.text
    assert (await client.get(path)).json() == answer.json()
    questions = answer.json()["questions"]
    assert [question["text"] for question in questions] == ["C?", "How many?", "A2?"]
    assert [question["position"] for question in questions] == [0, 1, 2]
    assert [questions[0]["question_id"], questions[2]["question_id"]] == [c["question_id"], a["question_id"]]
    assert questions[1]["options"] == ["few", "many"]
    assert answer.json()["title"] == "Changed"
    assert (await client.get(PATH)).json()["items"][0] == answer.json()


async def test_a_question_of_another_set_or_one_twice_is_refused_and_nothing_changes(
    client: httpx.AsyncClient, tenant: Tenant, added: dict[str, Any]
) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    first = added["questions"][0]
    foreign = str(tenant.question_set.questions[0].question_id)
    for second in (kept(first), kept(first, question_id=foreign), kept(first, question_id=str(uuid4()))):
        answer = await client.put(path, json={"title": "Changed", "questions": [kept(first), second]})
        (error,) = is_problem(answer, 422, "malformed-request")["errors"]
        assert error["pointer"] == "/body/questions/1/question_id"
    assert (await client.get(path)).json() == added


async def test_two_who_save_at_once_leave_one_of_their_sets_whole(
    client: httpx.AsyncClient, added: dict[str, Any]
) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    bodies = [
        {"title": title, "questions": [kept(question, text=f"{title} {question['text']}") for question in order]}
        for title, order in (("One", added["questions"]), ("Two", added["questions"][::-1]))
    ]
    answers = await asyncio.gather(*(client.put(path, json=body) for body in bodies * 3))
    assert {answer.status_code for answer in answers} == {200}
    assert (await client.get(path)).json() in [answer.json() for answer in answers[:2]]


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ({"type": "multiple_choice", "options": ["one"]}, "A multiple-choice question needs at least two options."),
        ({"type": "multiple_choice", "options": [str(n) for n in range(11)]},
         "A multiple-choice question has at most 10 options."),
        ({"type": "multiple_choice", "options": ["Yes", "yes"]}, "Two options are the same."),
        ({"type": "open_ended", "options": ["one"]}, "An open question has no options."),
        ({"type": "rating", "options": ["one"]}, "A rating has 2 to 11 steps, or none that are named."),
    ],
)  # fmt: skip
async def test_options_fit_the_type(
    client: httpx.AsyncClient, tenant: Tenant, added: dict[str, Any], question: dict[str, Any], detail: str
) -> None:
    body = {"title": "Set", "questions": [open_question("First?"), {"text": "How?", **question}]}
    for answer in (
        await client.post(PATH, json=body),
        await client.put(f"{PATH}/{added['question_set_id']}", json=body),
    ):
        problem = is_problem(answer, 422, "malformed-request")
        assert problem["errors"] == [{"pointer": "/body/questions/1", "detail": detail}]


async def test_a_rating_names_its_steps_or_does_not(client: httpx.AsyncClient, tenant: Tenant) -> None:
    ratings = [{"text": "How urgent?", "type": "rating", "options": options}
               for options in ([], [str(n) for n in range(11)])]  # fmt: skip
    answer = await signed_in(client, tenant.rep).post(PATH, json={"title": "Set", "questions": ratings})
    assert answer.status_code == 201, answer.text


async def test_an_archived_set_is_no_longer_listed_and_can_still_be_read(
    client: httpx.AsyncClient, tenant: Tenant, added: dict[str, Any]
) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    for _ in range(2):
        assert (await client.delete(path)).status_code == 204
    assert added["question_set_id"] not in [one["question_set_id"] for one in (await client.get(PATH)).json()["items"]]
    assert (await client.get(path)).json() == {**added, "is_archived": True}


async def test_another_organizations_set_is_not_here(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.manager)
    for set_id in (stranger.question_set.question_set_id, uuid7()):
        is_problem(await client.get(f"{PATH}/{set_id}"), 404, "not-found")
        is_problem(await client.put(f"{PATH}/{set_id}", json={"title": "Mine", "questions": []}), 404, "not-found")
        is_problem(await client.delete(f"{PATH}/{set_id}"), 404, "not-found")
    theirs = await signed_in(client, stranger.rep).get(f"{PATH}/{stranger.question_set.question_set_id}")
    assert (theirs.json()["title"], theirs.json()["is_archived"]) == ("First", False)


async def test_sets_come_newest_first_in_pages_without_gap_or_double(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    await owner.executemany(
        f"INSERT INTO question_sets (id, organization_id, title) VALUES ($1, '{tenant.organization_id}', $2)",
        [(uuid7(), f"Set {n}") for n in range(60)],
    )
    signed_in(client, tenant.rep)
    first = (await client.get(PATH)).json()
    second = (await client.get(PATH, params={"cursor": first["next_cursor"]})).json()
    seen = [one["title"] for page in (first, second) for one in page["items"]]
    assert seen == [*(f"Set {n}" for n in reversed(range(60))), "First"]
    assert second["next_cursor"] is None
