"""The whole product on this machine, started in order and stopped in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from db import heartbeats, migrate
from parley.leftovers import end_leftovers, mark
from parley.plan import (
    PROBE_WITHIN_S,
    LiveKitAccess,
    Plan,
    find_livekit_server,
    livekit_part,
    make_plan,
    our_processes,
    postgres_part,
)
from parley.ports import wait_until_free
from parley.postgres import Cluster
from parley.postgres_setup import prepare
from parley.problems import SetupProblem
from parley.report import Report, Silent
from parley.settings import Settings, inherited_environment
from parley.supervisor import POLL_S, WAITING_LINE_EVERY_S, Part, Supervisor

HEALTHY_WITHIN_S = 60.0
OTHER_SERVER_ENDS_WITHIN_S = 15.0
MIGRATED_WITHIN_S = 60.0

Migrate = Callable[[Plan], Awaitable[list[str]]]


@dataclass(frozen=True)
class Product:
    """A running copy. The URLs are good for as long as the `running_product` that gave it."""

    plan: Plan
    supervisor: Supervisor

    @property
    def url(self) -> str:
        """Of the app and its API, without a slash at the end."""
        return self.plan.api_url

    @property
    def livekit(self) -> LiveKitAccess:
        return self.plan.livekit

    @property
    def app_database_url(self) -> str:
        return self.plan.app_database_url

    @property
    def owner_database_url(self) -> str:
        return self.plan.owner_database_url

    def pid(self, name: str) -> int:
        """The process of "postgres", "livekit", "agent", "api" or "jobs"; another one after a restart."""
        return self.supervisor.pid(name)


@asynccontextmanager
async def running_product(
    settings: Settings,
    *,
    report: Report | None = None,
    processes: Callable[[Plan], Sequence[Part]] = our_processes,
    healthy_within_s: float = HEALTHY_WITHIN_S,
) -> AsyncIterator[Product]:
    """Starts everything, yields when a call could be held, and stops everything at the end, whatever happens.

    Call it from the main thread: children die with the thread that started them. Raises SetupProblem.
    """
    report = report or Silent()
    plan = make_plan(settings)
    environment = {**inherited_environment(), **mark(plan.home)}
    supervisor = Supervisor(plan.home.logs, environment, report)
    with plan.home.lock(plan.ports.api):
        end_leftovers(plan.home)
        await wait_until_free(plan.ports, own_livekit=settings.own_livekit)
        try:
            if settings.own_livekit:
                supervisor.start(livekit_part(plan, find_livekit_server()))
            if plan.cluster is not None:
                await start_postgres(plan.cluster, supervisor, report)
            await migrate_database(plan, report)
            await heartbeats.forget_all(plan.owner_database_url)
            parts = list(processes(plan))
            for part in parts:
                supervisor.start(part)
            names = [part.name for part in parts]
            await _all_ready(supervisor, ["livekit", *names] if settings.own_livekit else names)
            await _until_healthy(plan.api_url, report, healthy_within_s)
            yield Product(plan, supervisor)
        finally:
            await supervisor.stop()


async def start_postgres(cluster: Cluster, supervisor: Supervisor, report: Report) -> None:
    """Makes the database when it is not there, starts the server and waits until it accepts connections."""
    began = time.monotonic()
    if await asyncio.to_thread(prepare, cluster):
        report.done("database", time.monotonic() - began, f"made in {cluster.data}")
    deadline = time.monotonic() + OTHER_SERVER_ENDS_WITHIN_S
    while (pid := cluster.other_server()) is not None:
        if time.monotonic() > deadline:
            raise SetupProblem(
                f"Another PostgreSQL server (process {pid}) works on {cluster.data}.",
                f"Stop it with `kill -INT {pid}` and start again.",
            )
        await asyncio.sleep(POLL_S)
    supervisor.start(postgres_part(cluster))
    await supervisor.until_ready("postgres")


async def migrate_database(plan: Plan, report: Report) -> list[str]:
    """Brings the schema up to date; the names of what was applied. Raises SetupProblem."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(MIGRATED_WITHIN_S):
            applied = await migrate.apply(plan.owner_database_url, app_password=plan.app_password)
    except Exception as error:
        raise SetupProblem(
            f"The database could not be brought up to date: {type(error).__name__}: {error}",
            "Check that DATABASE_URL names a PostgreSQL server that runs and a role that owns the database."
            if plan.cluster is None
            else f"The database's own words are in {plan.home.logs / 'postgres.log'}.",
        ) from error
    report.done("migrations", time.monotonic() - began, ", ".join(applied) or "none were missing")
    return applied


async def _all_ready(supervisor: Supervisor, names: Sequence[str]) -> None:
    """Waits for all together; the first that fails ends the wait."""
    try:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(supervisor.until_ready(name))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _until_healthy(api_url: str, report: Report, within_s: float) -> None:
    """Waits for 200 from the health page: a call could be held now."""
    began = time.monotonic()
    next_line = WAITING_LINE_EVERY_S
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=PROBE_WITHIN_S * 5) as client:
        while True:
            missing = await health(client, api_url)
            seconds = time.monotonic() - began
            if missing is None:
                report.done("health", seconds, "a call can be held")
                return
            if seconds > within_s:
                raise SetupProblem(
                    f"Everything runs, but no call could be held within {within_s:.0f} s: {missing}",
                    "`parley doctor` checks every part and names the remedy.",
                )
            if seconds > next_line:
                report.waiting("health", seconds, missing)
                next_line += WAITING_LINE_EVERY_S
            await asyncio.sleep(POLL_S * 3)


async def health(client: httpx.AsyncClient, api_url: str) -> str | None:
    """None when the product at this address can hold a call, else the parts that are missing."""
    try:
        answer = await client.get(f"{api_url}/api/v1/health")
        body: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return f"no answer ({type(error).__name__})"
    if answer.status_code == httpx.codes.OK:
        return None
    missing = [part for part in body.get("parts", []) if not part.get("ready")]
    return "; ".join(f"{part.get('name')}: {part.get('detail')}" for part in missing) or str(body.get("title"))
