"""Calls: list, book, come in, end, send the agent out; and for a call staged as text, the words of its people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api import agent_line
from api.booking import DurationMinutes, NewCall, book, request_key
from api.changing import MOST_INVITEES
from api.conflicts import conflicts
from api.deps import CurrentUser, Now, OwnConnection, Parts, PartsHeld
from api.join import Waiting, admit_colleague, call_views, own_call
from api.paging import cursor, read_cursor
from api.text import Instant, Line, LineOrNothing, TimeZone, Words, is_storable
from api.viewing import note_viewing
from api.views import CallView, Page, RoomAccess, call_view
from db import call_lists, calls, coverage, events
from db.call_lists import CallFilter
from db.coverage import CoveredQuestion
from db.pool import transaction
from domain.access import Viewer, visible_owners
from domain.audit import Actor
from domain.call import Call, CallStatus
from domain.errors import CallEnded, InvalidInput, NotFound
from domain.ids import CallId, Identity, SegmentId, UserId
from domain.transcript import Segment

router = APIRouter(prefix="/calls")

PAGE = 50
MaybeAddress = Annotated[str, Field(max_length=254), AfterValidator(is_storable)]
"""As it stands in a form; what is none yet is nobody's."""

MOST_DAYS = timedelta(days=62)
MOST_IN_DAYS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDay:
    day: date  # in the zone that was asked for
    calls: list[CallView]


class AgentPresence(BaseModel):
    model_config = ConfigDict(extra="forbid")
    present: bool


class StagedSegment(BaseModel):
    model_config = ConfigDict(extra="forbid")
    identity: Line
    segment_id: UUID
    text: Words
    start_ms: Annotated[int, Field(ge=0, le=86_400_000)]
    end_ms: Annotated[int, Field(ge=0, le=86_400_000)]


@router.get("")
async def list_calls(
    held: PartsHeld,
    user: CurrentUser,
    starts_from: Instant | None = None,
    starts_before: Instant | None = None,
    status: CallStatus | None = None,
    owner_id: UUID | None = None,
    search: LineOrNothing | None = None,
    order: Literal["latest", "earliest"] = "latest",
    after: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> Page[CallView]:
    place: tuple[datetime, CallId] | None = None
    if after is not None:
        at, last_id = read_cursor(after)
        place = (at, CallId(last_id))
    wanted = CallFilter(
        starts_from=starts_from,
        starts_before=starts_before,
        status=status,
        owner_id=UserId(owner_id) if owner_id else None,
        search=search or None,
    )
    async with transaction(held.pool, user.organization_id) as connection:
        found = await call_lists.find(
            connection,
            user.organization_id,
            visible_owners(user),
            wanted,
            latest_first=order == "latest",
            after=place,
            most=PAGE + 1,
        )
    shown = found[:PAGE]
    return Page(
        items=await call_views(held, shown),
        next_cursor=cursor(shown[-1].starts_at, shown[-1].call_id) if len(found) > PAGE else None,
    )


@router.post("", status_code=201, responses={200: {"model": CallView, "description": "Booked before, by this form"}})
async def book_call(
    held: PartsHeld,
    connection: OwnConnection,
    user: CurrentUser,
    wanted: NewCall,
    now: Now,
    response: Response,
    idempotency_key: Annotated[UUID | None, Header()] = None,
) -> CallView:
    if wanted.staged_as_text and not held.settings.local_mode:
        raise InvalidInput("/body/staged_as_text", "Calls can be staged as text on a local copy only.")
    key = request_key(user, str(idempotency_key), wanted.model_dump_json()) if idempotency_key else None
    call, is_new = await book(connection, user, wanted, key, now)
    if not is_new:
        response.status_code = 200
    return call_view(call, held.links, participants_present=0)


@router.get("/conflicts")
async def list_conflicts(
    held: PartsHeld,
    user: CurrentUser,
    starts_at: Instant,
    duration_minutes: DurationMinutes,
    owner_id: UUID | None = None,
    email: Annotated[tuple[MaybeAddress, ...], Query(max_length=MOST_INVITEES)] = (),
    moved: UUID | None = None,
) -> Page[CallView]:
    """What the owner, or whoever asks, has then, and what guests with these addresses have; `moved` is left out."""
    wanted_owner = UserId(owner_id) if owner_id else user.user_id
    but_for = CallId(moved) if moved else None
    try:
        async with transaction(held.pool, user.organization_id) as connection:
            found = await conflicts(connection, user, wanted_owner, email, starts_at, duration_minutes, but_for=but_for)
    except OverflowError:
        raise InvalidInput("/query/starts_at", "This instant is out of range.") from None
    return Page(items=await call_views(held, found), next_cursor=None)


@router.get("/days")
async def list_days(
    held: PartsHeld, user: CurrentUser, starts_from: Instant, starts_before: Instant, time_zone: TimeZone = "UTC"
) -> Page[CallDay]:
    """The days of that zone that have calls, and their calls, earliest first."""
    if starts_before - starts_from > MOST_DAYS:
        raise InvalidInput("/query/starts_before", f"Ask for {MOST_DAYS.days} days at most.")
    wanted = CallFilter(starts_from=starts_from, starts_before=starts_before)
    async with transaction(held.pool, user.organization_id) as connection:
        found = await call_lists.find(
            connection,
            user.organization_id,
            visible_owners(user),
            wanted,
            latest_first=False,
            after=None,
            most=MOST_IN_DAYS + 1,
        )
    if len(found) > MOST_IN_DAYS:
        raise InvalidInput("/query/starts_before", "There are too many calls on these days. Ask for fewer days.")
    zone = ZoneInfo(time_zone)
    days = groupby(await call_views(held, found), key=lambda call: call.starts_at.astimezone(zone).date())
    return Page(items=[CallDay(day=day, calls=list(some)) for day, some in days], next_cursor=None)


@router.get("/{call_id}")
async def read_call(held: PartsHeld, user: CurrentUser, call_id: UUID) -> CallView:
    (view,) = await call_views(held, [await found_call(held, user, call_id)])
    return view


@router.post("/{call_id}/room-tokens", responses={202: {"model": Waiting, "description": "It is full"}})
async def take_room_token(held: PartsHeld, user: CurrentUser, call_id: UUID, now: Now) -> RoomAccess:
    return await admit_colleague(held, user, call_id, now)


@router.put("/{call_id}/ending", status_code=204)
async def end_call(held: PartsHeld, user: CurrentUser, call_id: UUID) -> None:
    """Ends the call for everybody; a call that is over stays over. The agent closes its log when it has written all.

    The room goes after the end is written: whoever comes back meets a call that is over.
    """
    async with transaction(held.pool, user.organization_id) as connection:
        call = await own_call(connection, user, call_id)
        by = Actor.user(user.user_id)
        await calls.end(connection, call.organization_id, call.call_id, "ended by a colleague", by=by)
    await held.rooms.delete(call.room)


@router.put("/{call_id}/agent", status_code=204)
async def set_agent_presence(
    connection: OwnConnection, user: CurrentUser, call_id: UUID, wanted: AgentPresence, now: Now
) -> None:
    """Asks the agent to leave, or to come back. The call goes on without it."""
    call = await own_call(connection, user, call_id)
    if reason := call.closed_reason(now):
        raise CallEnded(reason)
    await (calls.readmit_agent if wanted.present else calls.dismiss_agent)(connection, call)


@router.get("/{call_id}/transcript")
async def read_transcript(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> Page[Segment]:
    """In the order of speaking."""
    call = await own_call(connection, user, call_id)
    segments = await events.transcript(connection, call.organization_id, call.call_id)
    await note_viewing(connection, user, call)
    return Page(items=segments, next_cursor=None)


@router.get("/{call_id}/coverage")
async def read_coverage(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> Page[CoveredQuestion]:
    """In the order of asking."""
    call = await own_call(connection, user, call_id)
    covered = await coverage.of_call(connection, call)
    await note_viewing(connection, user, call)
    return Page(items=covered, next_cursor=None)


@router.post("/{call_id}/staged-segments", status_code=202)
async def stage_segment(held: PartsHeld, user: CurrentUser, call_id: UUID, wanted: StagedSegment) -> dict[str, UUID]:
    """Feeds a final segment past the speech model, for calls staged as text on a local copy."""
    call = await found_call(held, user, call_id)
    if not (held.settings.local_mode and call.staged_as_text):
        raise NotFound("page")
    segment_id = await agent_line.say(
        held,
        call,
        Identity(wanted.identity),
        wanted.text,
        segment_id=SegmentId(wanted.segment_id),
        spoken_ms=(wanted.start_ms, max(wanted.start_ms, wanted.end_ms)),
    )
    return {"segment_id": segment_id}


async def found_call(held: Parts, user: Viewer, call_id: UUID) -> Call:
    """The call as of now, in a transaction that is over. Raises NotFound."""
    async with transaction(held.pool, user.organization_id) as connection:
        return await own_call(connection, user, call_id)
