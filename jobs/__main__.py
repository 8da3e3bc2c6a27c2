"""Starts the jobs process."""

import asyncio
import signal

from db.heartbeats import keep_beating
from db.pool import open_pool
from db.spool import Spool
from db.wanted import Wanted
from domain.ids import uuid7
from jobs.settings import JobsSettings
from jobs.steward import Steward
from providers.rooms import Rooms
from telemetry import log


async def run(settings: JobsSettings) -> None:
    """Until SIGINT or SIGTERM."""
    pool = await open_pool(settings.app_database_url, most_connections=10)
    rooms = Rooms(url=settings.livekit_url, api_key=settings.livekit_api_key, api_secret=settings.livekit_api_secret)
    wanted = Wanted(settings.app_database_url)
    steward = Steward(pool, rooms, Spool(settings.home / "spool"))
    tasks = [
        asyncio.create_task(wanted.listen()),
        asyncio.create_task(steward.run(wanted.wait)),
        asyncio.create_task(keep_beating(pool, uuid7(), "steward", lambda: 0)),
    ]
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
        await rooms.aclose()
        await pool.close()
    for result in ended:
        if isinstance(result, Exception):
            raise result


def main() -> None:
    settings = JobsSettings()
    log.configure("jobs", keep_pii=settings.log_pii)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
