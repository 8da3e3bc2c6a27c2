"""A media server that tells the API of a test who comes and goes, and that API: both as people run them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from parley.livekit_server import find
from parley.plan import LiveKitAccess
from parley.ports import HOST, Ports, free_base_port
from parley.process import Program
from parley.settings import CHECKOUT
from tests.api.real_server import RealServer, serving
from tests.conftest import Database, running, wait_until


@asynccontextmanager
async def telling_media(database: Database, folder: Path) -> AsyncIterator[tuple[LiveKitAccess, RealServer]]:
    """Until the block ends. `folder` takes their logs."""
    ports = Ports(free_base_port())
    access = LiveKitAccess(f"ws://{HOST}:{ports.signalling}", "test", "a secret of thirty-two characters")
    webhook = {"api_key": access.api_key, "urls": [f"http://{HOST}:{ports.api}/api/v1/livekit/webhooks"]}
    config = (CHECKOUT / "livekit.yaml").read_text()
    server = find(CHECKOUT / ".venv" / "bin")
    assert server is not None, "livekit-server is missing; run `make setup`"
    media = Program(
        name="livekit",
        command=[str(server), "--port", str(ports.signalling), "--udp-port", str(ports.media)],
        environment={
            "LIVEKIT_KEYS": f"{access.api_key}: {access.api_secret}",
            "LIVEKIT_CONFIG": f"{config}\nwebhook: {json.dumps(webhook)}\n",
        },
    )

    def answers() -> bool:
        try:
            return httpx.get(f"http://{HOST}:{ports.signalling}/", timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    with running(media, folder / "livekit.log"):
        wait_until(answers, "LiveKit answers")
        async with serving(database, folder, rooms=access, port=ports.api) as api:
            yield access, api
