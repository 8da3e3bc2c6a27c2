"""The audit log as admins read and verify it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import deps
from db import audit
from db.pool import Pool, transaction
from domain.audit import Actor, Subject
from domain.audit_verifying import SIGNED_WITHIN
from domain.ids import InviteeId, uuid7
from domain.people import UserRole
from jobs.audit_heads import AuditHeads
from tests.api.conftest import app_of, is_problem, signed_in
from tests.sample import Tenant, add_call, add_tenant

pytestmark = pytest.mark.db

WHOLE = {"ok": True, "signed_up_to": None, "problem": None, "at_seq": None}


async def write(
    pool: Pool, tenant: Tenant, action: str = "user_changed", *, actor: Actor | None = None,
    subject: Subject | None = None, **facts: Any,
) -> None:  # fmt: skip
    actor = actor or Actor.user(tenant.admin.user_id)
    subject = subject or Subject("user", str(tenant.rep.user_id))
    async with transaction(pool, tenant.organization_id) as connection:
        await audit.write(connection, tenant.organization_id, actor, action, subject, **facts)


async def listed(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/audit", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def verified(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/api/v1/audit/verifications", json={})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_deeds_are_read_newest_first_with_the_names_of_today(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    call = await add_call(pool, tenant.rep, title="First talk")
    robin = call.invitees[0].invitee_id
    await write(pool, tenant, role=UserRole.MANAGER, team_ids=[tenant.team_id])
    await write(
        pool, tenant, "consent_given", actor=Actor.guest(robin), subject=Subject("call", str(call.call_id)),
        transcription=True, recording=False,
    )  # fmt: skip
    await write(pool, tenant, "settings_changed", actor=Actor.SYSTEM, subject=Subject("settings", "smtp"))
    await write(pool, tenant, "team_changed", subject=Subject("team", str(tenant.team_id)))
    async with transaction(pool, tenant.organization_id) as connection:
        await connection.execute("UPDATE users SET name = 'Iris Vale' WHERE id = $1", tenant.rep.user_id)
        team = await connection.fetchval("SELECT name FROM teams WHERE id = $1", tenant.team_id)
    items = await listed(signed_in(client, tenant.admin))
    assert [item["seq"] for item in items] == [4, 3, 2, 1]
    assert items[0]["subject"] == {"kind": "team", "id": str(tenant.team_id), "name": team}
    assert items[1]["actor"] == {"kind": "system", "id": None, "name": None}
    assert items[1]["subject"] == {"kind": "settings", "id": "smtp", "name": None}
    assert items[2]["actor"] == {"kind": "guest", "id": str(robin), "name": "Robin Finch"}
    assert items[2]["subject"] == {"kind": "call", "id": str(call.call_id), "name": "First talk"}
    assert items[2]["facts"] == {"transcription": True, "recording": False}
    assert items[3]["actor"] == {"kind": "user", "id": str(tenant.admin.user_id), "name": tenant.admin.name}
    assert items[3]["subject"] == {"kind": "user", "id": str(tenant.rep.user_id), "name": "Iris Vale"}
    assert items[3]["facts"] == {"role": "manager", "team_ids": [str(tenant.team_id)]}
    assert {item["action"] for item in items} == {"user_changed", "consent_given", "settings_changed", "team_changed"}


async def test_who_was_erased_has_no_name_and_the_log_stays_whole(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    gone, invitee_id = str(uuid7()), InviteeId(uuid7())
    await write(pool, tenant, "call_joined", actor=Actor.guest(invitee_id), subject=Subject("call", gone))
    (item,) = await listed(signed_in(client, tenant.admin))
    assert item["actor"] == {"kind": "guest", "id": str(invitee_id), "name": None}
    assert item["subject"] == {"kind": "call", "id": gone, "name": None}
    assert await verified(client) == {**WHOLE, "entries": 1}


async def test_the_log_can_be_narrowed_to_one_person_one_deed_and_some_days(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    await write(pool, tenant, "signed_in", actor=Actor.user(tenant.rep.user_id))
    await write(pool, tenant, "signed_in")
    await write(pool, tenant, "team_changed")
    signed_in(client, tenant.admin)

    async def seqs(**query: Any) -> list[int]:
        return [item["seq"] for item in await listed(client, **query)]

    assert await seqs(action="signed_in") == [2, 1]
    assert await seqs(actor_id=tenant.rep.user_id) == [1]
    assert await seqs(actor_id=tenant.admin.user_id, action="signed_in") == [2]
    assert await seqs(action="nothing_done") == []
    second = next(item["at"] for item in await listed(client) if item["seq"] == 2)
    assert await seqs(**{"from": second}) == [3, 2]
    assert await seqs(before=second) == [1]
    assert await seqs(**{"from": second, "before": second}) == []


async def test_a_long_log_comes_in_pages(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    subject = Subject("user", str(tenant.rep.user_id))
    async with transaction(pool, tenant.organization_id) as connection:
        for number in range(101):
            await audit.write(connection, tenant.organization_id, Actor.SYSTEM, "user_changed", subject, number=number)
    signed_in(client, tenant.admin)
    seqs: list[int] = []
    cursor: dict[str, str] = {}
    for expected in (50, 50, 1):
        page = (await client.get("/api/v1/audit", params={"action": "user_changed", **cursor})).json()
        assert len(page["items"]) == expected
        seqs += [item["seq"] for item in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
    assert cursor == {"cursor": None}
    assert seqs == list(range(101, 0, -1))


@pytest.mark.parametrize(
    "query",
    [
        {"actor_id": "me"}, {"action": "signed in"}, {"action": "x" * 61}, {"action": "a\0"}, {"from": "yesterday"},
        {"before": "2026-11-21T12:00:00"}, {"cursor": "0"}, {"cursor": "-1"}, {"cursor": "9" * 19}, {"cursor": "٣"},
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_said(client: httpx.AsyncClient, tenant: Tenant, query: dict[str, str]) -> None:
    answer = await signed_in(client, tenant.admin).get("/api/v1/audit", params=query)
    is_problem(answer, 422, "malformed-request")


async def test_the_log_is_for_admins_and_of_their_own_organization(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    other = await add_tenant(pool)
    await write(pool, tenant)
    for user in (tenant.rep, tenant.manager):
        signed_in(client, user)
        is_problem(await client.get("/api/v1/audit"), 403, "not-allowed")
        is_problem(await client.post("/api/v1/audit/verifications", json={}), 403, "not-allowed")
    signed_in(client, other.admin)
    assert await listed(client) == []
    assert await verified(client) == {**WHOLE, "entries": 0}
    client.cookies.clear()
    is_problem(await client.get("/api/v1/audit"), 401, "not-signed-in")
    is_problem(await client.post("/api/v1/audit/verifications", json={}), 401, "not-signed-in")


async def sign(pool: Pool, client: httpx.AsyncClient) -> Path:
    """Signs what has been written, where this application looks; the folder."""
    folder: Path = app_of(client).state.parts.settings.audit_dir
    await AuditHeads(pool, folder).sign()
    return folder


async def test_a_log_is_verified_against_its_signed_heads(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    await write(pool, tenant)
    await write(pool, tenant)
    await sign(pool, client)
    await write(pool, tenant)
    signed_in(client, tenant.admin)
    assert await verified(client) == {**WHOLE, "entries": 3, "signed_up_to": 2}


MINE = "organization_id = '{organization_id}'"
TAMPERINGS = {
    "edited": (
        [f"UPDATE audit_entries SET facts = jsonb_build_object('count', 2) WHERE seq = 2 AND {MINE}"],
        2, "not what was written",
    ),
    "a fraction": ([f"UPDATE audit_entries SET facts = '[0.5]' WHERE seq = 3 AND {MINE}"], 3, "not what was written"),
    "no time": ([f"UPDATE audit_entries SET at = 'infinity' WHERE seq = 2 AND {MINE}"], 2, "not what was written"),
    "deleted": ([f"DELETE FROM audit_entries WHERE seq = 2 AND {MINE}"], 2, "Entry 2 is missing."),
    "swapped": (
        [f"UPDATE audit_entries SET seq = {a} WHERE seq = {b} AND {MINE}" for a, b in ((9, 1), (1, 2), (2, 9))],
        1, "Entry 1 does not follow on",
    ),
    "end cut off": (
        [
            f"DELETE FROM audit_entries WHERE seq = 3 AND {MINE}",
            f"UPDATE audit_heads h SET seq = e.seq, hash = e.hash FROM audit_entries e WHERE e.seq = 2 AND h.{MINE} "
            f"AND e.{MINE}",
        ],
        3, "its end was cut off",
    ),
    "all gone": (
        [f"DELETE FROM audit_entries WHERE {MINE}", f"DELETE FROM audit_heads WHERE {MINE}"], 1, "its end was cut off",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", TAMPERINGS)
async def test_what_was_done_in_the_database_is_found(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any, way: str
) -> None:
    for _ in range(3):
        await write(pool, tenant, count=1)
    await sign(pool, client)
    statements, at_seq, words = TAMPERINGS[way]
    for statement in statements:
        await owner.execute(statement.format(organization_id=tenant.organization_id))
    found = await verified(signed_in(client, tenant.admin))
    assert (found["ok"], found["at_seq"]) == (False, at_seq)
    assert words in found["problem"]


async def test_a_log_written_anew_is_found(client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any) -> None:
    """By the product itself, so that every hash fits."""
    await write(pool, tenant)
    await write(pool, tenant)
    await sign(pool, client)
    for table in ("audit_entries", "audit_heads"):
        await owner.execute(f"DELETE FROM {table} WHERE organization_id = $1", tenant.organization_id)
    await write(pool, tenant)
    await write(pool, tenant)
    await write(pool, tenant)
    found = await verified(signed_in(client, tenant.admin))
    assert (found["ok"], found["at_seq"], found["signed_up_to"]) == (False, 2, None)
    assert "the log was written anew" in found["problem"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


FILES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (Path.unlink, "the file of signed heads is missing"),
    "empty": (lambda path: path.write_bytes(b""), "the file of signed heads is missing"),
    "cut": (cut, "The last line of the file of signed heads was cut off."),
    "of another key": (lambda path: (path.parent / "key.public.json").write_text("{}"), "key.public.json, is missing"),
}


@pytest.mark.parametrize("way", FILES)
async def test_a_file_of_signed_heads_that_is_missing_or_broken_is_told_plainly(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, way: str
) -> None:
    await write(pool, tenant)
    folder = await sign(pool, client)
    tamper, words = FILES[way]
    tamper(folder / f"{tenant.organization_id}.jsonl")
    later = datetime.now(UTC) + SIGNED_WITHIN + timedelta(minutes=1)
    app_of(client).dependency_overrides[deps.now] = lambda: later
    found = await verified(signed_in(client, tenant.admin))
    assert (found["ok"], found["entries"]) == (False, 1)
    assert words in found["problem"]


async def test_facts_that_somebody_put_there_by_hand_are_shown_as_text(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    await write(pool, tenant)
    await owner.execute(
        "UPDATE audit_entries SET facts = $2 WHERE organization_id = $1", tenant.organization_id,
        '{"a": 0.5, "b": {"c": 1}, "d": [1, [2]], "e": null}',
    )  # fmt: skip
    (item,) = await listed(signed_in(client, tenant.admin))
    assert item["facts"] == {"a": "0.5", "b": "{'c': 1}", "d": ["1", "[2]"], "e": None}
