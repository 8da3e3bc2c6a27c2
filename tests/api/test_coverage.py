"""What became of a call's questions, read from its log."""

from typing import Any

import httpx
import pytest

from db import events
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import Event, QuestionAnswered, QuestionAsked, QuestionRefused, SegmentAdded
from domain.ids import EventId, Identity, QuestionId, uuid7
from domain.question_set import Question
from tests.api.conftest import signed_in
from tests.sample import Tenant, a_segment, add_call

pytestmark = pytest.mark.db


def asked(call: Call, question: Question, text: str | None = None) -> QuestionAsked:
    return QuestionAsked(
        event_id=EventId(uuid7()), call_id=call.call_id, at_ms=1, question_id=question.question_id,
        position=question.position, text=text or question.text,
    )  # fmt: skip


def heard(call: Call, text: str, **other: Any) -> SegmentAdded:
    return SegmentAdded(event_id=EventId(uuid7()), call_id=call.call_id, at_ms=1, segment=a_segment(text, **other))


def answered(call: Call, question: Question, spoken: SegmentAdded, **other: Any) -> QuestionAnswered:
    return QuestionAnswered(
        event_id=EventId(uuid7()), call_id=call.call_id, at_ms=1, question_id=question.question_id,
        position=question.position, segment_id=spoken.segment.segment_id, text=spoken.segment.text,
        identity=spoken.segment.identity, **other,
    )  # fmt: skip


def refused(call: Call, question: Question, spoken: SegmentAdded) -> QuestionRefused:
    return QuestionRefused(
        event_id=EventId(uuid7()), call_id=call.call_id, at_ms=1, question_id=question.question_id,
        position=question.position, segment_id=spoken.segment.segment_id, text=spoken.segment.text,
        identity=Identity("prospect-1"),
    )  # fmt: skip


@pytest.fixture
async def call(pool: Pool, tenant: Tenant) -> Call:
    return await add_call(pool, tenant.rep, question_set_id=tenant.question_set.question_set_id)


async def after(client: httpx.AsyncClient, pool: Pool, tenant: Tenant, call: Call, *some: Event) -> list[Any]:
    """The coverage when these events have been written."""
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, call.call_id, some)
    answer = await signed_in(client, tenant.rep).get(f"/api/v1/calls/{call.call_id}/coverage")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def test_a_question_goes_from_open_over_asked_to_answered(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, call: Call
) -> None:
    why, who = tenant.question_set.questions
    assert await after(client, pool, tenant, call) == [
        {"question_id": str(question.question_id), "position": question.position, "text": question.text,
         "status": "open", "answer": None, "answered_by": None, "segment_id": None, "start_ms": None,
         "volunteered": False}
        for question in (why, who)
    ]  # fmt: skip
    found = await after(client, pool, tenant, call, asked(call, why, "So, why now?"))
    assert [(one["status"], one["text"]) for one in found] == [("asked", "So, why now?"), ("open", "Who decides?")]
    spoken = heard(call, "Our old system dies.", name="Sam", start_ms=4_200)
    found = await after(client, pool, tenant, call, spoken, answered(call, why, spoken))
    assert found[0] | {"question_id": None} == {
        "question_id": None, "position": 0, "text": "So, why now?", "status": "answered",
        "answer": "Our old system dies.", "answered_by": "Sam", "segment_id": str(spoken.segment.segment_id),
        "start_ms": 4_200, "volunteered": False,
    }  # fmt: skip


async def test_what_was_volunteered_counts_and_the_last_of_several_answers(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, call: Call
) -> None:
    _, who = tenant.question_set.questions
    first, second = heard(call, "I decide."), heard(call, "No, my boss does.")
    found = await after(
        client, pool, tenant, call, first, answered(call, who, first, volunteered=True), second,
        answered(call, who, second),
    )  # fmt: skip
    assert (found[1]["answer"], found[1]["volunteered"]) == ("No, my boss does.", False)
    found = await after(client, pool, tenant, call, asked(call, who))
    assert found[1]["status"] == "answered", "asked again, it stays answered"
    third = heard(call, "I would rather not say.")
    found = await after(client, pool, tenant, call, third, refused(call, who, third))
    assert (found[1]["status"], found[1]["answer"]) == ("refused", "I would rather not say.")


async def test_a_question_that_was_asked_is_shown_also_when_it_has_left_the_set(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, call: Call
) -> None:
    why, who = tenant.question_set.questions
    await after(client, pool, tenant, call, asked(call, why))
    path = f"/api/v1/question-sets/{tenant.question_set.question_set_id}"
    rest = {"question_id": str(who.question_id), "text": "Who signs?", "type": "open_ended", "options": []}
    assert (await client.put(path, json={"title": "First", "version": 1, "questions": [rest]})).status_code == 200
    found = await after(client, pool, tenant, call)
    assert [(one["text"], one["status"]) for one in found] == [("Who signs?", "open"), ("Why now?", "asked")]
    stranger = Question(question_id=QuestionId(uuid7()), position=7, text="?", type=why.type, options=())
    spoken = heard(call, "Words.")
    assert await after(client, pool, tenant, call, spoken, answered(call, stranger, spoken)) == found, (
        "an answer to a question that nobody knows has no place"
    )


async def test_a_call_that_has_begun_keeps_its_questions_whatever_becomes_of_the_set(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, call: Call, owner: Any
) -> None:
    path = f"/api/v1/question-sets/{tenant.question_set.question_set_id}"
    why, who = tenant.question_set.questions
    asked_next = {"question_id": str(who.question_id), "text": "Who signs?", "type": "open_ended", "options": []}
    resting = {**asked_next, "question_id": str(why.question_id), "text": "Why at all?", "is_active": False}
    await owner.execute("UPDATE calls SET question_set_version = 1 WHERE id = $1", call.call_id)
    signed_in(client, tenant.rep)
    answer = await client.put(path, json={"title": "First", "version": 1, "questions": [asked_next, resting]})
    assert answer.status_code == 200, answer.text
    assert [one["text"] for one in await after(client, pool, tenant, call)] == ["Why now?", "Who decides?"]
    await owner.execute("UPDATE calls SET question_set_version = NULL WHERE id = $1", call.call_id)
    assert [one["text"] for one in await after(client, pool, tenant, call)] == ["Who signs?"]


async def test_a_call_without_questions_has_nothing_to_cover(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    assert await after(client, pool, tenant, await add_call(pool, tenant.rep)) == []
