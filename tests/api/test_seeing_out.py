"""Somebody who was removed comes in with a token that they still had: LiveKit tells us, and they are out again."""

from pathlib import Path

import pytest
from livekit import api, rtc

from db.pool import Pool
from domain.call import prospect_identity
from domain.ids import InviteeId, uuid7
from tests.api.telling_media import telling_media
from tests.conftest import Database
from tests.sample import Tenant, add_call
from tests.simulated_people import People

pytestmark = pytest.mark.room


async def test_the_media_server_tells_us_who_came_in_and_whoever_was_removed_is_sent_out(
    database: Database, pool: Pool, tenant: Tenant, people: People, tmp_path: Path
) -> None:
    call = await add_call(pool, tenant.rep)
    removed, invited = InviteeId(uuid7()), call.invitees[0].invitee_id
    async with telling_media(database, tmp_path) as (access, _):
        staying = await people.enter_as(access, call.room, prospect_identity(invited))
        leaving = await people.enter_as(access, call.room, prospect_identity(removed))
        await people.until(lambda: leaving.connection_state == rtc.ConnectionState.CONN_DISCONNECTED, "they are out")
        async with api.LiveKitAPI(access.url.replace("ws", "http", 1), access.api_key, access.api_secret) as client:
            found = await client.room.list_participants(api.ListParticipantsRequest(room=call.room))
        assert [one.identity for one in found.participants] == [prospect_identity(invited)]
        assert staying.connection_state == rtc.ConnectionState.CONN_CONNECTED
