"""How often something may be done: one count for all API processes, by the generic cell rate algorithm in SQL."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from db.pool import Connection, Pool, lookup, queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One of what `subject` may have for `purpose`: `burst` at once, and one more after each `every`."""

    purpose: str
    subject: str  # an address, an id: whoever is counted
    burst: int
    every: timedelta

    @property
    def key(self) -> bytes:
        """SHA-256, 32 B: who asked for what is not to be read in the table."""
        return hashlib.sha256(f"{self.purpose}\0{self.subject}".encode("utf-8", "surrogatepass")).digest()


async def take(pool: Pool, draws: Iterable[Draw]) -> float:
    """Takes each of them and returns 0, or the seconds until all could be taken; then those that could are taken too.

    In a transaction of its own: what fails or is refused afterwards has been asked for nevertheless.
    """
    # In one order for everybody, or two requests could wait for each other's rows.
    ordered = sorted(draws, key=lambda draw: draw.key)
    if not ordered:
        return 0.0
    async with lookup(pool) as connection:
        return await _take(connection, ordered)


async def take_with(connection: Connection, draw: Draw) -> float:
    """The same of one, in the caller's transaction: who breaks off has not asked. Others wait until it is over."""
    return await _take(connection, [draw])


async def _take(connection: Connection, ordered: Sequence[Draw]) -> float:
    waiting_s = await queries.take_each(
        connection,
        keys=[draw.key for draw in ordered],
        everys=[draw.every for draw in ordered],
        bursts=[draw.burst for draw in ordered],
    )
    return cast("float", waiting_s)


async def forget_old(pool: Pool) -> int:
    """How many keys are gone, whose whole allowance was there again."""
    async with lookup(pool) as connection:
        return cast("int", await queries.forget_old_limits(connection))
