"""The API as people run it: uvicorn in a process of its own, on a port of this machine."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from parley.plan import LiveKitAccess
from parley.ports import HOST, free_base_port
from parley.process import dying_with_us
from parley.settings import CHECKOUT
from tests.api.conftest import NOBODY_THERE, PUBLIC_URL, SECRET
from tests.conftest import Database, eventually

STARTED_WITHIN_S = 30


@dataclass(frozen=True)
class RealServer:
    port: int
    log: Path
    process: asyncio.subprocess.Process

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def environment_of(database: Database, folder: Path, port: int, rooms: LiveKitAccess = NOBODY_THERE) -> dict[str, str]:
    return {
        "PARLEY_PORT": str(port),
        "PARLEY_APP_DATABASE_URL": database.app_url,
        "LIVEKIT_URL": rooms.url,
        "LIVEKIT_API_KEY": rooms.api_key,
        "LIVEKIT_API_SECRET": rooms.api_secret,
        "PARLEY_SECRET": SECRET,
        "PARLEY_PUBLIC_URL": PUBLIC_URL,
        "PARLEY_WEB_DIR": str(folder),
        "PARLEY_AUDIT_DIR": str(folder / "audit"),
        "PYTHONUNBUFFERED": "1",
    }


@asynccontextmanager
async def serving(
    database: Database, folder: Path, *, rooms: LiveKitAccess = NOBODY_THERE, port: int | None = None, **other: str
) -> AsyncIterator[RealServer]:
    """Until the block ends. `folder` takes its log; `other` goes into its environment."""
    port = port or free_base_port()
    environment = {**environment_of(database, folder, port, rooms), **other}
    log = folder / "api.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *dying_with_us((sys.executable, "-m", "api"), signal.SIGKILL),
            cwd=CHECKOUT,
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
        )
    server = RealServer(port, log, process)
    try:
        async with httpx.AsyncClient(trust_env=False) as client:

            async def answers() -> bool:
                assert process.returncode is None, log.read_text()
                try:
                    return (await client.get(f"{server.url}/api/v1/me")).status_code == 401
                except httpx.TransportError:
                    return False

            await eventually(answers, "the API answers", within_s=STARTED_WITHIN_S)
        yield server
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
