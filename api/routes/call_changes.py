"""Calls that have not begun: to move, change, cancel and copy them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict

from api.booking import NewCall, book, request_key
from api.changing import Cancellation, ChangedCall, cancel, change, close_room
from api.deps import CurrentUser, Now, OwnConnection, Parts, PartsHeld
from api.join import own_call
from api.text import Instant
from api.views import CallView, call_view
from db.pool import transaction
from domain.call import Call
from domain.errors import InvalidInput

router = APIRouter(prefix="/calls")


class NewCopy(BaseModel):
    model_config = ConfigDict(extra="forbid")
    starts_at: Instant


@router.patch("/{call_id}")
async def change_call(held: PartsHeld, user: CurrentUser, call_id: UUID, wanted: ChangedCall, now: Now) -> CallView:
    """Its links stay good, and its guests are written to when they must learn of it."""
    async with transaction(held.pool, user.organization_id) as connection:
        before, after = await change(connection, user, call_id, wanted, now)
    return await shown(held, before, after, now)


@router.put("/{call_id}/cancellation")
async def cancel_call(held: PartsHeld, user: CurrentUser, call_id: UUID, wanted: Cancellation, now: Now) -> CallView:
    async with transaction(held.pool, user.organization_id) as connection:
        before, after = await cancel(connection, user, call_id, wanted, now)
    return await shown(held, before, after, now)


async def shown(held: Parts, before: Call, after: Call, now: datetime) -> CallView:
    await close_room(held, before, after, now)
    return call_view(after, held.links, participants_present=0)


@router.post(
    "/{call_id}/copies",
    status_code=201,
    responses={200: {"model": CallView, "description": "Copied before, by this form"}},
)
async def copy_call(
    held: PartsHeld,
    connection: OwnConnection,
    user: CurrentUser,
    call_id: UUID,
    wanted: NewCopy,
    now: Now,
    response: Response,
    idempotency_key: Annotated[UUID | None, Header()] = None,
) -> CallView:
    """The same guests with new links, at another time."""
    call = await own_call(connection, user, call_id)
    if not call.invitees:
        raise InvalidInput("/path/call_id", "Nobody is invited to this call. Book a new one.")
    asked = f"copy {call_id} {wanted.model_dump_json()}"
    key = request_key(user, str(idempotency_key), asked) if idempotency_key else None
    copied, is_new = await book(connection, user, copy_of(call, wanted.starts_at), key, now)
    if not is_new:
        response.status_code = 200
    return call_view(copied, held.links, participants_present=0)


def copy_of(call: Call, starts_at: datetime) -> NewCall:
    return NewCall.model_validate(
        {
            "title": call.title,
            "kind": call.kind,
            "starts_at": starts_at,
            "time_zone": call.time_zone,
            "duration_minutes": call.duration_minutes,
            "owner_id": call.owner.user_id,
            "question_set_id": call.question_set_id,
            "lead_id": call.lead.lead_id if call.lead else None,
            "most_participants": call.most_participants,
            "invitees": [{"name": one.name, "email": one.email, "time_zone": one.time_zone} for one in call.invitees],
            "switches": {name: getattr(call.switches, name) for name in call.switches.__slots__},
        }
    )
