"""Booking: what is refused and why, that one form makes one call, and what follows from a call."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from db import question_sets
from db.pool import Pool, transaction
from domain.ids import QuestionId, QuestionSetId, uuid7
from domain.question_set import Question, QuestionSet, QuestionType
from tests.api.conftest import booked, booking, is_problem, signed_in
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/calls"


def refusal(answer: httpx.Response) -> tuple[str, str]:
    """Where and why, of a request that was refused for one reason."""
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    return error["pointer"], error["detail"]


async def rows(owner: Any, tenant: Tenant, table: str) -> int:
    found = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE organization_id = $1", tenant.organization_id)
    assert isinstance(found, int)
    return found


async def test_everything_that_was_booked_is_read_back(client: httpx.AsyncClient, tenant: Tenant) -> None:
    switches = {"recording": False, "transcript": True, "coaching": True, "sentiment": False, "mail": False}
    body = booking(
        tenant,
        kind="assisted", time_zone="Europe/Berlin", owner_id=str(tenant.rep.user_id), switches=switches,
        invitees=[{"name": "Robin Finch", "email": " robin@finch.example ", "time_zone": "America/New_York"}],
    )  # fmt: skip
    call = (await signed_in(client, tenant.manager).post(PATH, json=body)).json()
    assert call["time_zone"] == "Europe/Berlin"
    assert call["owner"] == {"user_id": str(tenant.rep.user_id), "name": tenant.rep.name}
    assert call["switches"] == switches
    assert call["agent_dismissed"] is False
    (invitee,) = call["invitees"]
    assert (invitee["email"], invitee["time_zone"]) == ("robin@finch.example", "America/New_York")
    assert (await client.get(f"{PATH}/{call['call_id']}")).json() == call


async def test_what_is_not_said_is_utc_ones_own_and_all_switches_on(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(client, tenant)
    assert call["time_zone"] == "UTC"
    assert call["owner"]["user_id"] == str(tenant.rep.user_id)
    assert set(call["switches"].values()) == {True}
    assert call["invitees"][0]["time_zone"] is None


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        (
            {"starts_at": (datetime.now(UTC) - timedelta(hours=2)).isoformat()},
            "/body/starts_at", "The start lies in the past.",
        ),
        ({"starts_at": None}, "/body/starts_at", "Say when the call starts."),
        ({"time_zone": "Mars/Olympus"}, "/body/time_zone", "This is not a time zone that we know."),
        ({"time_zone": "../etc/passwd"}, "/body/time_zone", "This is not a time zone that we know."),
        ({"time_zone": "europe/berlin"}, "/body/time_zone", "This is not a time zone that we know."),
        ({"question_set_id": None}, "/body/question_set_id", "A discovery call needs a question set."),
        (
            {"switches": {"transcript": False}},
            "/body/switches", "Coaching and sentiment need the transcript.",
        ),
        ({"owner_id": str(uuid4())}, "/body/owner_id", "There is no such colleague, or you do not book for them."),
        (
            {"invitees": [{"name": "R", "email": "not an address"}]},
            "/body/invitees/0/email", "This is not an e-mail address.",
        ),
        (
            {"invitees": [{"name": "R", "email": "a@finch.example"}, {"name": "S", "email": "A@Finch.example"}]},
            "/body/invitees/1/email", "Somebody above has this address already.",
        ),
        ({"title": "x" * 201}, "/body/title", "No more than 200 characters fit here."),
        ({"title": "  "}, "/body/title", "This is empty."),
        ({"starts_at": "2026-11-21T10:00:00"}, "/body/starts_at", "This time needs its offset from UTC."),
        ({"most_participants": 11}, "/body/most_participants", "This must be 10 at most."),
        ({"most_participants": 1}, "/body/most_participants", "This must be 2 at least."),
        ({"invitees": []}, "/body/invitees", "Of these there must be 1 at least."),
        ({"kind": "visit"}, "/body/kind", "This is none of the values that can be chosen here."),
    ],
)  # fmt: skip
async def test_each_refusal_says_where_and_why_and_books_nothing(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, change: dict[str, Any], pointer: str, detail: str
) -> None:
    answer = await signed_in(client, tenant.rep).post(PATH, json=booking(tenant, **change))
    assert refusal(answer) == (pointer, detail)
    assert await rows(owner, tenant, "calls") == 0


@pytest.mark.parametrize(
    "address",
    ["robin@finch", "@finch.example", "robin@", "ro..bin@finch.example", ".robin@finch.example", "robin@-finch.example",
     "robin@finch.123", "robin@127.0.0.1", "robin@fin_ch.example", "robin@finch.example.", f"r@{'x' * 64}.example",
     f"r@{'x.' * 130}example", "ro bin@finch.example", "robin@finch.example\nBcc: x@y.example", ""],
)  # fmt: skip
async def test_what_no_mail_could_reach_is_no_address(client: httpx.AsyncClient, tenant: Tenant, address: str) -> None:
    body = booking(tenant, invitees=[{"name": "R", "email": address}])
    assert refusal(await signed_in(client, tenant.rep).post(PATH, json=body))[0] == "/body/invitees/0/email"


@pytest.mark.parametrize(
    "address",
    ["robin+call@mail.finch.example", "o'neil@finch.example", "r@bücher.example", "r@mail.local", "r@x.invalid"],
)
async def test_ordinary_addresses_are_taken(client: httpx.AsyncClient, tenant: Tenant, address: str) -> None:
    call = await booked(client, tenant, invitees=[{"name": "R", "email": address}, {"name": "S"}, {"name": "T"}])
    assert [invitee["email"] for invitee in call["invitees"]] == [address, None, None]


@pytest.mark.parametrize("questions", [(), ("Not asked any more.",)])
async def test_a_question_set_that_asks_nothing_does_not_carry_a_discovery_call(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, questions: tuple[str, ...]
) -> None:
    inactive = tuple(
        Question(
            question_id=QuestionId(uuid7()), position=position, text=text, type=QuestionType.OPEN_ENDED, options=(),
            is_active=False,
        )
        for position, text in enumerate(questions)
    )  # fmt: skip
    empty = QuestionSet(question_set_id=QuestionSetId(uuid7()), title="Empty", questions=inactive)
    async with transaction(pool, tenant.organization_id) as connection:
        await question_sets.add(connection, tenant.organization_id, empty)
    signed_in(client, tenant.rep)
    body = booking(tenant, question_set_id=str(empty.question_set_id))
    assert refusal(await client.post(PATH, json=body)) == (
        "/body/question_set_id", "This question set asks nothing. Add a question, or choose another.",
    )  # fmt: skip
    assert (await client.post(PATH, json={**body, "kind": "assisted"})).status_code == 201


async def test_an_archived_question_set_is_kept_by_old_calls_and_refused_to_new_ones(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    call = await booked(client, tenant)
    archived = await client.delete(f"/api/v1/question-sets/{tenant.question_set.question_set_id}")
    assert archived.status_code == 204
    assert (await client.get(f"{PATH}/{call['call_id']}")).json()["question_set_id"] == call["question_set_id"]
    answer = await client.post(PATH, json=booking(tenant))
    assert refusal(answer) == ("/body/question_set_id", "This question set is archived. Choose another.")


async def test_a_colleague_of_another_organization_owns_no_call_of_ours(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    body = booking(tenant, owner_id=str(stranger.rep.user_id))
    assert refusal(await signed_in(client, tenant.rep).post(PATH, json=body))[0] == "/body/owner_id"


async def test_a_call_that_starts_now_takes_the_servers_clock(client: httpx.AsyncClient, tenant: Tenant) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    for starts_at in (long_ago, None):
        call = await booked(client, tenant, starts_now=True, starts_at=starts_at)
        assert abs(datetime.fromisoformat(call["starts_at"]) - datetime.now(UTC)) < timedelta(seconds=30)


async def test_a_form_that_lay_open_for_a_few_minutes_still_books(client: httpx.AsyncClient, tenant: Tenant) -> None:
    await booked(client, tenant, starts_at=(datetime.now(UTC) - timedelta(minutes=4)).isoformat())


async def test_the_same_form_sent_again_is_the_same_call(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = booking(tenant)
    first = await signed_in(client, tenant.rep).post(PATH, json=body, headers=key)
    again = await client.post(PATH, json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (await rows(owner, tenant, "calls"), await rows(owner, tenant, "emails")) == (1, 1)

    other = await client.post(PATH, json={**body, "title": "Another"}, headers=key)
    is_problem(other, 409, "key-used")
    assert await rows(owner, tenant, "calls") == 1
    assert (await signed_in(client, tenant.manager).post(PATH, json=body, headers=key)).status_code == 201, "not theirs"


async def test_the_same_form_is_known_again_when_its_start_has_passed(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = booking(tenant, starts_now=True, starts_at="2020-01-01T00:00:00Z")
    first = await signed_in(client, tenant.rep).post(PATH, json=body, headers=key)
    await owner.execute("UPDATE calls SET status = 'ended', ended_at = now() WHERE organization_id = $1",
                        tenant.organization_id)  # fmt: skip
    again = await client.post(PATH, json=body, headers=key)
    assert (again.status_code, again.json()["call_id"]) == (200, first.json()["call_id"])
    assert again.json()["status"] == "ended"


async def test_a_double_click_makes_one_call_and_one_mail(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.rep)
    key = {"Idempotency-Key": str(uuid4())}
    body = booking(tenant)
    answers = await asyncio.gather(*(client.post(PATH, json=body, headers=key) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["call_id"] for answer in answers}) == 1
    assert (await rows(owner, tenant, "calls"), await rows(owner, tenant, "emails")) == (1, 1)


async def test_a_refused_form_may_be_mended_and_sent_with_its_key(client: httpx.AsyncClient, tenant: Tenant) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    signed_in(client, tenant.rep)
    refused = await client.post(PATH, json=booking(tenant, time_zone="Nowhere"), headers=key)
    assert refused.status_code == 422
    assert (await client.post(PATH, json=booking(tenant), headers=key)).status_code == 201


async def test_a_key_that_is_no_uuid_is_refused(client: httpx.AsyncClient, tenant: Tenant) -> None:
    answer = await signed_in(client, tenant.rep).post(PATH, json=booking(tenant), headers={"Idempotency-Key": "again"})
    assert refusal(answer)[0] == "/header/idempotency-key"


async def test_whoever_has_an_address_is_written_to_unless_mail_is_off(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    invitees = [{"name": "Robin", "email": "robin@finch.example"}, {"name": "Sam"}]
    call = await booked(client, tenant, invitees=invitees)
    await booked(client, tenant, invitees=invitees, switches={"mail": False})
    (mail,) = await owner.fetch("SELECT * FROM emails WHERE organization_id = $1", tenant.organization_id)
    assert (str(mail["call_id"]), mail["kind"], mail["to_email"]) == (call["call_id"], "invite", "robin@finch.example")


async def test_a_new_lead_is_scheduled_by_its_first_call_and_one_that_came_further_stays(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    path = f"/api/v1/leads/{tenant.lead.lead_id}"
    signed_in(client, tenant.rep)
    for before, after in (("new", "scheduled"), ("qualified", "qualified"), ("customer", "customer")):
        assert (await client.patch(path, json={"status": before})).status_code == 200
        await booked(client, tenant)
        assert (await client.get(path)).json()["status"] == after


async def test_what_is_refused_last_undoes_all(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    """The lead is not there: the call is not there either, nor its invitees and mails."""
    answer = await signed_in(client, tenant.rep).post(PATH, json=booking(tenant, lead_id=str(uuid4())))
    assert refusal(answer) == ("/body/lead_id", "There is no such record, or it is not yours.")
    assert [await rows(owner, tenant, table) for table in ("calls", "invitees", "emails", "idempotency_keys")] == [
        0
    ] * 4


async def test_what_an_owner_has_at_that_time_is_said_before_booking(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)

    async def conflicts(begins: timedelta, minutes: int, **other: str) -> list[str]:
        params: dict[str, str | int] = {"starts_at": (start + begins).isoformat(), "duration_minutes": minutes, **other}
        answer = await client.get(f"{PATH}/conflicts", params=params)
        assert answer.status_code == 200, answer.text
        return [call["title"] for call in answer.json()["items"]]

    half_past = start + timedelta(minutes=30)
    await booked(client, tenant, title="First", starts_at=start.isoformat(), duration_minutes=30)
    await booked(client, tenant, title="Second", starts_at=half_past.isoformat(), duration_minutes=480)
    mine, theirs = str(tenant.rep.user_id), str(tenant.manager.user_id)
    body = booking(tenant, title="Theirs", starts_at=start.isoformat(), duration_minutes=30)
    assert (await signed_in(client, tenant.manager).post(PATH, json=body)).status_code == 201
    assert await conflicts(timedelta(), 30) == ["Theirs"]
    assert await conflicts(timedelta(), 30, owner_id=mine) == ["First"]
    signed_in(client, tenant.rep)
    minute = timedelta(minutes=1)
    assert await conflicts(timedelta(), 60) == ["First", "Second"]
    assert await conflicts(timedelta(), 30) == ["First"]
    assert await conflicts(-30 * minute, 30) == []
    assert await conflicts(-30 * minute, 31) == ["First"]
    assert await conflicts(29 * minute, 5) == ["First", "Second"]
    assert await conflicts(509 * minute, 5) == ["Second"]
    assert await conflicts(510 * minute, 5) == []
    assert await conflicts(timedelta(), 30, owner_id=theirs) == [], "a rep is told nothing of others"
    await owner.execute("UPDATE calls SET status = 'cancelled' WHERE title = 'First' AND organization_id = $1",
                        tenant.organization_id)  # fmt: skip
    assert await conflicts(timedelta(), 30) == []
    assert (await client.post(PATH, json=booking(tenant, starts_at=half_past.isoformat()))).status_code == 201


async def test_what_a_guest_has_at_that_time_is_said_too_and_not_of_calls_that_one_does_not_see(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    robin, sam = {"name": "Robin", "email": "Robin@Finch.example"}, {"name": "Sam", "email": "sam@finch.example"}
    call = await booked(client, tenant, title="Rep's", starts_at=start.isoformat(), invitees=[robin, sam])
    path = f"{PATH}/{call['call_id']}"
    body = booking(tenant, title="Manager's", starts_at=start.isoformat(), invitees=[sam])
    assert (await signed_in(client, tenant.manager).post(PATH, json=body)).status_code == 201

    async def conflicts(*addresses: str, **other: str) -> list[str]:
        params = {"starts_at": start.isoformat(), "duration_minutes": "5", "email": [*addresses], **other}
        answer = await client.get(f"{PATH}/conflicts", params=params)
        assert answer.status_code == 200, answer.text
        return sorted(call["title"] for call in answer.json()["items"])

    assert await conflicts() == ["Manager's"]
    assert await conflicts("robin@finch.EXAMPLE") == ["Manager's", "Rep's"]
    assert await conflicts("sam@finch.example", "no address yet") == ["Manager's", "Rep's"]
    assert await conflicts("sam@finch.example", moved=call["call_id"]) == ["Manager's"]
    owner_id = str(tenant.manager.user_id)
    signed_in(client, tenant.rep)
    assert await conflicts("sam@finch.example", owner_id=owner_id) == ["Rep's"], "a rep is told nothing of others"
    assert (await client.delete(f"{path}/invitees/{call['invitees'][1]['invitee_id']}")).status_code == 204
    assert await conflicts("sam@finch.example", owner_id=owner_id) == []
    assert await conflicts("robin@finch.example", owner_id=owner_id) == ["Rep's"]
    too_many = await client.get(
        f"{PATH}/conflicts",
        params={"starts_at": start.isoformat(), "duration_minutes": "5", "email": ["a@b.example"] * 11},
    )
    assert refusal(too_many)[0] == "/query/email"


@pytest.mark.parametrize(
    "starts_at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "today", "2026-11-21T10:00"]
)
async def test_a_question_about_an_impossible_time_is_refused(
    client: httpx.AsyncClient, tenant: Tenant, starts_at: str
) -> None:
    params: dict[str, str | int] = {"starts_at": starts_at, "duration_minutes": 30}
    answer = await signed_in(client, tenant.rep).get(f"{PATH}/conflicts", params=params)
    assert refusal(answer)[0] == "/query/starts_at"
