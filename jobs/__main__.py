"""Starts the jobs process."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from db import emails
from db.heartbeats import keep_beating
from db.jobs import Entrypoint
from db.pool import Pool, open_pool
from db.spool import Spool
from db.wanted import Wanted
from domain.ids import uuid7
from jobs.audit_heads import AuditHeads
from jobs.catcher import Catcher
from jobs.chores import Chores
from jobs.delivering import Delivering
from jobs.letters import Letters
from jobs.models import load_reviewer
from jobs.places import Places
from jobs.reading import Reading
from jobs.reviewing import Reviewing
from jobs.sending import Sender
from jobs.servers import Servers
from jobs.settings import JobsSettings
from jobs.steward import Steward
from jobs.trials import Trials
from jobs.worker import Worker
from jobs.writing import Writing
from notifications.letter import Stationery
from notifications.smtp import host_name
from providers.rooms import Rooms
from telemetry import log

SWEEP = "* * * * *"
HOURLY = "7 * * * *"
NIGHTLY = "17 3 * * *"


async def run(settings: JobsSettings) -> None:
    """Until SIGINT or SIGTERM."""
    pool = await open_pool(settings.app_database_url, most_connections=10)
    queue_pool = await open_pool(settings.app_database_url, most_connections=4)
    rooms = Rooms(url=settings.livekit_url, api_key=settings.livekit_api_key, api_secret=settings.livekit_api_secret)
    wanted, mail_due = Wanted(settings.app_database_url), Wanted(settings.app_database_url, emails.AWAKENED_BY)
    steward = Steward(pool, rooms, Spool(settings.home / "spool"))
    reviewing = Reviewing(pool, load_reviewer, Writing(pool, settings).review)
    reviewing.prepare()
    sender, trials = mail(pool, settings)
    async with mail_is_caught(pool, settings.mailbox_port):
        try:
            await until_stopped(
                wanted.listen(),
                mail_due.listen(),
                steward.run(wanted.wait),
                Places(pool, rooms).run(),
                sender.run(mail_due.wait),
                keep_beating(pool, uuid7(), "steward", lambda: 0),
                worker(pool, queue_pool, settings, reviewing, trials).run(),
            )
        finally:
            reviewing.close()
            await rooms.aclose()
            await queue_pool.close()
            await pool.close()


def mail(pool: Pool, settings: JobsSettings) -> tuple[Sender, Trials]:
    stationery, our_name = Stationery(), host_name(settings.public_url)
    servers = Servers(
        pool, secret=settings.secret, installation=settings.mail_server, mailbox_port=settings.mailbox_port
    )
    letters = Letters(pool, stationery, secret=settings.secret, public_url=settings.public_url)
    delivering = Delivering(pool, letters, servers, our_name=our_name, clock=now)
    return Sender(pool, servers, delivering, now), Trials(pool, servers, stationery, our_name)


def now() -> datetime:
    return datetime.now(UTC)


def worker(pool: Pool, queue_pool: Pool, settings: JobsSettings, reviewing: Reviewing, trials: Trials) -> Worker:
    chores = Chores(pool)
    return Worker(
        queue_pool,
        {
            Entrypoint.TRY_SMTP: trials.run,
            Entrypoint.REVIEW_CALL: reviewing.run,
        },
        {
            "find_lost_work": (SWEEP, chores.find_lost_work),
            "forget_limits": (SWEEP, chores.forget_limits),
            "read_inboxes": (SWEEP, Reading(pool, secret=settings.secret, clock=now).run),
            "sign_audit_heads": (HOURLY, AuditHeads(pool, settings.audit_dir).sign),
            "erase": (NIGHTLY, chores.erase),
        },
    )


@asynccontextmanager
async def mail_is_caught(pool: Pool, port: int | None) -> AsyncIterator[None]:
    """The local mailbox takes mail for as long as this lasts; None: there is none."""
    if port is None:
        yield
        return
    server = await Catcher(pool).listen(port)
    try:
        yield
    finally:
        server.close()


async def until_stopped(*work: Awaitable[object]) -> None:
    """Ends with SIGINT, SIGTERM or the first of the work that ends; raises what that raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (stopped, *tasks):
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result


def main() -> None:
    settings = JobsSettings()
    log.configure("jobs", keep_pii=settings.log_pii)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
