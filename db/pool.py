"""Opens the pool and gives transactions that see one organization's rows and no others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosql
import asyncpg

from domain.ids import OrganizationId

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.pool.PoolConnectionProxy
    Pool = asyncpg.Pool

DatabaseError = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""What a statement may raise when the database is away or refuses.

InternalClientError is what asyncpg 0.32 raises when the server ends a connection between two steps of a statement.
"""

DatabaseAway = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Those of DatabaseError that say nothing about the statement: the same one may work in a moment."""

queries: Any = aiosql.from_path(Path(__file__).parent / "queries", "asyncpg")

STATEMENT_DEADLINE_SECONDS = 10
REACHABLE_WITHIN_SECONDS = 2


async def open_pool(url: str, *, most_connections: int) -> Pool:
    """A pool for the role `parley_app`. The caller closes it. Raises one of DatabaseError."""
    return await asyncpg.create_pool(
        url, min_size=1, max_size=most_connections, timeout=10, command_timeout=STATEMENT_DEADLINE_SECONDS
    )


@asynccontextmanager
async def transaction(pool: Pool, organization_id: OrganizationId) -> AsyncIterator[Connection]:
    """One transaction in which row-level security lets through the rows of `organization_id`."""
    async with pool.acquire(timeout=STATEMENT_DEADLINE_SECONDS) as connection, connection.transaction():
        await connection.execute("SELECT set_config('app.organization_id', $1, true)", str(organization_id))
        yield connection


@asynccontextmanager
async def lookup(pool: Pool) -> AsyncIterator[Connection]:
    """A connection with no organization set: only the named `lookup` functions show anything."""
    async with pool.acquire(timeout=STATEMENT_DEADLINE_SECONDS) as connection:
        yield connection


async def is_reachable(pool: Pool) -> bool:
    """False when no connection is free, or none answers, within two seconds."""
    try:
        async with asyncio.timeout(REACHABLE_WITHIN_SECONDS):
            return bool(await pool.fetchval("SELECT true"))
    except DatabaseError:
        return False
