"""The schema against the code that relies on it, and the wall between organizations."""

import re
from enum import StrEnum
from typing import Any, get_args

import asyncpg
import pytest

from db.devices import DeviceEnd
from db.places import PlaceState
from db.pool import Pool, queries, transaction
from domain import event as events
from domain.call import CalendarAnswer, CallKind, CallStatus
from domain.email import EmailKind, EmailStatus, SuppressionReason, SuppressionScope
from domain.lead import LeadStatus
from domain.nudge import NudgeKind, NudgeReaction, NudgeState
from domain.people import TeamRole, UserRole, UserStatus
from domain.question_set import Depth, QuestionType
from domain.transcript import ParticipantRole, SegmentSource
from tests.conftest import Database
from tests.db.every_table import fill_every_table
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

Owner = asyncpg.Connection[asyncpg.Record] if hasattr(asyncpg.Connection, "__class_getitem__") else Any

THE_QUEUE = "It works for all organizations at once; what it carries are ids and nothing else."

OUTSIDE_THE_WALL = {
    "pgqueuer": THE_QUEUE,
    "pgqueuer_log": THE_QUEUE,
    "pgqueuer_schedules": THE_QUEUE,
    "pgqueuer_statistics": THE_QUEUE,
    "heartbeats": "Which of the installation's processes are alive.",
    "rate_limits": "Counted by hashed keys before anybody knows an organization; reached through one function.",
    "_pogo_migration": "Which migrations have been applied.",
    "_pogo_version": "Of the tool that applies them.",
}
"""Every table without an organization, and why."""

DOORKEEPERS = {
    "parley_lookup": {
        "organization_of_call", "calls_that_want_an_agent", "calls_with_open_log", "calls_that_sent_their_agent_away",
        "work_without_a_job", "users_by_email", "users_by_identity", "organization_of_sign_in_link",
        "organization_of_device", "audited_organizations", "calls_to_prepare", "calls_nobody_came_to",
        "organizations_with_mail_due", "organizations_with_inbox",
    },
    "parley_eraser": {"erase_old_calls"},
    "parley_limiter": {"take", "forget_old"},
}  # fmt: skip
"""Roles that nobody signs in with, and their functions: the only ways past the wall."""

OPEN_TO_THE_PRODUCT = set(OUTSIDE_THE_WALL) - {"rate_limits", "_pogo_migration", "_pogo_version"}

CLOSED_SETS: dict[tuple[str, str], type[StrEnum] | frozenset[str]] = {
    ("users", "role"): UserRole,
    ("users", "status"): UserStatus,
    ("devices", "end_reason"): DeviceEnd,
    ("sign_in_links", "purpose"): frozenset({"sign_in", "invitation"}),
    ("team_members", "role"): TeamRole,
    ("audit_entries", "actor_kind"): frozenset({"user", "guest", "system"}),
    ("leads", "status"): LeadStatus,
    ("questions", "type"): QuestionType,
    ("questions", "depth"): Depth,
    ("calls", "kind"): CallKind,
    ("calls", "status"): CallStatus,
    ("invitees", "calendar_answer"): CalendarAnswer,
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
    ("suppressed_addresses", "scope"): SuppressionScope,
    ("suppressed_addresses", "reason"): SuppressionReason,
    ("room_places", "state"): PlaceState,
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
    roles = {row["rolname"]: row for row in await owner.fetch("SELECT * FROM pg_roles WHERE rolname ~ '^parley_'")}
    assert set(roles) == {"parley_app", *DOORKEEPERS}
    for name, role in roles.items():
        assert not any(role[right] for right in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb")), name
        assert role["rolcanlogin"] == (name == "parley_app")
        assert await owner.fetchval("SELECT count(*) FROM pg_auth_members WHERE member = $1", role["oid"]) == 0
        assert await owner.fetchval("SELECT count(*) FROM pg_class WHERE relowner = $1", role["oid"]) == 0
    assert await pool.fetchval("SELECT current_user") == "parley_app"
    for schema in ("public", "lookup", "retention", "limits"):
        assert await pool.fetchval("SELECT NOT has_schema_privilege($1, 'CREATE')", schema), schema


async def test_the_product_reads_and_writes_rows_and_can_do_nothing_else_to_a_table(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee IN ('parley_app', 'PUBLIC') AND table_schema = 'public'"
    )
    assert {row["privilege_type"] for row in rows} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {row["table_name"] for row in rows} & set(OUTSIDE_THE_WALL) == OPEN_TO_THE_PRODUCT


async def test_no_view_shows_what_the_wall_hides(owner: Any) -> None:
    """A view reads with the rights of its owner."""
    rows = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relkind NOT IN ('r', 'i', 'S', 't') AND relnamespace NOT IN "
        "('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
    )
    assert rows == []


async def test_every_table_has_its_organization_and_forces_the_wall(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS walled, "
        "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'organization_id' "
        "        AND (attnotnull OR attgenerated = 's')) AS has_organization, "
        "EXISTS (SELECT 1 FROM pg_policies WHERE tablename = relname AND 'parley_app' = ANY (roles)) AS has_policy "
        "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    bare = {row["relname"] for row in rows if not (row["walled"] and row["has_organization"] and row["has_policy"])}
    assert bare == set(OUTSIDE_THE_WALL)
    assert all(OUTSIDE_THE_WALL.values())


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


async def test_with_no_organization_set_there_are_no_rows(pool: Pool, owner: Any, tenant: Tenant) -> None:
    await fill_every_table(pool, tenant)
    async with pool.acquire() as connection:
        for table in sorted(await tables(owner) - set(OUTSIDE_THE_WALL)):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_the_organization_does_not_outlive_its_transaction(pool: Pool, tenant: Tenant) -> None:
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.organization_id', $1, true)", str(tenant.organization_id))
            assert await connection.fetchval("SELECT count(*) FROM users") > 0
        assert await connection.fetchval("SELECT count(*) FROM users") == 0


async def test_nothing_but_the_named_functions_acts_with_other_rights(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT proname, pg_get_userbyid(proowner) AS owner, proconfig, "
        "has_function_privilege('parley_app', oid, 'EXECUTE') AS is_for_the_product, "
        "EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS is_for_all "
        "FROM pg_proc WHERE prosecdef AND pronamespace NOT IN "
        "('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["owner"], set()).add(row["proname"])
        assert row["is_for_the_product"], row["proname"]
        assert not row["is_for_all"], row["proname"]
        assert row["proconfig"] == ["search_path=public, pg_temp"], row["proname"]
    assert found == DOORKEEPERS


async def test_what_was_logged_agreed_to_or_done_cannot_be_changed(pool: Pool, tenant: Tenant) -> None:
    await fill_every_table(pool, tenant)
    for change in (
        "UPDATE events SET kind = kind", "DELETE FROM events",
        "UPDATE consents SET recording = true", "DELETE FROM consents",
        "UPDATE audit_entries SET action = action", "DELETE FROM audit_entries", "DELETE FROM audit_heads",
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
