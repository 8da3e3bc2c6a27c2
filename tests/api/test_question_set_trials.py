"""Trying a question set: the real interviewer in text, by the set as it is saved, and nothing is kept."""

from typing import Any

import httpx
import pytest

from db.pool import Pool
from domain.ids import uuid7
from tests.api.conftest import is_problem, signed_in
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/question-sets"


async def added(client: httpx.AsyncClient, *questions: dict[str, Any], **other: Any) -> dict[str, Any]:
    asked = [{"type": "open_ended", "options": [], **question} for question in questions]
    answer = await client.post(PATH, json={"title": "Set", "questions": asked, **other})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


class Conversation:
    """As the page holds it: all that was said so far goes along each time."""

    def __init__(self, client: httpx.AsyncClient, question_set: dict[str, Any]) -> None:
        self._client = client
        self._path = f"{PATH}/{question_set['question_set_id']}/trials"
        self.said: list[dict[str, str]] = []

    async def ask(self, *said: str) -> dict[str, Any]:
        """What the agent says when the guest has said this, and what is known then."""
        self.said += [{"who": "guest", "text": text} for text in said]
        answer = await self._client.post(self._path, json={"said": self.said})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        if found["says"]:
            self.said.append({"who": "agent", "text": found["says"]})
        return found


def statuses(found: dict[str, Any]) -> list[str]:
    return [one["status"] for one in found["status"]]


async def test_a_whole_interview_from_the_greeting_to_the_goodbye(client: httpx.AsyncClient, tenant: Tenant) -> None:
    question_set = await added(
        signed_in(client, tenant.rep), {"text": "What do you sell?"}, {"text": "Who makes the decision?"}
    )
    talk = Conversation(client, question_set)
    greeting = await talk.ask()
    assert "an AI assistant for Acme" in greeting["says"]
    assert "two short questions" in greeting["says"]
    assert (statuses(greeting), greeting["is_over"]) == (["open", "open"], False)
    first = await talk.ask("Yes, please.")
    assert first["says"].endswith("What do you sell?")
    assert statuses(first) == ["asked", "open"]
    assert (await talk.ask("Okay."))["says"] == "", "a nod is not answered"
    second = await talk.ask("Garden furniture.")
    assert second["says"].endswith("Who makes the decision?")
    assert second["status"][0] == {
        "question_id": question_set["questions"][0]["question_id"], "status": "answered", "answer": "Garden furniture.",
    }  # fmt: skip
    last = await talk.ask("My partner and I decide that together.")
    assert (statuses(last), last["is_over"]) == (["answered", "answered"], True)
    assert "Goodbye" in last["says"]


async def test_rules_rest_and_depth_work_as_in_a_call(client: httpx.AsyncClient, tenant: Tenant) -> None:
    signed_in(client, tenant.rep)
    size = {"text": "How many people would use it?", "type": "multiple_choice", "options": ["under ten", "ten or more"]}
    saved = await added(client, size, {"text": "Who looks after your computers?"}, {"text": "Why now?"},
                        {"text": "What do you sell?", "is_active": False})  # fmt: skip
    first, second, third, fourth = (
        {key: value for key, value in one.items() if key != "position"} for one in saved["questions"]
    )
    second["skip_if"] = {"question_id": first["question_id"], "answers": ["under ten"]}
    third["depth"] = "high"
    body = {"title": "Set", "version": 1, "questions": [first, second, third, fourth]}
    assert (await client.put(f"{PATH}/{saved['question_set_id']}", json=body)).status_code == 200
    talk = Conversation(client, saved)
    await talk.ask()
    await talk.ask("Yes, please.")
    skipped = await talk.ask("About seven.")
    assert skipped["says"].endswith("Why now?")
    assert statuses(skipped) == ["answered", "skipped", "asked"], "and the one that rests is not listed"
    assert "a little more" in (await talk.ask("Our contract ends in May."))["says"]
    other = Conversation(client, saved)
    await other.ask()
    await other.ask("Yes, please.")
    assert (await other.ask("About forty."))["says"].endswith("Who looks after your computers?")


async def test_a_turn_that_is_edited_is_answered_anew(client: httpx.AsyncClient, tenant: Tenant) -> None:
    question_set = await added(
        signed_in(client, tenant.rep), {"text": "Do you have a budget for this?"}, {"text": "Why now?"}
    )
    talk = Conversation(client, question_set)
    await talk.ask()
    await talk.ask("Yes, please.")
    refused = await talk.ask("I'd rather not say.")
    assert statuses(refused) == ["refused", "asked"]
    talk.said = talk.said[:3]
    answered = await talk.ask("Around forty thousand.")
    assert statuses(answered) == ["answered", "asked"]


async def test_the_time_of_typed_words_is_that_of_spoken_ones(client: httpx.AsyncClient, tenant: Tenant) -> None:
    question_set = await added(
        signed_in(client, tenant.rep), {"text": "Why now?"}, {"text": "What do you sell?"},
        {"text": "Who makes the decision?", "must_ask": True}, time_box_minutes=2,
    )  # fmt: skip
    short = Conversation(client, question_set)
    await short.ask()
    await short.ask("Yes, please.")
    assert (await short.ask("Our contract ends in May."))["says"].endswith("What do you sell?")
    long = Conversation(client, question_set)
    await long.ask()
    await long.ask("Yes, please.")
    words = "We have grown a lot, and the old system is slow, and nobody likes it any more. " * 10
    found = await long.ask(words.strip())
    assert found["says"].endswith("Who makes the decision?")
    assert statuses(found)[1] == "open"


async def test_a_trial_that_cannot_be_is_refused(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    stranger = await add_tenant(pool)
    signed_in(client, tenant.rep)
    for set_id in (stranger.question_set.question_set_id, uuid7()):
        is_problem(await client.post(f"{PATH}/{set_id}/trials", json={"said": []}), 404, "not-found")
    path = f"{PATH}/{tenant.question_set.question_set_id}/trials"
    guest = {"who": "guest", "text": "Yes."}
    for body in ({}, {"said": [{"who": "rep", "text": "Hi"}]}, {"said": [{**guest, "text": " "}]},
                 {"said": [guest] * 201}):  # fmt: skip
        is_problem(await client.post(path, json=body), 422, "malformed-request")
