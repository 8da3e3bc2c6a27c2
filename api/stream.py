"""A call's events as server-sent events: from the log, then live; resumes after what the reader has seen."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.deps import CurrentUser, PartsHeld
from api.routes.calls import own_call
from db import event_json
from db.feed import Feed
from db.pool import transaction
from domain.ids import CallId, OrganizationId

router = APIRouter(prefix="/calls")

PING_SECONDS = 15
OLDEST_SECONDS = 3600
"""A stream is closed after an hour; the page connects again where it was."""


@router.get("/{call_id}/events", response_class=EventSourceResponse)
async def follow_events(
    held: PartsHeld,
    user: CurrentUser,
    call_id: UUID,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> EventSourceResponse:
    async with transaction(held.pool, user.organization_id) as connection:
        call = await own_call(connection, user, call_id)
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() and len(last_event_id) < 19 else after
    return EventSourceResponse(
        sent(held.feed, user.organization_id, call.call_id, seen),
        ping=PING_SECONDS,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def sent(
    feed: Feed, organization_id: OrganizationId, call_id: CallId, after: int
) -> AsyncIterator[ServerSentEvent]:
    async for batch in feed.follow(organization_id, call_id, after=after):
        for event in batch:
            yield ServerSentEvent(id=str(event.seq), event=event.kind, data=event_json.dump(event))
        if batch and batch[-1].kind == "call_ended":
            return
