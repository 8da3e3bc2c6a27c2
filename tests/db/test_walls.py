"""The wall between organizations: what it keeps, and that each policy of it is missed when it is gone.

`breaches` looks at a whole database as two organizations see it and names each place where the wall does not hold. The
mutations below drop and weaken every policy in turn, and want it to name that place and no other.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from db import migrate
from db.pool import Pool, open_pool, transaction
from domain.ids import CallId, OrganizationId
from tests.conftest import Database
from tests.db.every_table import Filled, fill_every_table
from tests.sample import add_call

pytestmark = pytest.mark.db

Breach = tuple[str, str]
"""A table or a function, and what is wrong there."""

APPEND_ONLY = {"events", "consents", "audit_entries", "question_set_versions"}
"""Whose rows the product can neither change nor delete."""

NEVER_DELETED = APPEND_ONLY | {"audit_heads"}

ERASED = {
    "events": "SELECT count(*) FROM events", "segments": "SELECT count(*) FROM segments",
    "nudges": "SELECT count(*) FROM nudges", "nudge_responses": "SELECT count(*) FROM nudge_responses",
    "mailbox_messages": "SELECT count(*) FROM mailbox_messages", "smtp_trials": "SELECT count(*) FROM smtp_trials",
    "reviews": "SELECT count(*) FROM reviews WHERE review IS NOT NULL",
    "calls": "SELECT count(*) FROM calls WHERE title = 'Old' AND erased_at IS NULL",
}  # fmt: skip
"""What is to be zero in a place after `retention.erase_old_calls`."""

WITH_THE_CALL = {"calls", "events", "segments", "nudges", "nudge_responses", "reviews"}
"""What goes when the call is due."""

ERASED_BY_AGE = {"mailbox_messages"}
"""What goes when it is as old as the organization's setting says."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    table: str
    name: str
    roles: frozenset[str]
    qual: str | None
    with_check: str | None

    @property
    def is_the_wall(self) -> bool:
        return "parley_app" in self.roles


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A migrated database of its own with the same rows of two organizations in each table."""

    database: Database
    mine: Filled
    theirs: Filled
    calls: Mapping[OrganizationId, Mapping[str, CallId]]  # by title
    rows: Mapping[str, Mapping[str, Any]]  # by table behind the wall, one of mine: the columns that can be written
    policies: list[Policy]


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def scene(database: Database) -> Iterator[Scene]:
    name = f"walls_{uuid4().hex}"
    asyncio.run(told(database, f"CREATE DATABASE {name}"))
    try:
        yield asyncio.run(made_in(database.named(name)))
    finally:
        asyncio.run(told(database, f"DROP DATABASE {name} WITH (FORCE)"))


async def told(database: Database, statement: str) -> None:
    async with connected(database.owner_url) as owner:
        await owner.execute(statement)


async def made_in(database: Database) -> Scene:
    await migrate.apply(database.owner_url, app_password=None)
    pool = await open_pool(database.app_url, most_connections=2)
    mine, theirs = await fill_every_table(pool), await fill_every_table(pool)
    calls = {filled.tenant.organization_id: await calls_in_every_state(pool, filled) for filled in (mine, theirs)}
    await pool.close()
    async with connected(database.owner_url) as owner:
        rows = {}
        for table, columns in (await walled_tables(owner)).items():
            mine_only = f"SELECT {', '.join(columns)} FROM {table} WHERE organization_id = $1"
            row = await owner.fetchrow(mine_only, mine.tenant.organization_id)
            assert row is not None, f"nothing could be tried on {table}"
            rows[table] = dict(row)
        policies = await policies_of(owner)
    return Scene(database=database, mine=mine, theirs=theirs, calls=calls, rows=rows, policies=policies)


async def calls_in_every_state(pool: Pool, filled: Filled) -> dict[str, CallId]:
    """One for each state that a lookup asks for, one that somebody came to; the filled one is old enough to erase."""
    states = {
        "Wanting": "wanted_at = now()",
        "Without": "wanted_at = now(), agent_dismissed_at = now()",
        "Open": "status = 'ended', ended_at = now() - interval '1 minute'",
        "Soon": "starts_at = now() + interval '1 minute'",
        "Nobody": "starts_at = now() - interval '11 minutes'",
        "Somebody": "starts_at = now() - interval '11 minutes'",
    }
    made = {title: (await add_call(pool, filled.tenant.rep, title=title)).call_id for title in states}
    old = "interval '20 days'"
    async with transaction(pool, filled.tenant.organization_id) as connection:
        for title, state in states.items():
            await connection.execute(f"UPDATE calls SET {state} WHERE id = $1", made[title])
        await connection.execute(
            f"UPDATE calls SET title = 'Old', status = 'ended', ended_at = now() - {old}, log_closed_at = now() "
            "WHERE id = $1",
            filled.call.call_id,
        )
        await connection.execute("UPDATE invitees SET joined_at = now() WHERE call_id = $1", made["Somebody"])
        await connection.execute("UPDATE organization_settings SET retention_days = 10, inbox = '{}'")
        await connection.execute(f"UPDATE mailbox_messages SET received_at = now() - {old}")
        await connection.execute(f"UPDATE smtp_trials SET created_at = now() - {old}")
    return made


async def walled_tables(owner: Any) -> dict[str, list[str]]:
    """With the columns that can be written."""
    rows = await owner.fetch(
        "SELECT relname, array_agg(attname::text ORDER BY attnum) AS columns "
        "FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity "
        "AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity <> 'a' "
        "GROUP BY relname ORDER BY relname"
    )
    return {row["relname"]: row["columns"] for row in rows}


async def policies_of(owner: Any) -> list[Policy]:
    rows = await owner.fetch(
        'SELECT tablename AS "table", policyname AS name, roles::text[] AS roles, qual, with_check FROM pg_policies '
        "WHERE schemaname = 'public' ORDER BY tablename, policyname"
    )
    return [Policy(**{**row, "roles": frozenset(row["roles"])}) for row in rows]


async def breaches(scene: Scene, owner: Any) -> set[Breach]:
    """Every place where the wall or a door in it is not what it should be. The owner's transaction is to be undone."""
    await owner.execute("SET LOCAL ROLE parley_app")
    found = await breaches_of_lookups(scene, owner) | await breaches_of_the_wall(scene, owner)
    await owner.fetch("SELECT * FROM retention.erase_old_calls(100)")
    await owner.execute("SET LOCAL ROLE NONE")
    return found | {
        (place, "is not erased when its time is over")
        for place, statement in ERASED.items()
        if await owner.fetchval(statement) != 0
    }


async def breaches_of_the_wall(scene: Scene, app: Any) -> set[Breach]:
    """Everything is tried as `theirs`, and undone. The caller's transaction is to be undone too."""
    me, they = scene.mine.tenant.organization_id, scene.theirs.tenant.organization_id
    await app.execute("SELECT set_config('app.organization_id', $1, true)", str(they))
    found: set[Breach] = set()
    for table, row in scene.rows.items():
        columns = list(row)
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        key = "id" if table == "organizations" else "organization_id"
        own = await app.execute(f"SELECT FROM {table} WHERE organization_id = $1", they)
        if own == "SELECT 0":
            found.add((table, "does not show its own rows"))
        others = await app.execute(f"SELECT FROM {table} WHERE organization_id <> $1", they)
        if others != "SELECT 0":
            found.add((table, "shows rows of others"))
        tries: list[tuple[str, str, list[Any], set[str]]] = [
            (
                "lets rows of others be changed",
                f"UPDATE {table} SET {columns[-1]} = {columns[-1]} WHERE organization_id = $1",
                [me],
                {"UPDATE 0"},
            ),
            (
                "lets rows of others be deleted",
                f"DELETE FROM {table} WHERE organization_id = $1",
                [me],
                {"DELETE 0"},
            ),
            # Without WHERE: what is only written and not read is checked by WITH CHECK alone.
            ("lets rows be given to others", f"UPDATE {table} SET {key} = $1", [me], {"UPDATE 0", "refused"}),
            (
                "lets rows be added to others",
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",
                list(row.values()),
                {"refused"},
            ),
        ]
        for what, statement, values, good in tries:
            said = await tried(app, statement, values)
            if said not in good and not (said == "not granted" and is_withheld(table, statement)):
                found.add((table, what))
    return found


def is_withheld(table: str, statement: str) -> bool:
    return table in (NEVER_DELETED if statement.startswith("DELETE") else APPEND_ONLY)


async def tried(app: Any, statement: str, values: list[Any]) -> str:
    """What PostgreSQL answers: its command tag, "refused" by the wall, "not granted", or another error's name."""
    trying = app.transaction()
    await trying.start()
    try:
        return str(await app.execute(statement, *values))
    except asyncpg.InsufficientPrivilegeError as error:
        return "refused" if "row-level security" in str(error) else "not granted"
    except asyncpg.PostgresError as error:
        return type(error).__name__
    finally:
        await trying.rollback()


def lookups(scene: Scene, filled: Filled) -> dict[str, tuple[str, list[Any]]]:
    """For each function that looks across: a statement that is true when it finds what it should."""
    organization_id, rep = filled.tenant.organization_id, filled.tenant.rep

    def finds_a_call(function: str, title: str) -> tuple[str, list[Any]]:
        statement = f"SELECT EXISTS (SELECT FROM lookup.{function}() WHERE organization_id = $1 AND call_id = $2)"
        return statement, [organization_id, scene.calls[organization_id][title]]

    def finds_ours(function: str, *arguments: str) -> tuple[str, list[Any]]:
        statement = f"SELECT EXISTS (SELECT FROM lookup.{function}({', '.join(arguments)}) found WHERE found = $1)"
        return statement, [organization_id]

    def finds_the_organization(function: str, wanted: UUID) -> tuple[str, list[Any]]:
        return f"SELECT lookup.{function}($2) = $1", [organization_id, wanted]

    return {
        "calls_that_want_an_agent": finds_a_call("calls_that_want_an_agent", "Wanting"),
        "calls_that_sent_their_agent_away": finds_a_call("calls_that_sent_their_agent_away", "Without"),
        "calls_with_open_log": finds_a_call("calls_with_open_log", "Open"),
        "organization_of_call": finds_the_organization("organization_of_call", filled.call.call_id),
        "organization_of_device": finds_the_organization("organization_of_device", filled.device_id),
        "organization_of_sign_in_link": finds_the_organization("organization_of_sign_in_link", filled.link_id),
        "work_without_a_job": (
            "SELECT EXISTS (SELECT FROM lookup.work_without_a_job() WHERE organization_id = $1 AND id = $2)",
            [organization_id, filled.call.call_id],
        ),
        "calls_to_prepare": (
            "SELECT EXISTS (SELECT FROM lookup.calls_to_prepare(now() + interval '90 s') WHERE call_id = $1)",
            [scene.calls[organization_id]["Soon"]],
        ),
        "calls_nobody_came_to": (
            "SELECT array_agg(call_id) = ARRAY[$1::uuid] FROM lookup.calls_nobody_came_to(now() - interval '10 min') "
            "WHERE call_id IN ($1, $2)",
            [scene.calls[organization_id]["Nobody"], scene.calls[organization_id]["Somebody"]],
        ),
        "organizations_with_mail_due": finds_ours("organizations_with_mail_due", "now() + interval '1 h'"),
        "organizations_with_inbox": finds_ours("organizations_with_inbox"),
        "users_by_email": (
            "SELECT EXISTS (SELECT FROM lookup.users_by_email($2) WHERE organization_id = $1 AND user_id = $3)",
            [organization_id, rep.email.upper(), rep.user_id],
        ),
        "users_by_identity": (
            "SELECT EXISTS (SELECT FROM lookup.users_by_identity('https://id.example', $2) "
            "WHERE organization_id = $1 AND user_id = $3)",
            [organization_id, str(rep.user_id), rep.user_id],
        ),
        "audited_organizations": finds_ours("audited_organizations"),
    }


async def breaches_of_lookups(scene: Scene, app: Any) -> set[Breach]:
    """The product's role asks with no organization set, for what belongs to either of them."""
    return {
        (name, "does not find what it should")
        for filled in (scene.mine, scene.theirs)
        for name, (statement, values) in lookups(scene, filled).items()
        if await app.fetchval(statement, *values) is not True
    }


async def functions_that_need(owner: Any, policy: Policy) -> set[str]:
    """Functions of the policy's role whose text names its table."""
    rows = await owner.fetch(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pg_get_userbyid(proowner) = ANY ($1) "
        "AND prosrc ~ ('\\m' || $2 || '\\M')",
        list(policy.roles),
        policy.table,
    )
    return {row["proname"] for row in rows}


async def test_the_wall_and_its_doors_hold(scene: Scene) -> None:
    """As the product signs in; the mutations below put on its role."""
    assert len(scene.rows) >= 25
    assert {policy.table for policy in scene.policies if policy.is_the_wall} == set(scene.rows)
    async with connected(scene.database.owner_url) as owner:
        doors = await owner.fetch("SELECT proname FROM pg_proc WHERE pronamespace = 'lookup'::regnamespace")
    assert {row["proname"] for row in doors} == set(lookups(scene, scene.mine))
    async with connected(scene.database.app_url) as app:
        assert await app.fetchval("SELECT session_user") == "parley_app"
        assert await breaches_of_lookups(scene, app) == set()
        async with app.transaction():
            assert await breaches_of_the_wall(scene, app) == set()
    assert await breaches_after(scene, "SELECT") == set()


async def test_each_policy_is_missed_where_it_stood_when_it_is_gone_and_nowhere_else(scene: Scene) -> None:
    """Done for each policy there is."""
    for policy in scene.policies:
        found = await breaches_after(scene, f"DROP POLICY {policy.name} ON {policy.table}")
        assert found, f"nobody misses {policy.name} on {policy.table}: it lets through what nobody needs"
        if policy.is_the_wall:
            assert found == {(policy.table, "does not show its own rows")}, policy
        elif "parley_lookup" in policy.roles:
            async with connected(scene.database.owner_url) as owner:
                needed = await functions_that_need(owner, policy)
            assert found == {(name, "does not find what it should") for name in needed}, policy
        else:
            gone = {"calls": WITH_THE_CALL, "organization_settings": WITH_THE_CALL | ERASED_BY_AGE}
            wanted = gone.get(policy.table, {policy.table})
            assert found == {(table, "is not erased when its time is over") for table in wanted}, policy


async def test_each_policy_of_the_wall_that_lets_all_rows_through_is_seen_where_it_stands(scene: Scene) -> None:
    for policy in (policy for policy in scene.policies if policy.is_the_wall):
        table = policy.table
        read = {(table, "shows rows of others")}
        changed = {(table, "lets rows of others be changed")} if table not in APPEND_ONLY else set()
        deleted = {(table, "lets rows of others be deleted")} if table not in NEVER_DELETED else set()
        given = {(table, "lets rows be given to others")} if table not in APPEND_ONLY else set()
        added = {(table, "lets rows be added to others")}
        on = f"ALTER POLICY {policy.name} ON {table}"
        assert await breaches_after(scene, f"{on} USING (true)") == read | changed | deleted, table
        assert await breaches_after(scene, f"{on} WITH CHECK (true)") == given | added, table
        assert await breaches_after(scene, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY") == (
            read | changed | deleted | given | added
        ), table


async def test_each_policy_of_a_door_that_is_opened_to_the_product_is_seen_where_it_stands(scene: Scene) -> None:
    for policy in (policy for policy in scene.policies if not policy.is_the_wall):
        roles = ", ".join(sorted(policy.roles | {"parley_app"}))
        found = await breaches_after(scene, f"ALTER POLICY {policy.name} ON {policy.table} TO {roles}")
        assert (policy.table, "shows rows of others") in found
        assert {table for table, _ in found} == {policy.table}


async def breaches_after(scene: Scene, change: str) -> set[Breach]:
    """The change is undone."""
    async with connected(scene.database.owner_url) as owner:
        doing = owner.transaction()
        await doing.start()
        await owner.execute(change)
        found = await breaches(scene, owner)
        await doing.rollback()
        return found
