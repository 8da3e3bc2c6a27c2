"""What guests do with their call by the link they have: move it, give up, by text, no reminders."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from api import deps
from tests.api.conftest import ACCESS_COOKIE, Clock, app_of, booked, cookie_of, is_problem, link_of, signed_in
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEDNESDAY = "2026-11-25T10:00:00+00:00"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def monday(client: httpx.AsyncClient, clock: Clock) -> httpx.AsyncClient:
    """The application on a Monday in November; the clock of the test moves on when the test says so."""
    clock.now = MONDAY
    app_of(client).dependency_overrides[deps.now] = clock
    return client


async def planned(client: httpx.AsyncClient, tenant: Tenant, guests: int = 1, **other: Any) -> dict[str, Any]:
    """On Wednesday at ten, an hour long; nobody is signed in afterwards."""
    invitees = [{"name": f"Guest {number}", "email": f"guest{number}@finch.example"} for number in range(guests)]
    call = await booked(
        client, tenant, **{"starts_at": WEDNESDAY, "duration_minutes": 60, "invitees": invitees, **other}
    )
    client.cookies.clear()
    return call


async def management(client: httpx.AsyncClient, link: str) -> dict[str, Any]:
    answer = await client.post("/api/v1/joins/management", json={"link": link})
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def move(client: httpx.AsyncClient, link: str, starts_at: str, revision: int = 0) -> httpx.Response:
    return await client.post("/api/v1/joins/moves", json={"link": link, "starts_at": starts_at, "revision": revision})


async def mails(owner: Any, call: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Kind, to whom and revision of those that wait, without reminders."""
    rows = await owner.fetch(
        "SELECT kind, to_name, revision FROM emails WHERE call_id = $1 AND status = 'waiting' AND kind <> 'reminder' "
        "ORDER BY kind, to_name, revision",
        call["call_id"],
    )
    return [tuple(row) for row in rows]


async def deeds(owner: Any, call: dict[str, Any]) -> list[tuple[str, str, str]]:
    ids = [call["call_id"], *(guest["invitee_id"] for guest in call["invitees"])]
    rows = await owner.fetch(
        "SELECT action, actor_kind, actor_id::text FROM audit_entries "
        "WHERE subject_id = ANY ($1) AND actor_kind = 'guest' ORDER BY seq",
        ids,
    )
    return [tuple(row) for row in rows]


async def test_a_guest_sees_what_they_may_do_and_when_the_owner_is_free(
    monday: httpx.AsyncClient, tenant: Tenant
) -> None:
    other = await planned(monday, tenant, starts_at="2026-11-24T15:00:00+00:00")  # 10:00 in New York
    call = await planned(monday, tenant, time_zone="America/New_York")
    view = await management(monday, link_of(call))
    assert (view["may_move"], view["may_cancel"], view["prefers_text"], view["revision"]) == (True, True, False, 0)
    assert (view["call_id"], view["may_join"], view["why_not"]) == (call["call_id"], False, "early")
    free = [datetime.fromisoformat(start).astimezone(NEW_YORK) for start in view["free"]]
    assert len(free) == 60
    assert free == sorted(free)
    assert {start.date().isoformat() for start in free} == {
        *(f"2026-11-{day}" for day in (23, 24, 25, 26, 27, 30)), *(f"2026-12-0{day}" for day in (1, 2, 3, 4)),
    }  # fmt: skip
    taken = datetime.fromisoformat(other["starts_at"])
    assert not any(start < taken + timedelta(hours=1) and taken < start + timedelta(hours=1) for start in free)
    assert all(9 <= start.hour < 17 for start in free)


async def test_a_guest_who_is_alone_with_the_host_moves_the_call_and_both_are_told(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await planned(monday, tenant)
    link = link_of(call)
    chosen = (await management(monday, link))["free"][30]
    answer = await move(monday, link, chosen)
    assert answer.status_code == 200, answer.text
    assert answer.json()["starts_at"] == chosen
    view = await management(monday, link)
    assert (view["starts_at"], view["revision"]) == (chosen, 1)
    assert await mails(owner, call) == [("changed_by_guest", tenant.rep.name, 1), ("update", "Guest 0", 1)]
    assert await deeds(owner, call) == [("call_moved", "guest", call["invitees"][0]["invitee_id"])]
    again = await move(monday, link, chosen)
    assert again.status_code == 200
    assert len(await deeds(owner, call)) == 1


async def test_only_to_a_time_at_which_the_owner_is_free(monday: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await planned(monday, tenant)
    await planned(monday, tenant, starts_at="2026-11-24T10:00:00+00:00")
    for start in (
        "2026-11-24T10:30:00Z", "2026-11-24T08:30:00Z", "2026-11-24T16:30:00Z", "2026-11-28T10:00:00Z",
        "2026-11-24T12:10:00Z", "2026-11-23T08:30:00Z", "2027-01-11T10:00:00Z",
    ):  # fmt: skip
        refused = is_problem(await move(monday, link_of(call), start), 422, "malformed-request")
        assert refused["errors"][0]["pointer"] == "/body/starts_at", start
    assert (await move(monday, link_of(call), "2026-11-24T11:00:00Z")).status_code == 200


async def test_of_two_guests_who_choose_the_same_hour_of_one_owner_one_gets_it(
    monday: httpx.AsyncClient, tenant: Tenant
) -> None:
    links = [link_of(await planned(monday, tenant, title=f"Call {number}")) for number in range(6)]
    answers = await asyncio.gather(*(move(monday, link, "2026-11-26T14:00:00Z") for link in links))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422, 422, 422]


async def test_a_call_that_somebody_changed_meanwhile_is_looked_at_again_first(
    monday: httpx.AsyncClient, tenant: Tenant
) -> None:
    call = await planned(monday, tenant)
    changed = {"title": "Another", "revision": 0}
    answer = await signed_in(monday, tenant.rep).patch(f"/api/v1/calls/{call['call_id']}", json=changed)
    assert answer.status_code == 200, answer.text
    is_problem(await move(monday, link_of(call), "2026-11-24T11:00:00Z"), 409, "call-changed")
    assert (await move(monday, link_of(call), "2026-11-24T11:00:00Z", revision=1)).status_code == 200


async def test_one_of_several_and_one_who_is_late_may_not_move_the_call(
    monday: httpx.AsyncClient, tenant: Tenant, clock: Clock
) -> None:
    several, alone = await planned(monday, tenant, guests=2), await planned(monday, tenant)
    view = await management(monday, link_of(several))
    assert (view["may_move"], view["may_cancel"], view["free"]) == (False, True, [])
    is_problem(await move(monday, link_of(several), "2026-11-24T11:00:00Z"), 409, "guests-cannot-move")
    clock.now = datetime.fromisoformat(WEDNESDAY) - timedelta(hours=1)
    assert (await management(monday, link_of(alone)))["may_move"] is False
    is_problem(await move(monday, link_of(alone), "2026-11-26T11:00:00Z"), 409, "guests-cannot-move")


async def test_the_last_guest_cancels_the_call_in_their_own_words(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await planned(monday, tenant)
    body = {"link": link_of(call), "reason": "  We have found somebody else.  "}
    answer = await monday.post("/api/v1/joins/cancellations", json=body)
    assert answer.status_code == 204, answer.text
    found = (await signed_in(monday, tenant.rep).get(f"/api/v1/calls/{call['call_id']}")).json()
    assert (found["status"], found["cancel_reason"], found["revision"]) == (
        "cancelled", "We have found somebody else.", 1,
    )  # fmt: skip
    monday.cookies.clear()
    view = await management(monday, link_of(call))
    assert (view["status"], view["may_move"], view["may_cancel"], view["why_not"]) == (
        "cancelled", False, False, "cancelled",
    )  # fmt: skip
    assert ("changed_by_guest", tenant.rep.name, 1) in await mails(owner, call)
    assert await deeds(owner, call) == [("call_cancelled", "guest", call["invitees"][0]["invitee_id"])]
    is_problem(await monday.post("/api/v1/joins/cancellations", json=body), 410, "call-ended")


async def test_one_of_several_gives_up_their_own_place_and_the_others_stay(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await planned(monday, tenant, guests=3)
    answer = await monday.post("/api/v1/joins/cancellations", json={"link": link_of(call, 1)})
    assert answer.status_code == 204, answer.text
    found = (await signed_in(monday, tenant.rep).get(f"/api/v1/calls/{call['call_id']}")).json()
    assert (found["status"], [guest["name"] for guest in found["invitees"]]) == ("scheduled", ["Guest 0", "Guest 2"])
    monday.cookies.clear()
    is_problem(await monday.post("/api/v1/joins", json={"link": link_of(call, 1)}), 404, "link-unknown")
    assert (await management(monday, link_of(call, 2)))["may_cancel"] is True
    told = [mail for mail in await mails(owner, call) if mail[2] > 0]
    assert told == [("changed_by_guest", tenant.rep.name, 1)]
    assert await deeds(owner, call) == [("invitee_removed", "guest", call["invitees"][1]["invitee_id"])]


async def test_a_call_that_goes_on_is_left_and_not_cancelled(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await planned(monday, tenant)
    await owner.execute("UPDATE calls SET status = 'live' WHERE id = $1", call["call_id"])
    view = await management(monday, link_of(call))
    assert (view["may_move"], view["may_cancel"]) == (False, False)
    body = {"link": link_of(call)}
    is_problem(await monday.post("/api/v1/joins/cancellations", json=body), 409, "call-ended")
    is_problem(await move(monday, link_of(call), "2026-11-24T11:00:00Z"), 409, "call-ended")


async def test_whoever_prefers_text_says_so_and_may_think_again(monday: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await planned(monday, tenant)
    for prefers_text in (True, False):
        body = {"link": link_of(call), "prefers_text": prefers_text}
        assert (await monday.put("/api/v1/joins/preferences", json=body)).status_code == 204
        assert (await management(monday, link_of(call)))["prefers_text"] is prefers_text
        view = (await monday.post("/api/v1/joins", json={"link": link_of(call)})).json()
        assert view["prefers_text"] is prefers_text


async def test_one_click_in_a_mail_program_ends_reminders_to_this_address_and_nothing_else(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    guests = [{"name": "Robin", "email": "Robin@Finch.example"}, {"name": "Sam"}]
    call = await planned(monday, tenant, invitees=guests)

    async def click(number: int) -> int:
        """As a mail program does: RFC 8058 §3.2, from its maker's machines, without cookies."""
        answer = await monday.post(
            f"/api/v1/joins/unsubscriptions?link={link_of(call, number)}",
            content="List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        return answer.status_code

    assert [await click(0), await click(0), await click(1)] == [200, 200, 200]
    await owner.execute("UPDATE invitees SET removed_at = now(), link_revision = 2 WHERE call_id = $1", call["call_id"])
    assert await click(0) == 200
    rows = await owner.fetch(
        "SELECT address, scope, reason FROM suppressed_addresses WHERE organization_id = $1", tenant.organization_id
    )
    assert [tuple(row) for row in rows] == [("robin@finch.example", "reminders", "asked")]


async def test_a_mail_program_that_opens_the_address_shows_a_page_whose_button_ends_reminders(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    address = f"/api/v1/joins/unsubscriptions?link={link_of(await planned(monday, tenant))}"
    asked = await monday.get(address)
    assert asked.status_code == 200
    assert '<form method="post"><button>' in asked.text, "it is sent to where it was opened"
    assert "form-action 'self'" in asked.headers["content-security-policy"]
    suppressed = "SELECT count(*) FROM suppressed_addresses WHERE organization_id = $1"
    assert await owner.fetchval(suppressed, tenant.organization_id) == 0
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    sent = await monday.post(address, content="", headers=form)
    assert sent.status_code == 200
    assert "<h1>No reminders any more</h1>" in sent.text
    assert "<form" not in sent.text
    assert await owner.fetchval(suppressed, tenant.organization_id) == 1


async def test_a_link_that_only_looks_like_ours_changes_nothing(monday: httpx.AsyncClient, tenant: Tenant) -> None:
    await planned(monday, tenant)
    for link in ("x" * 67, "nonsense"):
        for path, more in (
            ("moves", {"starts_at": WEDNESDAY, "revision": 0}), ("cancellations", {}), ("management", {}),
            ("places/departures", {}),
        ):  # fmt: skip
            is_problem(await monday.post(f"/api/v1/joins/{path}", json={"link": link, **more}), 404, "link-unknown")
        is_problem(await monday.post(f"/api/v1/joins/unsubscriptions?link={link}"), 404, "link-unknown")


async def test_what_an_owner_of_another_organization_has_takes_no_time_away(
    monday: httpx.AsyncClient, tenant: Tenant, pool: Any
) -> None:
    other = await add_tenant(pool)
    await planned(monday, other, starts_at="2026-11-24T11:00:00+00:00")
    call = await planned(monday, tenant)
    assert (await move(monday, link_of(call), "2026-11-24T11:00:00Z")).status_code == 200


async def test_programs_that_open_every_link_change_nothing(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """Source: reliability, fault 50: mail servers and messengers look at what a link leads to, some many times."""
    link = link_of(await planned(monday, tenant))
    guests_do = [path for path in (await monday.get("/api/v1/openapi.json")).json()["paths"] if "/joins" in path]
    assert len(guests_do) >= 10
    addresses = ["/join", "/manage", *guests_do]
    before = await rows_of(owner, tenant)
    for method in ("GET", "HEAD", "OPTIONS"):
        opened = [f"{address}?link={link}" for address in addresses] * 10
        answers = await asyncio.gather(*(monday.request(method, address) for address in opened))
        assert {answer.status_code for answer in answers} <= {200, 405}
        assert all(
            answer.status_code == 405
            for answer in answers
            if "/joins" in answer.url.path and "unsubscriptions" not in answer.url.path
        )
    assert await rows_of(owner, tenant) == before
    await monday.post(f"/api/v1/joins/unsubscriptions?link={link}")
    assert await rows_of(owner, tenant) != before


async def rows_of(owner: Any, tenant: Tenant) -> dict[str, str]:
    """What stands in each table of the organization."""
    tables = await owner.fetch(
        "SELECT table_name FROM information_schema.columns JOIN pg_tables ON tablename = table_name "
        "WHERE column_name = 'organization_id' AND table_schema = 'public' AND schemaname = 'public'"
    )
    return {
        name: await owner.fetchval(
            f"SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM {name} t WHERE organization_id = $1",
            tenant.organization_id,
        )
        for (name,) in tables
    }


async def cancel(client: httpx.AsyncClient, tenant: Tenant, call: dict[str, Any]) -> httpx.Response:
    """By its owner, who has seen it as it was booked."""
    return await client.put(
        f"/api/v1/calls/{call['call_id']}/cancellation",
        json={"revision": 0, "reason": "Rain"},
        headers={"Cookie": f"{ACCESS_COOKIE}={cookie_of(tenant.rep)}"},
    )


async def test_of_a_move_by_the_guest_and_a_cancellation_by_the_host_at_one_instant_one_counts(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """And the other is told why not."""
    for number in range(8):
        call = await planned(monday, tenant, duration_minutes=30)
        at = f"2026-11-{26 + number // 7}T{9 + number % 7:02}:30:00Z"
        both = [move(monday, link_of(call), at), cancel(monday, tenant, call)]
        if number % 2:
            both.reverse()
        moved, cancelled = sorted(await asyncio.gather(*both), key=lambda answer: answer.request.method)
        row = await owner.fetchrow("SELECT status, revision FROM calls WHERE id = $1", call["call_id"])
        if moved.status_code == 200:
            is_problem(cancelled, 409, "call-changed")
            assert tuple(row) == ("scheduled", 1)
            assert await mails(owner, call) == [("changed_by_guest", tenant.rep.name, 1), ("update", "Guest 0", 1)]
        else:
            is_problem(moved, 410, "call-ended")
            assert cancelled.status_code == 200, cancelled.text
            assert tuple(row) == ("cancelled", 1)
            assert not [mail for mail in await mails(owner, call) if mail[0] in ("update", "changed_by_guest")]


async def test_of_a_move_by_the_guest_and_one_by_the_host_at_one_instant_one_counts(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    for number in range(6):
        call = await planned(monday, tenant, duration_minutes=30)
        by_guest, by_host = f"2026-11-26T{9 + number:02}:00:00+00:00", f"2026-11-27T{9 + number:02}:00:00+00:00"
        changing = monday.patch(
            f"/api/v1/calls/{call['call_id']}",
            json={"revision": 0, "starts_at": by_host},
            headers={"Cookie": f"{ACCESS_COOKIE}={cookie_of(tenant.rep)}"},
        )
        both = [move(monday, link_of(call), by_guest), changing]
        if number % 2:
            both.reverse()
        answers = await asyncio.gather(*both)
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        for answer in answers:
            if answer.status_code == 200:
                said = datetime.fromisoformat(answer.json()["starts_at"])
            else:
                is_problem(answer, 409, "call-changed")
        row = await owner.fetchrow("SELECT starts_at, revision FROM calls WHERE id = $1", call["call_id"])
        assert tuple(row) == (said, 1)


async def test_of_two_moves_by_one_link_at_one_instant_one_counts_and_the_other_is_told_why(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """Two people in front of two programs, with the mail of one of them."""
    call = await planned(monday, tenant)
    starts = [f"2026-11-26T{hour:02}:00:00+00:00" for hour in range(9, 15)]
    answers = await asyncio.gather(*(move(monday, link_of(call), start) for start in starts))
    counted = [start for start, answer in zip(starts, answers, strict=True) if answer.status_code == 200]
    assert len(counted) == 1
    for answer in answers:
        if answer.status_code != 200:
            is_problem(answer, 409, "call-changed")
    view = await management(monday, link_of(call))
    assert (datetime.fromisoformat(view["starts_at"]), view["revision"]) == (datetime.fromisoformat(counted[0]), 1)
    assert await mails(owner, call) == [("changed_by_guest", tenant.rep.name, 1), ("update", "Guest 0", 1)]


async def test_when_all_guests_give_up_at_one_instant_the_last_one_cancels_the_call(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await planned(monday, tenant, guests=3)
    answers = await asyncio.gather(
        *(monday.post("/api/v1/joins/cancellations", json={"link": link_of(call, number)}) for number in range(3))
    )
    assert [answer.status_code for answer in answers] == [204] * 3
    assert await owner.fetchval("SELECT status FROM calls WHERE id = $1", call["call_id"]) == "cancelled"
    by_guests = sorted(action for action, _, _ in await deeds(owner, call))
    assert by_guests == ["call_cancelled", "invitee_removed", "invitee_removed"]


@pytest.mark.parametrize(
    ("status", "why_not"), [("ended", "ended"), ("no_show", "expired"), ("cancelled", "cancelled")]
)
async def test_of_a_call_that_is_over_a_guest_is_told_so_and_can_change_nothing(
    monday: httpx.AsyncClient, tenant: Tenant, owner: Any, status: str, why_not: str
) -> None:
    call = await planned(monday, tenant)
    await owner.execute("UPDATE calls SET status = $2 WHERE id = $1", call["call_id"], status)
    link = link_of(call)
    view = await management(monday, link)
    assert (view["why_not"], view["may_join"], view["may_move"], view["may_cancel"], view["free"]) == (
        why_not, False, False, False, [],
    )  # fmt: skip
    assert (view["title"], view["owner_name"], view["starts_at"]) == (call["title"], tenant.rep.name, call["starts_at"])
    before = await rows_of(owner, tenant)
    assert is_problem(await move(monday, link, "2026-11-24T11:00:00Z"), 410, "call-ended")["reason"] == why_not
    gives_up = await monday.post("/api/v1/joins/cancellations", json={"link": link})
    assert is_problem(gives_up, 410, "call-ended")["reason"] == why_not
    assert await rows_of(owner, tenant) == before


async def test_an_hour_after_a_call_that_nobody_began_its_guest_is_told_that_it_has_passed(
    monday: httpx.AsyncClient, tenant: Tenant, clock: Clock
) -> None:
    call = await planned(monday, tenant)
    clock.now = datetime.fromisoformat(WEDNESDAY) + timedelta(days=1)
    view = await management(monday, link_of(call))
    assert (view["why_not"], view["may_move"], view["may_cancel"]) == ("expired", False, False)
