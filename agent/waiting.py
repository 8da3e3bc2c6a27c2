"""Before anybody is there: the agent is in the room, alive, silent, and ready to speak."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from livekit import rtc

from agent.lease import beats, end_of
from agent.people import speaker_of
from db import calls
from db.leases import Kept
from db.pool import Pool, transaction
from domain.ending import NOBODY_CAME
from domain.ids import CallId, OrganizationId

GIVES_UP = NOBODY_CAME + timedelta(minutes=1)
"""After the start, or after it came. Later than the steward, who has a state and mails for calls nobody came to."""

NO_LONGER_WANTED = "the agent is no longer wanted"
NOBODY_CAME_AT_ALL = "nobody came"
ROOM_GONE = "the room is gone"


async def wait_for_people(
    room: rtc.Room, pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int
) -> str | None:
    """Returns None as soon as a human is there, at once for a call that is live; else why the agent is to leave.

    A call that somebody was let in to and never came to ends here.
    """
    told: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()  # by the room

    def disconnected(_reason: object) -> None:
        if not told.done():
            told.set_result(ROOM_GONE)

    def connected(who: rtc.RemoteParticipant) -> None:
        if speaker_of(who) and not told.done():
            told.set_result(None)

    room.on("disconnected", disconnected)
    room.on("participant_connected", connected)
    for who in room.remote_participants.values():
        connected(who)
    keeping = asyncio.create_task(_until_live_or_over(pool, organization_id, call_id, epoch))
    try:
        done, _ = await asyncio.wait([told, keeping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        room.off("disconnected", disconnected)
        room.off("participant_connected", connected)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    ended = (told if told in done else keeping).result()
    if ended == NOBODY_CAME_AT_ALL:
        async with transaction(pool, organization_id) as connection:
            await calls.end(connection, organization_id, call_id, ended)
    return ended


async def _until_live_or_over(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> str | None:
    came_at = datetime.now(UTC)
    async with aclosing(beats(pool, organization_id, call_id, epoch)) as known:
        async for kept in known:
            if kept.is_live:
                return None
            if reason := reason_to_leave(kept, epoch, came_at, datetime.now(UTC)):
                return reason
    raise AssertionError("beats do not end")


def reason_to_leave(kept: Kept, epoch: int, came_at: datetime, now: datetime) -> str | None:
    """Why an agent that came at `came_at` and has met nobody is to leave at `now`, or None."""
    if end := end_of(kept, epoch):
        return end
    if not kept.is_wanted:
        return NO_LONGER_WANTED
    return NOBODY_CAME_AT_ALL if now >= max(kept.starts_at, came_at) + GIVES_UP else None
