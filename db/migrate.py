"""Applies the migrations in order, once, also when several processes start together."""

from pathlib import Path

import asyncpg
from pogo_core.util import migrate

MIGRATIONS = Path(__file__).parent / "migrations"

ADVISORY_LOCK = 0x7061_726C
"""Any fixed number; it names the lock under which migrations run."""


async def apply(owner_url: str, *, app_password: str | None) -> list[str]:
    """Brings the schema up to date and returns the names of the migrations applied now.

    `owner_url` is a role that may create roles and tables. `app_password` becomes the password of `parley_app`;
    None leaves it without one (a socket with `trust`).
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        before = await applied(connection)
        await migrate.apply(connection, MIGRATIONS, schema_name="public")
        if app_password is not None:
            literal = await connection.fetchval("SELECT quote_literal($1)", app_password)
            await connection.execute(f"ALTER ROLE parley_app PASSWORD {literal}")
        return sorted(await applied(connection) - before)
    finally:
        await connection.close()


async def pending(owner_url: str) -> list[str]:
    """Names of migrations that are not applied yet. Raises OSError or asyncpg.PostgresError when it cannot look."""
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        done = await applied(connection)
    finally:
        await connection.close()
    return sorted({path.stem for path in MIGRATIONS.glob("*.sql")} - done)


async def applied(connection: asyncpg.Connection) -> set[str]:
    if await connection.fetchval("SELECT to_regclass('public._pogo_migration')") is None:
        return set()
    rows = await connection.fetch("SELECT migration_id FROM public._pogo_migration")
    return {row["migration_id"] for row in rows}
