"""The schema against the code that relies on it, and the wall between organizations."""

import re
from enum import StrEnum
from typing import Any, get_args

import asyncpg
import pytest

from db.pool import Pool, queries, transaction
from domain import event as events
from domain.call import Call, CallKind, CallStatus
from domain.email import EmailKind, EmailStatus
from domain.ids import uuid7
from domain.lead import LeadStatus
from domain.nudge import NudgeKind, NudgeReaction, NudgeState
from domain.people import UserRole
from domain.question_set import QuestionType
from domain.transcript import ParticipantRole, SegmentSource
from tests.conftest import Database
from tests.sample import Tenant, add_call, add_tenant, said, shown

pytestmark = pytest.mark.db

Owner = asyncpg.Connection[asyncpg.Record] if hasattr(asyncpg.Connection, "__class_getitem__") else Any

JOBS = {"pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics"}
"""The queue works for all organizations at once; its payloads carry ids and nothing else."""

OUTSIDE_THE_WALL = {"heartbeats", "_pogo_migration", "_pogo_version", *JOBS}
"""Tables of the installation, where nothing stands about an organization."""

CLOSED_SETS: dict[tuple[str, str], type[StrEnum] | frozenset[str]] = {
    ("users", "role"): UserRole,
    ("leads", "status"): LeadStatus,
    ("questions", "type"): QuestionType,
    ("calls", "kind"): CallKind,
    ("calls", "status"): CallStatus,
    ("segments", "role"): ParticipantRole,
    ("segments", "source"): SegmentSource,
    ("nudges", "kind"): NudgeKind,
    ("events", "kind"): frozenset(kind.__dataclass_fields__["kind"].default for kind in get_args(events.Event)),
    ("heartbeats", "kind"): frozenset({"agent", "steward"}),
    ("nudge_responses", "state"): NudgeState,
    ("nudge_responses", "reaction"): NudgeReaction,
    ("reviews", "status"): frozenset({"queued", "running", "done", "failed"}),
    ("reviews", "step"): frozenset({"transcript", "analysis", "lead", "mail"}),
    ("emails", "kind"): EmailKind,
    ("emails", "status"): EmailStatus,
}


async def tables(owner: Any) -> set[str]:
    rows = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    return {row["relname"] for row in rows}


@pytest.mark.parametrize("name", queries.available_queries)
async def test_every_statement_can_be_prepared_by_the_products_role(pool: Pool, name: str) -> None:
    if name.endswith("_cursor"):
        return
    async with pool.acquire() as connection:
        await connection.prepare(getattr(queries, name).sql)


async def test_every_closed_set_in_the_schema_is_the_one_in_the_code(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint "
        "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )
    found = {}
    for row in rows:
        if match := re.match(r"CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)", row["definition"]):
            found[row["name"], match[1]] = set(re.findall(r"'([^']*)'::text", match[2]))
    assert found == {place: {str(value) for value in values} for place, values in CLOSED_SETS.items()}


async def test_the_products_role_cannot_pass_the_wall_or_change_it(pool: Pool, owner: Any) -> None:
    role = await owner.fetchrow("SELECT * FROM pg_roles WHERE rolname = 'parley_app'")
    assert not any(role[right] for right in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb"))
    assert await owner.fetchval("SELECT count(*) FROM pg_auth_members WHERE member = 'parley_app'::regrole") == 0
    assert await owner.fetchval("SELECT count(*) FROM pg_class WHERE relowner = 'parley_app'::regrole") == 0
    assert await pool.fetchval("SELECT current_user") == "parley_app"


async def test_every_table_has_its_organization_and_forces_the_wall(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS walled, "
        "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'organization_id' "
        "        AND attnotnull IS NOT NULL) AS has_organization, "
        "EXISTS (SELECT 1 FROM pg_policies WHERE tablename = relname AND 'parley_app' = ANY (roles)) AS has_policy "
        "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    bare = {row["relname"] for row in rows if not (row["walled"] and row["has_organization"] and row["has_policy"])}
    assert bare <= OUTSIDE_THE_WALL
    assert {row["relname"] for row in rows} > OUTSIDE_THE_WALL & bare


async def test_every_reference_stays_within_the_organization(owner: Any) -> None:
    """Foreign keys are checked past row-level security, so each must compare the organization as well."""
    rows = await owner.fetch(
        "SELECT conname, conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition "
        "FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    assert rows
    loose = [
        row["conname"]
        for row in rows
        if "REFERENCES organizations" not in row["definition"] and "(organization_id, " not in row["definition"]
    ]
    assert loose == []


async def filled(pool: Pool, tenant: Tenant) -> None:
    """A row of this organization in every table behind the wall."""
    from db import calls, leases
    from db import events as log
    from domain.call import Consent

    call = await add_call(pool, tenant.rep)
    spoken = said(call)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.add_consent(
            connection, call, call.invitees[0].invitee_id, Consent(transcription=True, recording=False)
        )
        await log.append(connection, tenant.organization_id, call.call_id, [spoken, shown(call, spoken.segment)])
        await leases.take(connection, tenant.organization_id, call.call_id, expected_epoch=0)
        for table, row in in_tables_without_a_writer_here(tenant, call).items():
            row["organization_id"] = tenant.organization_id
            places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
            await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


def in_tables_without_a_writer_here(tenant: Tenant, call: Call) -> dict[str, dict[str, Any]]:
    return {
        "idempotency_keys": {
            "user_id": tenant.rep.user_id, "key": "k", "request_sha256": b"", "call_id": call.call_id,
        },
        "nudge_responses": {"call_id": call.call_id, "nudge_id": uuid7(), "user_id": tenant.rep.user_id},
        "reviews": {"call_id": call.call_id, "status": "queued", "step": "transcript"},
        "emails": {
            "id": uuid7(), "call_id": call.call_id, "kind": "summary", "user_id": tenant.rep.user_id,
            "to_name": "Ada", "to_email": "ada@acme.example", "status": "queued",
        },
        "mailbox_messages": {"id": uuid7(), "sender": "a@b.example", "recipients": [], "subject": "", "raw": b""},
        "organization_settings": {},
        "smtp_trials": {"id": uuid7(), "user_id": tenant.rep.user_id},
    }  # fmt: skip


async def test_rows_of_another_organization_can_be_neither_seen_nor_changed_nor_added(
    pool: Pool, owner: Any, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    await filled(pool, tenant)
    walled = await tables(owner) - OUTSIDE_THE_WALL
    for table in sorted(walled):
        mine = f"organization_id = '{tenant.organization_id}'"
        assert await owner.fetchval(f"SELECT count(*) FROM {table} WHERE {mine}") > 0, f"{table} is not tested"
        async with transaction(pool, stranger.organization_id) as connection:
            assert await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {mine}") == 0, table
        same = "name = name" if table == "organizations" else "organization_id = organization_id"
        for change in (f"DELETE FROM {table} WHERE {mine}", f"UPDATE {table} SET {same} WHERE {mine}"):
            async with pool.acquire() as connection:
                try:
                    async with connection.transaction():
                        await connection.execute(
                            "SELECT set_config('app.organization_id', $1, true)", str(stranger.organization_id)
                        )
                        assert (await connection.execute(change)).split()[-1] == "0", change
                except asyncpg.InsufficientPrivilegeError:
                    assert table in {"events", "consents"}, change


async def test_a_row_cannot_be_written_into_another_organization(pool: Pool, owner: Any, tenant: Tenant) -> None:
    stranger = await add_tenant(pool)
    await filled(pool, tenant)
    for table in sorted(await tables(owner) - OUTSIDE_THE_WALL - {"organizations"}):
        row = dict(await owner.fetchrow(f"SELECT * FROM {table} WHERE organization_id = $1", tenant.organization_id))
        key = next((column for column in ("id", "nudge_id", "key", "call_id") if column in row), None)
        if key:
            row[key] = "another" if key == "key" else uuid7()
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with transaction(pool, stranger.organization_id) as connection:
                await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


async def test_with_no_organization_set_there_are_no_rows(pool: Pool, owner: Any, tenant: Tenant) -> None:
    await filled(pool, tenant)
    async with pool.acquire() as connection:
        for table in sorted(await tables(owner) - OUTSIDE_THE_WALL):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_the_organization_does_not_outlive_its_transaction(pool: Pool, tenant: Tenant) -> None:
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.organization_id', $1, true)", str(tenant.organization_id))
            assert await connection.fetchval("SELECT count(*) FROM users") == 2
        assert await connection.fetchval("SELECT count(*) FROM users") == 0


async def test_nothing_but_the_named_lookups_looks_across_organizations(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace NOT IN "
        "('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
    )
    assert {row["proname"] for row in rows} == {
        "organization_of_call", "calls_that_want_an_agent", "calls_with_open_log", "calls_that_sent_their_agent_away",
        "work_without_a_job", "erase_old_calls",
    }  # fmt: skip


async def test_what_was_logged_or_agreed_to_cannot_be_changed(pool: Pool, tenant: Tenant) -> None:
    await filled(pool, tenant)
    for change in (
        "UPDATE events SET kind = kind", "DELETE FROM events",
        "UPDATE consents SET recording = true", "DELETE FROM consents",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(pool, tenant.organization_id) as connection:
                await connection.execute(change)


async def test_a_call_cannot_refer_to_another_organizations_lead(
    pool: Pool, tenant: Tenant, database: Database
) -> None:
    from db import calls
    from domain.call import CallLead
    from tests.sample import a_call

    stranger = await add_tenant(pool)
    theirs = CallLead(lead_id=stranger.lead.lead_id, name="", company="")
    with pytest.raises(calls.UnknownReference) as refused:
        async with transaction(pool, tenant.organization_id) as connection:
            await calls.add(connection, a_call(tenant.rep, lead=theirs))
    assert refused.value.column == "lead_id"
