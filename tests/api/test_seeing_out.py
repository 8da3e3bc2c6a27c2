"""Somebody who was removed comes in with a token that they still had: LiveKit tells us, and they are out again."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from livekit import api, rtc

from db.pool import Pool
from domain.call import prospect_identity
from domain.ids import InviteeId, uuid7
from parley.livekit_server import find
from parley.plan import LiveKitAccess
from parley.ports import HOST, Ports, free_base_port
from parley.process import Program
from parley.settings import CHECKOUT
from tests.api.real_server import serving
from tests.conftest import Database, running, wait_until
from tests.sample import Tenant, add_call
from tests.simulated_people import People

pytestmark = pytest.mark.room


async def test_the_media_server_tells_us_who_came_in_and_whoever_was_removed_is_sent_out(
    database: Database, pool: Pool, tenant: Tenant, people: People, tmp_path: Path, owner: Any
) -> None:
    ports = Ports(free_base_port())
    access = LiveKitAccess(f"ws://{HOST}:{ports.signalling}", "test", "a secret of thirty-two characters")
    webhook = {"api_key": access.api_key, "urls": [f"http://{HOST}:{ports.api}/api/v1/livekit/webhooks"]}
    config = (CHECKOUT / "livekit.yaml").read_text()
    media = Program(
        name="livekit",
        command=[
            str(find(CHECKOUT / ".venv" / "bin")),
            "--port",
            str(ports.signalling),
            "--udp-port",
            str(ports.media),
        ],
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

    call = await add_call(pool, tenant.rep)
    removed, invited = InviteeId(uuid7()), call.invitees[0].invitee_id
    with running(media, tmp_path / "livekit.log"):
        wait_until(answers, "LiveKit answers")
        async with serving(database, tmp_path, rooms=access, port=ports.api):
            staying = await people.enter_as(access, call.room, prospect_identity(invited))
            leaving = await people.enter_as(access, call.room, prospect_identity(removed))
            await people.until(
                lambda: leaving.connection_state == rtc.ConnectionState.CONN_DISCONNECTED, "they are out"
            )
            async with api.LiveKitAPI(access.url.replace("ws", "http", 1), access.api_key, access.api_secret) as client:
                found = await client.room.list_participants(api.ListParticipantsRequest(room=call.room))
            assert [one.identity for one in found.participants] == [prospect_identity(invited)]
            assert staying.connection_state == rtc.ConnectionState.CONN_CONNECTED
