"""Moving, changing, cancelling and copying a call: what is refused and why, who is written to, and what stays."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from db.pool import Pool
from parley.plan import LiveKitAccess
from tests.api.conftest import booked, booking, is_problem, link_of, signed_in
from tests.sample import Tenant, add_tenant
from tests.simulated_people import People

pytestmark = pytest.mark.room

DAY = timedelta(days=1)


def ahead(**delta: float) -> str:
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(**delta)).isoformat()


def same(instant: str, other: str) -> bool:
    return datetime.fromisoformat(instant) == datetime.fromisoformat(other)


def path_of(call: dict[str, Any], part: str = "") -> str:
    return f"/api/v1/calls/{call['call_id']}{part}"


async def changed(client: httpx.AsyncClient, call: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await client.patch(path_of(call), json={"revision": call["revision"], **fields})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def mails(owner: Any, call: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Kind, revision and status of those to guests, reminders left out."""
    rows = await owner.fetch(
        "SELECT kind, revision, status FROM emails WHERE call_id = $1 AND invitee_id IS NOT NULL "
        "AND kind <> 'reminder' ORDER BY revision, created_at",
        call["call_id"],
    )
    return [tuple(row) for row in rows]


async def reminders(owner: Any, call: dict[str, Any]) -> list[datetime]:
    """When those that are still to be sent are due, to guests."""
    rows = await owner.fetch(
        "SELECT due_at FROM emails WHERE call_id = $1 AND invitee_id IS NOT NULL AND kind = 'reminder' "
        "AND status = 'waiting' ORDER BY due_at",
        call["call_id"],
    )
    return [row["due_at"] for row in rows]


async def deeds(owner: Any, tenant: Tenant) -> list[str]:
    rows = await owner.fetch(
        "SELECT action FROM audit_entries WHERE organization_id = $1 ORDER BY seq", tenant.organization_id
    )
    return [row["action"] for row in rows]


async def test_a_call_is_moved_and_every_link_stays_good(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    await owner.execute("UPDATE emails SET status = 'sent' WHERE call_id = $1 AND kind = 'invite'", call["call_id"])
    to = ahead(days=3)
    moved = await changed(client, call, starts_at=to)
    assert same(moved["starts_at"], to)
    assert moved["revision"] == call["revision"] + 1
    assert [one["join_link"] for one in moved["invitees"]] == [one["join_link"] for one in call["invitees"]]
    seen = (await client.post("/api/v1/joins", json={"link": link_of(call)})).json()
    assert same(seen["starts_at"], to)
    assert await mails(owner, call) == [("invite", 0, "sent"), ("update", 1, "waiting")]
    start = datetime.fromisoformat(to)
    assert await reminders(owner, call) == [start - DAY, start - timedelta(minutes=15)], "only of the new time"
    assert await deeds(owner, tenant) == ["call_booked", "call_moved"]


async def test_three_moves_while_no_mail_goes_out_leave_one_mail(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    for days in (3, 4, 5):
        call = await changed(client, call, starts_at=ahead(days=days))
    assert call["revision"] == 3
    waiting = [mail for mail in await mails(owner, call) if mail[2] == "waiting"]
    assert [revision for _, revision, _ in waiting] == [3]
    assert len(await reminders(owner, call)) == 2


async def test_everything_that_can_be_changed_is_read_back(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    signed_in(client, tenant.manager)
    after = await changed(
        client, call, title="  Second talk ", time_zone="Asia/Kathmandu", duration_minutes=45,
        owner_id=str(tenant.manager.user_id), most_participants=4, switches={"recording": False},
    )  # fmt: skip
    assert (after["title"], after["time_zone"], after["duration_minutes"]) == ("Second talk", "Asia/Kathmandu", 45)
    assert after["owner"] == {"user_id": str(tenant.manager.user_id), "name": tenant.manager.name}
    assert after["most_participants"] == 4
    assert after["switches"] == {**call["switches"], "recording": False}, "those that were not named stay"
    assert after["starts_at"] == call["starts_at"]
    assert (await client.get(path_of(call))).json() == after
    is_problem(await signed_in(client, tenant.rep).get(path_of(call)), 404, "not-found")


@pytest.mark.parametrize(
    ("fields", "rises"),
    [({"title": "Other"}, True), ({"duration_minutes": 45}, True), ({"starts_at": ahead(days=4)}, True),
     ({"switches": {"sentiment": False}}, False), ({"most_participants": 3}, False),
     ({"time_zone": "Asia/Tokyo"}, False)],
)  # fmt: skip
async def test_guests_are_written_to_about_what_concerns_them(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, fields: dict[str, Any], rises: bool
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    await owner.execute("UPDATE emails SET status = 'sent' WHERE call_id = $1 AND kind = 'invite'", call["call_id"])
    after = await changed(client, call, **fields)
    assert after["revision"] - call["revision"] == rises
    assert [kind for kind, *_ in await mails(owner, call)] == ["invite", "update"] if rises else ["invite"]
    assert (await deeds(owner, tenant))[1:] == ["call_moved" if "starts_at" in fields else "call_changed"]


async def test_whoever_saw_an_older_call_changes_nothing(client: httpx.AsyncClient, tenant: Tenant, owner: Any) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    await changed(client, call, title="Other")
    for method, part, body in (
        ("PATCH", "", {"title": "Mine"}), ("PUT", "/cancellation", {"reason": "Mine"}),
    ):  # fmt: skip
        stale = await client.request(method, path_of(call, part), json={**body, "revision": call["revision"]})
        is_problem(stale, 409, "call-changed")
    found = (await client.get(path_of(call))).json()
    assert (found["title"], found["status"], found["revision"]) == ("Other", "scheduled", 1)
    assert await deeds(owner, tenant) == ["call_booked", "call_changed"]


async def test_asking_again_for_what_is_so_already_changes_nothing(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """The answer to a change was lost, and it is sent again as it was."""
    call = await booked(client, tenant, starts_at=ahead(days=2))
    first = await changed(client, call, title="Other")
    assert await changed(client, call, title="Other") == first
    assert await deeds(owner, tenant) == ["call_booked", "call_changed"]


async def test_of_many_changes_at_once_each_is_written_or_refused_and_none_is_lost(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    answers = await asyncio.gather(
        *(client.patch(path_of(call), json={"revision": 0, "title": f"Title {n}"}) for n in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    (taken,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await client.get(path_of(call))).json() == taken
    assert taken["revision"] == 1


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"starts_at": ahead(days=-1)}, "/body/starts_at"), ({"starts_at": ahead(days=800)}, "/body/starts_at"),
     ({"title": " "}, "/body/title"), ({"duration_minutes": 4}, "/body/duration_minutes"),
     ({"most_participants": 1}, "/body/most_participants"), ({"most_participants": 11}, "/body/most_participants"),
     ({"owner_id": str(uuid4())}, "/body/owner_id"), ({"question_set_id": str(uuid4())}, "/body/question_set_id"),
     ({"question_set_id": None}, "/body/question_set_id"), ({"switches": {"transcript": False}}, "/body/switches"),
     ({"revision": -1}, "/body/revision"), ({"revision": 2**31}, "/body/revision"), ({"kind": "assisted"}, "/body")],
)  # fmt: skip
async def test_a_change_that_cannot_be_says_where_and_changes_nothing(
    client: httpx.AsyncClient, tenant: Tenant, fields: dict[str, Any], pointer: str
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    answer = await client.patch(path_of(call), json={"revision": 0, **fields})
    assert [error["pointer"] for error in is_problem(answer, 422, "malformed-request")["errors"]] == [pointer]
    assert (await client.get(path_of(call))).json() == call


async def test_a_call_whose_time_has_come_and_gone_is_still_renamed_and_moved(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    """What is not asked for is not held against the rules: its start lies in the past."""
    call = await booked(client, tenant)
    await owner.execute("UPDATE calls SET starts_at = now() - interval '2 hours' WHERE id = $1", call["call_id"])
    renamed = await changed(client, call, title="Other")
    moved = await changed(client, renamed, starts_at=ahead(days=1))
    assert moved["revision"] == 2


@pytest.mark.parametrize("status", ["live", "ended", "cancelled", "no_show"])
async def test_a_call_that_has_begun_or_is_over_is_neither_changed_nor_cancelled(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, status: str
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    await owner.execute("UPDATE calls SET status = $2 WHERE id = $1", call["call_id"], status)
    refused = await client.patch(path_of(call), json={"revision": 0, "title": "Other"})
    assert is_problem(refused, 409, "call-ended")["reason"] == status
    if status != "cancelled":
        refused = await client.put(path_of(call, "/cancellation"), json={"revision": 0})
        assert is_problem(refused, 409, "call-ended")["reason"] == status


async def test_a_cancelled_call_says_why_and_stays_cancelled(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    await owner.execute("UPDATE emails SET status = 'sent' WHERE call_id = $1 AND kind = 'invite'", call["call_id"])
    body = {"reason": " Robin is ill. ", "revision": 0}
    answers = [await client.put(path_of(call, "/cancellation"), json=body) for _ in range(2)]
    first, second = (answer.json() for answer in answers)
    assert first == second
    assert (first["status"], first["cancel_reason"], first["revision"]) == ("cancelled", "Robin is ill.", 1)
    assert first["cancelled_at"] is not None
    assert await mails(owner, call) == [("invite", 0, "sent"), ("cancel", 1, "waiting")]
    assert await reminders(owner, call) == []
    assert await deeds(owner, tenant) == ["call_booked", "call_cancelled"]
    opened = (await client.post("/api/v1/joins", json={"link": link_of(call)})).json()
    assert (opened["may_join"], opened["why_not"]) == (False, "cancelled")


async def test_who_was_never_invited_by_mail_gets_no_cancellation(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    assert (await client.put(path_of(call, "/cancellation"), json={"revision": 0})).status_code == 200
    sendable = [mail for mail in await mails(owner, call) if mail[2] == "waiting"]
    assert [kind for kind, *_ in sendable if kind == "cancel"] == []


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", 5])
async def test_a_reason_that_cannot_be_kept_is_refused(client: httpx.AsyncClient, tenant: Tenant, reason: Any) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    answer = await client.put(path_of(call, "/cancellation"), json={"revision": 0, "reason": reason})
    is_problem(answer, 422, "malformed-request")
    assert (await client.get(path_of(call))).json()["status"] == "scheduled"


async def test_a_prepared_call_that_is_moved_is_prepared_anew(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    call = await booked(client, tenant)
    await owner.execute(
        "UPDATE calls SET status = 'prepared', prepared_at = now(), wanted_at = now(), agent_missing_at = now() "
        "WHERE id = $1",
        call["call_id"],
    )
    kept = await changed(client, call, title="Other")
    assert (kept["status"], kept["agent_missing_at"] is None) == ("prepared", False)
    moved = await changed(client, kept, starts_at=ahead(days=1))
    assert (moved["status"], moved["agent_missing_at"]) == ("scheduled", None)
    row = await owner.fetchrow("SELECT prepared_at, wanted_at FROM calls WHERE id = $1", call["call_id"])
    assert tuple(row) == (None, None)


@pytest.mark.parametrize("does", ["moves", "cancels"])
async def test_whoever_came_early_to_a_call_that_is_put_off_is_sent_out(
    room_client: httpx.AsyncClient, tenant: Tenant, people: People, livekit: LiveKitAccess, does: str
) -> None:
    call = await booked(room_client, tenant)
    room = await people.enter_as(livekit, f"call-{call['call_id']}", "rep-1")
    gone: list[object] = []
    room.on("disconnected", gone.append)
    if does == "moves":
        await changed(room_client, call, starts_at=ahead(days=1))
    else:
        assert (await room_client.put(path_of(call, "/cancellation"), json={"revision": 0})).status_code == 200
    await people.until(lambda: bool(gone), "everybody is sent out")


async def test_a_copy_has_the_same_guests_with_links_of_their_own(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    invitees = [{"name": "Robin Finch", "email": "robin@finch.example", "time_zone": "Europe/Berlin"}, {"name": "Sam"}]
    call = await booked(
        client, tenant, starts_at=ahead(days=2), invitees=invitees, most_participants=5, time_zone="Asia/Tokyo",
        switches={"recording": False},
    )  # fmt: skip
    to, key = ahead(days=9), {"Idempotency-Key": str(uuid4())}
    answers = [await client.post(path_of(call, "/copies"), json={"starts_at": to}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    copy = answers[0].json()
    assert answers[1].json() == copy
    its_own = {"call_id", "starts_at", "invitees"}
    assert {name: copy[name] for name in copy.keys() - its_own} == {name: call[name] for name in call.keys() - its_own}
    assert same(copy["starts_at"], to)
    who = [[(one["name"], one["email"], one["time_zone"]) for one in each["invitees"]] for each in (call, copy)]
    assert who[0] == who[1]
    assert not {one["join_link"] for one in call["invitees"]} & {one["join_link"] for one in copy["invitees"]}
    assert await owner.fetchval("SELECT count(*) FROM calls WHERE organization_id = $1", tenant.organization_id) == 2
    other = await client.post(path_of(call, "/copies"), json={"starts_at": ahead(days=10)}, headers=key)
    is_problem(other, 409, "key-used")


async def test_a_call_without_guests_is_not_copied(client: httpx.AsyncClient, tenant: Tenant) -> None:
    call = await booked(client, tenant, starts_at=ahead(days=2))
    assert (await client.delete(path_of(call, f"/invitees/{call['invitees'][0]['invitee_id']}"))).status_code == 204
    is_problem(await client.post(path_of(call, "/copies"), json={"starts_at": ahead(days=3)}), 422, "malformed-request")


async def test_a_colleague_of_another_organization_becomes_no_owner(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    call = await booked(client, tenant, starts_at=ahead(days=2))
    answer = await client.patch(path_of(call), json={"revision": 0, "owner_id": str(stranger.rep.user_id)})
    is_problem(answer, 422, "malformed-request")


@pytest.mark.parametrize("most", [1, 11, None])
async def test_a_room_has_two_to_ten_places(client: httpx.AsyncClient, tenant: Tenant, most: int | None) -> None:
    body = booking(tenant, most_participants=most)
    is_problem(await signed_in(client, tenant.rep).post("/api/v1/calls", json=body), 422, "malformed-request")
    assert (await booked(client, tenant))["most_participants"] == 10
    assert (await booked(client, tenant, most_participants=2))["most_participants"] == 2


async def do_something(random: Random, client: httpx.AsyncClient, owner: Any, call: dict[str, Any]) -> dict[str, Any]:
    """One thing that people do to a call that is ahead, or the mail server's doing; the call as it is then."""
    fields: dict[str, Any] = {"revision": call["revision"]}
    guests = [one["invitee_id"] for one in call["invitees"]]
    match random.choice(["move", "move", "rename", "lengthen", "switch", "add", "remove", "send", "send"]):
        case "move":
            fields["starts_at"] = ahead(minutes=random.randrange(120, 60 * 24 * 5))
        case "rename":
            fields["title"] = f"Talk {random.randrange(10)}"
        case "lengthen":
            fields["duration_minutes"] = random.choice([15, 30, 60, 90])
        case "switch":
            fields["switches"] = {"sentiment": random.random() < 0.5}
        case "add" if len(guests) < 4:
            address = f"guest{random.randrange(10**9)}@finch.example"
            added = await client.post(path_of(call, "/invitees"), json={"name": "Guest", "email": address})
            assert added.status_code == 201, added.text
        case "remove" if len(guests) > 1:
            removed = await client.delete(path_of(call, f"/invitees/{random.choice(guests)}"))
            assert removed.status_code == 204
        case "send":
            await owner.execute(
                "UPDATE emails SET status = 'sent', sent_at = now() WHERE call_id = $1 AND invitee_id = $2 "
                "AND status = 'waiting' AND kind <> 'reminder'",
                call["call_id"], random.choice(guests),
            )  # fmt: skip
    if len(fields) > 1:
        assert (await client.patch(path_of(call), json=fields)).status_code == 200
    found: dict[str, Any] = (await client.get(path_of(call))).json()
    return found


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_is_done_to_a_call_each_guest_ends_with_what_is_so(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, seed: int
) -> None:
    """Of each guest: links stay, revisions only rise, at most one notice waits, and the last one says what is so."""
    random = Random(seed)
    call = await booked(client, tenant, starts_at=ahead(days=2))
    links: dict[str, str] = {}
    for _ in range(12):
        before, call = call, await do_something(random, client, owner, call)
        assert call["revision"] >= before["revision"]
        for one in call["invitees"]:
            assert links.setdefault(one["invitee_id"], one["join_link"]) == one["join_link"]
    is_cancelled = random.random() < 0.5
    if is_cancelled:
        body = {"revision": call["revision"]}
        assert (await client.put(path_of(call, "/cancellation"), json=body)).status_code == 200
    there = {one["invitee_id"] for one in call["invitees"]}
    for invitee_id in links:
        rows = await owner.fetch(
            "SELECT kind, revision, status, facts::json ->> 'title' AS title, "
            "(facts::json ->> 'starts_at')::timestamptz AS starts_at, "
            "(facts::json ->> 'duration_minutes')::integer AS duration_minutes "
            "FROM emails WHERE call_id = $1 AND invitee_id = $2 AND kind <> 'reminder' AND status <> 'superseded' "
            "ORDER BY revision",
            call["call_id"], invitee_id,
        )  # fmt: skip
        assert len({row["revision"] for row in rows}) == len(rows)
        assert [row["status"] for row in rows[:-1]] == ["sent"] * len(rows[:-1])
        if invitee_id in there and not is_cancelled:
            last = rows[-1]
            assert last["kind"] in {"invite", "update"}
            assert (last["title"], last["starts_at"], last["duration_minutes"]) == (
                call["title"], datetime.fromisoformat(call["starts_at"]), call["duration_minutes"],
            )  # fmt: skip
        elif rows:
            assert [row["kind"] for row in rows].count("cancel") == 1
            assert rows[-1]["kind"] == "cancel"
