"""Calls from a table of guests: each line is booked or has its problem, and the same table books nothing twice."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from api.call_lines import start_of
from api.csv_lines import MOST_LINES, csv_lines
from domain.errors import InvalidInput
from tests.api.conftest import booked, booking, is_problem, signed_in
from tests.sample import Tenant

pytestmark = pytest.mark.db

PATH = "/api/v1/call-imports"
FIRST = (datetime.now(UTC) + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)


def table(tenant: Tenant, csv: str, **other: Any) -> dict[str, Any]:
    return {
        "csv": csv, "kind": "discovery", "title": "Discovery", "duration_minutes": 30, "gap_minutes": 45,
        "question_set_id": str(tenant.question_set.question_set_id), "time_zone": "Europe/Berlin",
        "first_starts_at": FIRST.isoformat(), **other,
    }  # fmt: skip


async def imported(client: httpx.AsyncClient, body: dict[str, Any], key: str = "", **params: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json=body, params=params, headers={"Idempotency-Key": key} if key else {})
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def rows(owner: Any, tenant: Tenant, of: str) -> int:
    found = await owner.fetchval(f"SELECT count(*) FROM {of} WHERE organization_id = $1", tenant.organization_id)
    assert isinstance(found, int)
    return found


def refusal(answer: httpx.Response) -> tuple[str, str]:
    (error,) = is_problem(answer, 422, "malformed-request")["errors"]
    return error["pointer"], error["detail"]


MIXED = """name;Email;company;time_zone;starts_at
Robin Finch;robin@finch.example;"Finch; Sons";America/New_York;
;nobody@finch.example;;;
Kim Reed;kim@reed;;;
Dana Cole;ROBIN@finch.example;;;

Lee Ward;lee@ward.example;;Mars/Olympus;
Sam Hill;;;;2031-04-30 02:30
Ann Moss;ann@moss.example;;;2020-01-01T10:00:00Z
Bo Dale;;;Asia/Tokyo;
"""


async def test_each_line_is_a_call_and_a_lead_or_has_its_problem(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.rep)
    leads = await rows(owner, tenant, "leads")
    report = await imported(client, table(tenant, MIXED))
    assert [(line["line"], line["result"]) for line in report["lines"]] == [
        (2, "booked"), (3, "problem"), (4, "problem"), (5, "problem"), (7, "problem"), (8, "problem"), (9, "problem"),
        (10, "booked"),
    ]  # fmt: skip
    assert (report["booked"], report["problems"]) == (2, 6)
    assert [line["problem"] for line in report["lines"][1:-1]] == [
        "name: This is missing.",
        "email: This is not an e-mail address.",
        "Somebody above has this address already.",
        "time_zone: This is not a time zone that we know.",
        "starts_at: The start lies more than two years ahead.",
        "starts_at: The start lies in the past.",
    ]
    first, last = [
        (await client.get(f"/api/v1/calls/{line['call_id']}")).json()
        for line in (report["lines"][0], report["lines"][-1])
    ]
    assert datetime.fromisoformat(first["starts_at"]) == FIRST
    assert first["time_zone"] == "Europe/Berlin"
    assert (first["invitees"][0]["email"], first["invitees"][0]["time_zone"]) == (
        "robin@finch.example", "America/New_York",
    )  # fmt: skip
    assert (first["lead"]["name"], first["lead"]["company"]) == ("Robin Finch", "Finch; Sons")
    assert datetime.fromisoformat(last["starts_at"]) == FIRST + 5 * timedelta(minutes=45), "each line has its slot"
    assert await rows(owner, tenant, "calls") == 2
    assert await rows(owner, tenant, "leads") == leads + 2
    assert await owner.fetchval("SELECT count(*) FROM emails WHERE kind = 'invite' AND organization_id = $1",
                                tenant.organization_id) == 1  # fmt: skip


async def test_who_is_a_lead_already_becomes_no_second_one(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.rep)
    path = f"/api/v1/leads/{tenant.lead.lead_id}"
    assert (await client.patch(path, json={"email": "robin@finch.example", "status": "qualified"})).status_code == 200
    leads = await rows(owner, tenant, "leads")
    report = await imported(client, table(tenant, "name,email\nR. Finch,Robin@Finch.example"))
    call = (await client.get(f"/api/v1/calls/{report['lines'][0]['call_id']}")).json()
    assert call["lead"]["lead_id"] == str(tenant.lead.lead_id)
    assert await rows(owner, tenant, "leads") == leads
    assert (await client.get(path)).json()["status"] == "qualified"


async def test_checking_says_the_same_and_books_nothing(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    signed_in(client, tenant.rep)
    checked = await imported(client, table(tenant, MIXED), check=True)
    assert (await rows(owner, tenant, "calls"), checked["booked"], checked["problems"]) == (0, 0, 6)
    booked = await imported(client, table(tenant, MIXED))
    assert [(line["line"], line["problem"]) for line in checked["lines"]] == [
        (line["line"], line["problem"]) for line in booked["lines"]
    ]
    assert {line["result"] for line in checked["lines"]} == {"checked", "problem"}


async def test_the_same_table_again_books_nothing_twice(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    signed_in(client, tenant.rep)
    key, body = str(uuid4()), table(tenant, MIXED)
    reports = await asyncio.gather(*(imported(client, body, key) for _ in range(4)))
    assert all(report == reports[0] for report in reports)
    assert (await rows(owner, tenant, "calls"), reports[0]["booked"]) == (2, 2)
    other = await client.post(PATH, json={**body, "title": "Other"}, headers={"Idempotency-Key": key})
    is_problem(other, 409, "key-used")
    assert await rows(owner, tenant, "calls") == 2


async def test_a_line_is_warned_of_what_its_owner_its_guest_or_a_line_above_has_then(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    third = FIRST + timedelta(minutes=90)
    await booked(client, tenant, title="Lunch", starts_at=third.isoformat(), invitees=[{"name": "Sam"}])
    ann = [{"name": "Ann", "email": "ann@moss.example"}]
    body = booking(tenant, title="Demo", starts_at=FIRST.isoformat(), invitees=ann, duration_minutes=15)
    assert (await signed_in(client, tenant.manager).post("/api/v1/calls", json=body)).status_code == 201
    owner_id = str(tenant.rep.user_id)
    csv = f"name,email,starts_at\nAnn,Ann@moss.example,\nBo,,\nCy,,\nDee,,{FIRST.isoformat()}\nNo,nowhere,\n"
    for check in (True, False):
        report = await imported(client, table(tenant, csv, owner_id=owner_id), check=check)
        assert [line["warning"] for line in report["lines"]] == [
            "This guest has “Demo” at that time.", None, f"{tenant.rep.name} has “Lunch” at that time.",
            "Line 2 is at that time too.", None,
        ]  # fmt: skip
    assert (report["booked"], report["problems"]) == (4, 1)


async def test_a_table_that_was_broken_off_goes_on_where_it_was(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """Its last call and the key of that were never written."""
    signed_in(client, tenant.rep)
    key, body = str(uuid4()), table(tenant, "name\nRobin\nKim\nLee")
    first = await imported(client, body, key)
    await owner.execute("DELETE FROM calls WHERE id = $1", first["lines"][2]["call_id"])
    again = await imported(client, body, key)
    assert [line["call_id"] for line in again["lines"][:2]] == [line["call_id"] for line in first["lines"][:2]]
    assert again["lines"][2]["result"] == "booked"
    assert await rows(owner, tenant, "calls") == 3


async def test_what_was_booked_is_found_again_when_its_start_has_passed(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(client, tenant.rep)
    key, body = str(uuid4()), table(tenant, "name\nRobin")
    first = await imported(client, body, key)
    monkeypatch.setattr("api.booking.LATEST_START", timedelta(0))  # from now on every start is refused
    assert await imported(client, body, key) == first


@pytest.mark.parametrize(
    ("bad", "good", "is_refused"), [(3, 2, True), (3, 3, False), (2, 2, False), (4, 0, False), (11, 300, True)]
)
async def test_a_table_whose_addresses_are_mostly_none_is_refused_as_a_whole(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, bad: int, good: int, is_refused: bool
) -> None:
    signed_in(client, tenant.rep)
    lines = [f"Bad {n},none at all {n}" for n in range(bad)] + [f"Good {n},g{n}@finch.example" for n in range(good)]
    csv = "\n".join(["name,email", *lines])
    if is_refused:
        pointer, detail = refusal(await client.post(PATH, json=table(tenant, csv)))
        assert (pointer, "addresses" in detail) == ("/body/csv", True)
        assert await rows(owner, tenant, "calls") == 0
    else:
        report = await imported(client, table(tenant, csv), check=True)
        assert report["problems"] == bad


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"question_set_id": None}, "/body/question_set_id"), ({"question_set_id": str(uuid4())}, "/body/question_set_id"),
     ({"owner_id": str(uuid4())}, "/body/owner_id"), ({"switches": {"transcript": False}}, "/body/switches"),
     ({"time_zone": "Nowhere"}, "/body/time_zone"), ({"gap_minutes": -1}, "/body/gap_minutes"),
     ({"first_starts_at": "tomorrow"}, "/body/first_starts_at"),
     ({"first_starts_at": "9999-12-31T23:59:00Z"}, "/body/first_starts_at")],
)  # fmt: skip
async def test_what_is_wrong_with_every_line_is_said_once(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, change: dict[str, Any], pointer: str
) -> None:
    signed_in(client, tenant.rep)
    assert refusal(await client.post(PATH, json=table(tenant, "name\nRobin\nKim", **change)))[0] == pointer
    assert await rows(owner, tenant, "calls") == 0


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [("2027-10-31T02:30:00+02:00", "Europe/Berlin", "2027-10-31T00:30:00+00:00"),
     ("2027-10-31T02:30:00+01:00", "Europe/Berlin", "2027-10-31T01:30:00+00:00"),
     ("2027-06-01 09:00", "Europe/Berlin", "2027-06-01T07:00:00+00:00"),
     ("2027-06-01T09:00", "America/St_Johns", "2027-06-01T11:30:00+00:00")],
)  # fmt: skip
def test_a_start_is_what_clocks_of_its_zone_show(written: str, zone: str, expected: str) -> None:
    assert start_of(written, ZoneInfo(zone)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("written", "why"),
    [("2027-03-28 02:30", "put forward"), ("2027-10-31 02:30", "twice"), ("2027-06-01", "Write the start"),
     ("1 June", "Write the start"), ("0001-01-01 00:00", "Write the start"), ("9999-12-31T23:59-01:00", "Write the")],
)  # fmt: skip
def test_a_start_that_is_none_says_why(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        start_of(written, ZoneInfo("Europe/Berlin"))


async def test_a_start_in_a_table_is_one_of_the_guests_zone(client: httpx.AsyncClient, tenant: Tenant) -> None:
    day = (FIRST + timedelta(days=30)).date()
    signed_in(client, tenant.rep)
    report = await imported(
        client, table(tenant, f"name,time_zone,starts_at\nKim,Asia/Kathmandu,{day} 09:00\nLee,,{day} 09:00")
    )
    starts = [(await client.get(f"/api/v1/calls/{line['call_id']}")).json()["starts_at"] for line in report["lines"]]
    nine = datetime.combine(day, time(9))
    assert [datetime.fromisoformat(start) for start in starts] == [
        nine.replace(tzinfo=ZoneInfo("Asia/Kathmandu")), nine.replace(tzinfo=ZoneInfo("Europe/Berlin")),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_read_as_spreadsheets_of_all_countries_write_them(separator: str, mark: str, end: str) -> None:
    rows = [["Email", " NAME "], ["a@b.example", 'He said ""Hi""'], ["", "x"], ["", ""]]
    text = mark + end.join(separator.join(f'"{cell}"' if cell else "" for cell in row) for row in rows) + end
    assert csv_lines(text, ("name", "email"), needed="name") == [
        (2, {"email": "a@b.example", "name": 'He said "Hi"'}), (3, {"email": "", "name": "x"}),
    ]  # fmt: skip


def test_words_with_a_comma_that_was_not_quoted_are_noticed() -> None:
    assert csv_lines("name,company\nKim,Reed, Inc\nLee,Ward,,", ("name", "company"), needed="name") == [
        (2, None), (3, {"name": "Lee", "company": "Ward"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "\n", "name", "name\n\n", "email\na@b.example", "name,name\na,b", "name,phone\na,1", 'name\n"never closed',
     "name\n" + "x\n" * (MOST_LINES + 1), "name\n" + "x" * 200_000],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_table_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        csv_lines(text, ("name", "email"), needed="name")
    assert refused.value.pointer == "/body/csv"
