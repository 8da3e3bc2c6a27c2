"""Which of our processes are alive: each writes its row every BEAT_SECONDS, and is dead to us after five."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import asyncpg

from db.pool import Connection, DatabaseError, Pool, lookup, queries

BEAT_SECONDS = 1.0


async def keep_beating(pool: Pool, process_id: UUID, kind: str, free_calls: Callable[[], int]) -> None:
    """Beats until cancelled, also across times when the database is away; then takes its row out."""
    try:
        while True:
            with suppress(*DatabaseError):
                async with lookup(pool) as connection:
                    await queries.beat(connection, process_id=process_id, kind=kind, free_calls=free_calls())
            await asyncio.sleep(BEAT_SECONDS)
    finally:
        with suppress(*DatabaseError):
            async with lookup(pool) as connection:
                await queries.stop_beating(connection, process_id=process_id)


async def forget_all(url: str) -> None:
    """Forgets who was alive: after a start the rows of processes that were killed would count for five seconds.

    Those that live elsewhere write theirs again within BEAT_SECONDS.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await queries.forget_heartbeats(connection)
    finally:
        await connection.close()


async def alive(connection: Connection) -> dict[str, tuple[int, int]]:
    """By kind (`agent`, `steward`): how many live, and how many calls they could take now."""
    return {row["kind"]: (row["processes"], row["free_calls"]) async for row in queries.alive(connection)}
