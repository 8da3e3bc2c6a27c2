"""A media server that tells the API of a test who comes and goes, and that API: both as people run them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from parley.livekit_server import find
from parley.plan import LiveKitAccess, livekit_program
from parley.ports import HOST, Ports, free_base_port
from parley.settings import CHECKOUT
from tests.api.real_server import RealServer, serving
from tests.conftest import Database, running, wait_until


@asynccontextmanager
async def telling_media(database: Database, folder: Path) -> AsyncIterator[tuple[LiveKitAccess, RealServer]]:
    """Until the block ends. `folder` takes their logs."""
    ports = Ports(free_base_port())
    access = LiveKitAccess(f"ws://{HOST}:{ports.signalling}", "test", "a secret of thirty-two characters")
    server = find(CHECKOUT / ".venv" / "bin")
    assert server is not None, "livekit-server is missing; run `make setup`"

    def answers() -> bool:
        try:
            return httpx.get(f"http://{HOST}:{ports.signalling}/", timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    with running(livekit_program(server, ports, access), folder / "livekit.log"):
        wait_until(answers, "LiveKit answers")
        async with serving(database, folder, rooms=access, port=ports.api) as api:
            yield access, api
