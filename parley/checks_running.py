"""What `parley doctor` looks at in motion: ports, database, the running product, a real room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from db import migrate
from notifications.smtp import NotSent, host_name, reach
from parley.home import Home
from parley.plan import LiveKitAccess, Plan, find_livekit_server, livekit_part, make_plan
from parley.ports import HOST, Ports, free_base_port
from parley.postgres import SYSTEM_FOLDER
from parley.problems import SetupProblem
from parley.product import health, start_postgres
from parley.report import Silent
from parley.round_trip import round_trip
from parley.settings import Settings, inherited_environment
from parley.supervisor import Supervisor

SLOW_ROUND_TRIP_MS = 1_000.0
HEALTH_WITHIN_S = 10.0


async def ports(settings: Settings) -> str:
    running = Home.open(settings.home).running()
    if running is not None:
        return f"{running.port} to {running.port + 3} are ours (process {running.pid})"
    if taken := Ports(settings.port).taken(own_livekit=settings.own_livekit):
        raise SetupProblem(
            f"Another process has port {', '.join(taken)}.",
            f"Stop it (`ss -lntup` names it), or take others: PARLEY_PORT={settings.port + 100} make run.",
        )
    return f"{settings.port} to {settings.port + 3} are free"


async def database(settings: Settings) -> str:
    """It can be reached or, when nothing runs, started; and its schema is of today."""
    plan = make_plan(settings)
    async with _database_up(plan):
        try:
            missing = await migrate.pending(plan.owner_database_url)
        except Exception as error:
            raise SetupProblem(
                f"The database does not let us in: {type(error).__name__}: {error}",
                "Check that DATABASE_URL names a server that runs, and the right role and password."
                if plan.cluster is None
                else f"Its own words are in {plan.home.logs / 'postgres.log'}.",
            ) from error
    where = f"in {plan.cluster.data}" if plan.cluster else "by DATABASE_URL"
    if missing and plan.home.running() is not None:
        raise SetupProblem(f"{where}, but not up to date: {', '.join(missing)}", "Run `parley migrate`.")
    later = f"; {len(missing)} migrations are applied at the next start" if missing else "; up to date"
    return f"{where}{later}{_orphans(plan)}"


async def product(settings: Settings) -> str:
    running = Home.open(settings.home).running()
    if running is None:
        return "does not run now"
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=HEALTH_WITHIN_S) as client:
        missing = await health(client, f"http://{HOST}:{running.port}")
    if missing is not None:
        raise SetupProblem(
            f"It runs, but no call could be held: {missing}",
            f"The parts' own words are in {settings.home / 'logs'}; restart it with Ctrl-C and `make run`.",
        )
    return f"runs, and a call could be held (process {running.pid})"


async def mail(settings: Settings) -> str:
    """Whoever takes this copy's mails lets us in. Servers that organizations set for themselves are not tried."""
    plan = _plan_as_it_runs(settings)
    server, is_mailbox = plan.mail_server, not settings.smtp_host
    if server is None:
        raise SetupProblem(
            "No mail server is set: links to sign in reach only organizations that have set one of their own.",
            "Set PARLEY_SMTP_HOST and PARLEY_SMTP_SENDER_EMAIL in .env; .env.example explains them.",
        )
    if is_mailbox and plan.home.running() is None:
        return "goes into the local mailbox, which does not run now"
    try:
        await reach(server, our_name=host_name(settings.public_url))
    except NotSent as refused:
        raise SetupProblem(
            str(refused),
            f"The mailbox's own words are in {plan.home.logs / 'jobs.log'}; restart it with Ctrl-C and `make run`."
            if is_mailbox
            else "Check PARLEY_SMTP_… in .env, and that this machine may reach the server.",
        ) from None
    return f"{'the local mailbox' if is_mailbox else server.host} takes it on port {server.port}"


async def room(settings: Settings) -> str:
    """A tone and a text through a real room: the running copy's, else one of a LiveKit server of our own."""
    plan = make_plan(settings)
    async with _livekit_up(plan) as access:
        try:
            trip = await round_trip(access)
        except TimeoutError:
            raise SetupProblem(
                f"The media server at {access.url} answers, but no sound came through.",
                "See that UDP on the loopback interface is not filtered, and that livekit.yaml is as it was.",
            ) from None
        except Exception as error:
            raise SetupProblem(
                f"The media server at {access.url} did not let us in: {error}",
                f"Its words are in {plan.home.logs / 'livekit.log'}. With LIVEKIT_URL: check key and secret.",
            ) from error
    slow = " (slow: is the machine busy?)" if trip.heard_ms > SLOW_ROUND_TRIP_MS else ""
    heard = f"heard in {trip.heard_ms:.0f} ms{slow}"
    return f"joined in {trip.connected_ms:.0f} ms, {heard}, read in {trip.read_ms:.0f} ms"


@asynccontextmanager
async def _database_up(plan: Plan) -> AsyncIterator[None]:
    if plan.cluster is None or plan.home.running() is not None:
        yield
        return
    supervisor = Supervisor(plan.home.logs, inherited_environment(), Silent())
    with plan.home.lock(plan.ports.api):
        try:
            await start_postgres(plan.cluster, supervisor, Silent())
            yield
        finally:
            await supervisor.stop()


@asynccontextmanager
async def _livekit_up(plan: Plan) -> AsyncIterator[LiveKitAccess]:
    if not plan.settings.own_livekit or plan.home.running() is not None:
        yield _plan_as_it_runs(plan.settings).livekit
        return
    elsewhere = make_plan(plan.settings.model_copy(update={"port": free_base_port()}))
    supervisor = Supervisor(plan.home.logs, inherited_environment(), Silent())
    try:
        supervisor.start(livekit_part(elsewhere, find_livekit_server()))
        await supervisor.until_ready("livekit")
        yield elsewhere.livekit
    finally:
        await supervisor.stop()


def _plan_as_it_runs(settings: Settings) -> Plan:
    """At the ports of the copy that runs, whichever are set now."""
    running = Home.open(settings.home).running()
    return make_plan(settings.model_copy(update={"port": running.port}) if running else settings)


def _orphans(plan: Plan) -> str:
    """Databases under /var/lib/parley whose PARLEY_HOME is gone."""
    if plan.cluster is None or plan.cluster.user is None:
        return ""
    gone = [
        str(note.parent)
        for note in SYSTEM_FOLDER.glob("*/home")
        if not (Path(note.read_text(encoding="utf-8").strip()) / "secrets.json").exists()
    ]
    return f". No longer used, may be removed: {' '.join(gone)}" if gone else ""
