"""Calls: list, book, come in, end; and for a call staged as text, the words of its people."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api import agent_line
from api.deps import CurrentUser, Now, OwnConnection, Parts, PartsHeld
from api.join import admit_colleague, own_call
from api.paging import cursor, read_cursor
from api.text import EmailAddress, Line, Words
from api.views import CallView, Page, RoomAccess, call_view
from db import calls
from db.pool import transaction
from domain.call import Call, CallKind, CallLead, CallOwner, CallStatus, Invitee
from domain.errors import InvalidInput, NotFound
from domain.ids import CallId, Identity, InviteeId, LeadId, QuestionSetId, SegmentId, uuid7
from domain.people import User

router = APIRouter(prefix="/calls")

PAGE = 50
OLDEST_START = timedelta(hours=1)
LATEST_START = timedelta(days=2 * 365)


class NewInvitee(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    email: EmailAddress | None = None


class NewCall(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Line
    kind: CallKind
    starts_at: AwareDatetime
    duration_minutes: Annotated[int, Field(ge=5, le=480)] = 60
    question_set_id: UUID | None = None
    lead_id: UUID | None = None
    invitees: list[NewInvitee] = Field(min_length=1, max_length=10)
    staged_as_text: bool = False


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
    after: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> Page[CallView]:
    before: tuple[datetime, CallId] | None = None
    if after is not None:
        at, last_id = read_cursor(after)
        before = (at, CallId(last_id))
    async with transaction(held.pool, user.organization_id) as connection:
        found = await calls.list_latest(connection, user.organization_id, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    present = await held.rooms.humans_in([call.room for call in shown if call.status is CallStatus.LIVE])
    return Page(
        items=[call_view(call, held.links, participants_present=present.get(call.room, 0)) for call in shown],
        next_cursor=cursor(shown[-1].starts_at, shown[-1].call_id) if len(found) > PAGE else None,
    )


@router.post("", status_code=201)
async def book_call(
    held: PartsHeld, connection: OwnConnection, user: CurrentUser, wanted: NewCall, now: Now
) -> CallView:
    if wanted.starts_at < now - OLDEST_START:
        raise InvalidInput("/body/starts_at", "The start lies in the past.")
    if wanted.starts_at > now + LATEST_START:
        raise InvalidInput("/body/starts_at", "The start lies more than two years ahead.")
    if wanted.staged_as_text and not held.settings.local_mode:
        raise InvalidInput("/body/staged_as_text", "Calls can be staged as text on a local copy only.")
    call = Call(
        call_id=CallId(uuid7()),
        organization_id=user.organization_id,
        organization_name=user.organization_name,
        title=wanted.title,
        kind=wanted.kind,
        status=CallStatus.SCHEDULED,
        starts_at=wanted.starts_at,
        duration_minutes=wanted.duration_minutes,
        owner=CallOwner(user_id=user.user_id, name=user.name),
        lead=CallLead(lead_id=LeadId(wanted.lead_id), name="", company="") if wanted.lead_id else None,
        question_set_id=QuestionSetId(wanted.question_set_id) if wanted.question_set_id else None,
        started_at=None,
        ended_at=None,
        staged_as_text=wanted.staged_as_text,
        invitees=tuple(
            Invitee(invitee_id=InviteeId(uuid7()), name=invitee.name, email=invitee.email, link_revision=1)
            for invitee in wanted.invitees
        ),
        last_seq=0,
    )
    try:
        await calls.add(connection, call)
    except calls.UnknownReference as error:
        raise InvalidInput(f"/body/{error.column}", "There is no such record, or it is not yours.") from None
    return call_view(await own_call(connection, user, call.call_id), held.links, participants_present=0)


@router.get("/{call_id}")
async def read_call(held: PartsHeld, user: CurrentUser, call_id: UUID) -> CallView:
    call = await found_call(held, user, call_id)
    return call_view(call, held.links, participants_present=await present_in(held, call))


@router.post("/{call_id}/room-tokens")
async def take_room_token(held: PartsHeld, user: CurrentUser, call_id: UUID, now: Now) -> RoomAccess:
    return await admit_colleague(held, user, call_id, now)


@router.put("/{call_id}/ending", status_code=204)
async def end_call(held: PartsHeld, user: CurrentUser, call_id: UUID) -> None:
    """Ends the call for everybody; a call that is over stays over. The agent closes its log when it has written all.

    The room goes after the end is written: whoever comes back meets a call that is over.
    """
    async with transaction(held.pool, user.organization_id) as connection:
        call = await own_call(connection, user, call_id)
        await calls.end(connection, call.organization_id, call.call_id, "ended by a colleague")
    await held.rooms.delete(call.room)


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


async def found_call(held: Parts, user: User, call_id: UUID) -> Call:
    """The call as of now, in a transaction that is over. Raises NotFound."""
    async with transaction(held.pool, user.organization_id) as connection:
        return await own_call(connection, user, call_id)


async def present_in(held: Parts, call: Call) -> int:
    if call.status is not CallStatus.LIVE:
        return 0
    return (await held.rooms.humans_in([call.room]))[call.room]
