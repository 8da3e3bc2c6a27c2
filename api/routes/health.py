"""Could a call be held now, and if not, what is missing."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Literal

from fastapi import APIRouter, Response

from api.deps import PartsHeld
from api.problems import problem
from db import heartbeats
from db.pool import DatabaseError, is_reachable, lookup

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    ready: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    status: Literal["ready"]
    parts: list[Part]


@router.get("/health")
async def read_health(held: PartsHeld, response: Response) -> Health:
    response.headers["Cache-Control"] = "no-store"
    found = await look(held)
    if all(part.ready for part in found):
        return Health(status="ready", parts=found)
    missing = [part for part in found if not part.ready]
    raise NotReady(found, " ".join(part.detail for part in missing))


class NotReady(Exception):
    def __init__(self, found: list[Part], detail: str) -> None:
        super().__init__(detail)
        self.found = found
        self.detail = detail


def not_ready(error: Exception) -> Response:
    assert isinstance(error, NotReady)
    return problem(
        503,
        "not-ready",
        "A call could not be held now",
        error.detail,
        parts=[asdict(part) for part in error.found],
    )


async def look(held: PartsHeld) -> list[Part]:
    database, rooms = await asyncio.gather(is_reachable(held.pool), held.rooms.is_reachable())
    alive: dict[str, tuple[int, int]] = {}
    if database:
        try:
            async with lookup(held.pool) as connection:
                alive = await heartbeats.alive(connection)
        except DatabaseError:
            database = False
    agents, free_calls = alive.get("agent", (0, 0))
    stewards, _ = alive.get("steward", (0, 0))
    agent_detail = f"{agents} worker(s), room for {free_calls} more call(s)."
    return [
        Part(
            name="database",
            ready=database,
            detail="Answers." if database else "The database does not answer.",
        ),
        Part(name="rooms", ready=rooms, detail="Answers." if rooms else "The media server does not answer."),
        Part(
            name="agent",
            ready=free_calls > 0,
            detail=agent_detail if agents else "No agent worker has registered.",
        ),
        Part(
            name="steward",
            ready=stewards > 0,
            detail="Watches." if stewards else "Nobody watches over rooms and agents: the jobs process is not running.",
        ),
    ]
