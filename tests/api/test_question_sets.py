"""Question sets: the whole is replaced as a new version, ids stay, archived sets are no longer offered."""

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


def change(*questions: dict[str, Any], version: int = 1, **other: Any) -> dict[str, Any]:
    return {"title": "Changed", "version": version, "questions": questions, **other}


async def test_the_order_given_is_the_order_kept_and_ids_stay(client: httpx.AsyncClient, added: dict[str, Any]) -> None:
    a, _, c = added["questions"]
    choice = {"question_id": None, "text": " How many? ", "type": "multiple_choice", "options": ["few", "many"]}
    path = f"{PATH}/{added['question_set_id']}"
    answer = await client.put(path, json=change(kept(c), choice, kept(a, text="A2?")))
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
        answer = await client.put(path, json=change(kept(first), second))
        (error,) = is_problem(answer, 422, "malformed-request")["errors"]
        assert error["pointer"] == "/body/questions/1/question_id"
    assert (await client.get(path)).json() == added


async def test_of_several_who_save_what_they_saw_one_is_kept_whole_and_the_others_are_told(
    client: httpx.AsyncClient, added: dict[str, Any]
) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    bodies = [
        change(*(kept(question, text=f"{title} {question['text']}") for question in order), title=title)
        for title, order in (("One", added["questions"]), ("Two", added["questions"][::-1]))
    ]
    answers = await asyncio.gather(*(client.put(path, json=body) for body in bodies * 3))
    (saved,) = [answer for answer in answers if answer.status_code == 200]
    for answer in answers:
        if answer is not saved:
            is_problem(answer, 409, "question-set-changed")
    assert (await client.get(path)).json() == saved.json()
    assert saved.json()["version"] == 2
    late = change(version=1)
    is_problem(await client.put(path, json=late), 409, "question-set-changed")
    assert (await client.put(path, json={**late, "version": 2})).json()["questions"] == []


async def test_every_save_is_a_version_with_who_and_when_and_what_it_was(
    client: httpx.AsyncClient, tenant: Tenant, added: dict[str, Any]
) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    signed_in(client, tenant.manager)
    a = added["questions"][0]
    for version in range(1, 24):
        answer = await client.put(path, json=change(kept(a, text=f"{version + 1}?"), version=version))
        assert answer.status_code == 200, answer.text
    first = (await client.get(f"{path}/versions")).json()
    second = (await client.get(f"{path}/versions", params={"cursor": first["next_cursor"]})).json()
    assert second["next_cursor"] is None
    shown = [*first["items"], *second["items"]]
    assert [one["version"] for one in shown] == list(range(24, 0, -1))
    assert shown[0]["questions"] == answer.json()["questions"]
    assert shown[-1]["questions"] == added["questions"]
    assert (shown[-1]["title"], shown[-1]["created_by_name"]) == ("Set", tenant.rep.name)
    assert (shown[0]["title"], shown[0]["created_by"]) == ("Changed", str(tenant.manager.user_id))
    assert shown[0]["created_at"] > shown[-1]["created_at"]
    for cursor in ("0", "x", "-1", "99999999999"):
        is_problem(await client.get(f"{path}/versions", params={"cursor": cursor}), 422, "malformed-request")


async def test_how_a_question_is_asked_is_kept_with_it(client: httpx.AsyncClient, added: dict[str, Any]) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    choice = {"text": "Which?", "type": "multiple_choice", "options": ["desk", "floor"]}
    saved = (await client.put(path, json=change(choice, *map(kept, added["questions"]), time_box_minutes=20))).json()
    which, a, b, c = saved["questions"]
    assert saved["time_box_minutes"] == 20
    assert {
        "must_ask": False,
        "is_active": True,
        "depth": "medium",
        "time_box_seconds": None,
        "skip_if": None,
    }.items() <= which.items()
    rules = (
        {"question_id": which["question_id"], "answers": ["desk"]},
        {"question_id": a["question_id"], "contains": ["no", "never"]},
    )
    asked = [
        kept(which), kept(a, must_ask=True, depth="deep", time_box_seconds=90),
        kept(b, skip_if=rules[0], is_active=False), kept(c, skip_if=rules[1], depth="low"),
    ]  # fmt: skip
    answer = await client.put(path, json=change(*asked, version=2))
    assert answer.status_code == 200, answer.text
    assert [kept(question) for question in answer.json()["questions"]] == asked
    assert (await client.get(path)).json() == answer.json()
    assert (await client.get(f"{path}/versions")).json()["items"][0]["questions"] == answer.json()["questions"]
    assert answer.json()["time_box_minutes"] is None


async def test_a_rule_that_cannot_work_is_refused_and_nothing_changes(
    client: httpx.AsyncClient, tenant: Tenant, added: dict[str, Any]
) -> None:
    path = f"{PATH}/{added['question_set_id']}"
    choice = {"text": "Which?", "type": "multiple_choice", "options": ["desk", "floor"]}
    saved = (await client.put(path, json=change(choice, *map(kept, added["questions"][:2])))).json()
    which, a, b = saved["questions"]
    foreign = str(tenant.question_set.questions[0].question_id)
    for rule in (
        {"question_id": b["question_id"], "contains": ["no"]},
        {"question_id": a["question_id"], "contains": ["no"]},
        {"question_id": foreign, "contains": ["no"]},
        {"question_id": which["question_id"], "answers": ["chair"]},
    ):
        asked = [kept(which), kept(a, skip_if=rule), kept(b)]
        answer = await client.put(path, json=change(*asked, version=2))
        (error,) = is_problem(answer, 422, "malformed-request")["errors"]
        assert error["pointer"] == "/body/questions/1/skip_if"
    no_options = {"question_id": a["question_id"], "answers": ["yes"]}
    answer = await client.put(path, json=change(kept(a), kept(b, skip_if=no_options), version=2))
    assert is_problem(answer, 422, "malformed-request")["errors"][0]["pointer"] == "/body/questions/1/skip_if"
    for broken in ({"question_id": which["question_id"]}, {"question_id": which["question_id"], "answers": []},
                   {"question_id": which["question_id"], "answers": ["desk"], "contains": ["no"]}):  # fmt: skip
        answer = await client.put(path, json=change(kept(which), kept(a, skip_if=broken), version=2))
        is_problem(answer, 422, "malformed-request")
    assert (await client.get(path)).json() == saved


async def test_one_set_at_most_is_the_default_and_an_archived_one_is_not(
    client: httpx.AsyncClient, tenant: Tenant, added: dict[str, Any]
) -> None:
    first, second = str(tenant.question_set.question_set_id), added["question_set_id"]

    async def defaults() -> list[str]:
        return [one["question_set_id"] for one in (await client.get(PATH)).json()["items"] if one["is_default"]]

    assert await defaults() == []
    for chosen in (first, second, second):
        assert (await client.put(f"{PATH}/{chosen}/default")).status_code == 204
        assert await defaults() == [chosen]
    answers = await asyncio.gather(*(client.put(f"{PATH}/{one}/default") for one in [first, second] * 4))
    assert {answer.status_code for answer in answers} == {204}
    (chosen,) = await defaults()
    other = second if chosen == first else first
    await client.delete(f"{PATH}/{other}")
    is_problem(await client.put(f"{PATH}/{other}/default"), 404, "not-found")
    assert await defaults() == [chosen]
    await client.delete(f"{PATH}/{chosen}")
    assert (await client.get(f"{PATH}/{chosen}")).json()["is_default"] is False


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
        await client.put(f"{PATH}/{added['question_set_id']}", json={**body, "version": 1}),
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
        is_problem(await client.put(f"{PATH}/{set_id}", json=change()), 404, "not-found")
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
