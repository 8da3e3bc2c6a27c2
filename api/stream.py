"""A call's events as server-sent events: from the log, then live; resumes after what the reader has seen.

Whether the reader may still see them is asked anew before each batch, also an empty one, as `db/feed.py` gives every
two seconds: who was shut out reads nothing more.
"""

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.deps import CurrentUser, Parts, PartsHeld
from api.join import own_call
from api.viewing import note_viewing
from db import calls, event_json, people
from db.pool import DatabaseAway, transaction
from domain.access import Viewer, may_see_calls_of
from domain.call import Call

router = APIRouter(prefix="/calls")

PING_SECONDS = 15
SEND_WITHIN_SECONDS = 30
"""A reader that takes nothing for this long is gone."""

OLDEST_SECONDS = 3600
"""A stream is closed after an hour; the page connects again."""


@router.get("/{call_id}/events", response_class=EventSourceResponse)
async def follow_events(
    held: PartsHeld,
    user: CurrentUser,
    call_id: UUID,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Response:
    """204, which tells an EventSource not to come again, when the log is closed and all of it has been read."""
    async with transaction(held.pool, user.organization_id) as connection:
        call = await own_call(connection, user, call_id)
        is_closed = await calls.has_closed_log(connection, user.organization_id, call.call_id)
        seen = seq_of(last_event_id, otherwise=after)
        if is_closed and seen >= call.last_seq:
            return Response(status_code=204)
        await note_viewing(connection, user, call)
    last_seq = call.last_seq if is_closed else None
    return EventSourceResponse(
        sent(held, user, call, after=seen, last_seq=last_seq),
        ping=PING_SECONDS,
        send_timeout=SEND_WITHIN_SECONDS,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def seq_of(last_event_id: str | None, *, otherwise: int) -> int:
    """The number that a reader has seen last; what is no number of ours is as if it had not been sent."""
    is_ours = last_event_id is not None and last_event_id.isascii() and last_event_id.isdecimal()
    return int(last_event_id) if last_event_id and is_ours and len(last_event_id) < 19 else otherwise


async def sent(
    held: Parts, viewer: Viewer, call: Call, *, after: int, last_seq: int | None
) -> AsyncIterator[ServerSentEvent]:
    """Ends with `call_ended`, with `last_seq` of a closed log, after an hour, when the database goes away, and when the
    reader is disabled, signed out, or may no longer see the call."""
    closes_at = time.monotonic() + OLDEST_SECONDS
    try:
        async with aclosing(held.feed.follow(call.organization_id, call.call_id, after=after)) as batches:
            async for batch in batches:
                if not await may_read_on(held, viewer, call):
                    return
                for event in batch:
                    yield ServerSentEvent(id=str(event.seq), event=event.kind, data=event_json.dump(event))
                if any(event.kind == "call_ended" or event.seq == last_seq for event in batch):
                    return
                if time.monotonic() > closes_at:
                    return
    except DatabaseAway:
        return


async def may_read_on(held: Parts, viewer: Viewer, call: Call) -> bool:
    """As of now. A call keeps its owner."""
    async with transaction(held.pool, viewer.organization_id) as connection:
        found = await people.viewer(connection, viewer.organization_id, viewer.user_id, viewer.device_id)
    return found is not None and may_see_calls_of(found, call.owner.user_id)
