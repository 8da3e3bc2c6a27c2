"""People who are invited to a call: to add one, take one out again, write to one once more, and what came of it."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.booking import NewInvitee
from api.changing import held_call, invite, uninvite
from api.deps import CurrentUser, Now, OwnConnection, PartsHeld
from api.join import call_views, own_call
from api.sending_out import send_out
from api.views import CallView, Page
from db import emails, timelines
from db.pool import transaction
from db.timelines import Moment
from domain.call import prospect_identity
from domain.errors import InvalidInput, NotFound
from domain.ids import InviteeId

router = APIRouter(prefix="/calls")


class OnceMore(BaseModel):
    model_config = ConfigDict(extra="forbid")


@router.post("/{call_id}/invitees", status_code=201)
async def add_invitee(held: PartsHeld, user: CurrentUser, call_id: UUID, wanted: NewInvitee, now: Now) -> CallView:
    async with transaction(held.pool, user.organization_id) as connection:
        call = await invite(connection, user, call_id, wanted, now)
    (view,) = await call_views(held, [call])
    return view


@router.delete("/{call_id}/invitees/{invitee_id}", status_code=204)
async def remove_invitee(held: PartsHeld, user: CurrentUser, call_id: UUID, invitee_id: UUID, now: Now) -> None:
    """Their link is dead, they are out of the room and learn that they are not awaited. What they said stays."""
    wanted = InviteeId(invitee_id)
    async with transaction(held.pool, user.organization_id) as connection:
        call = await uninvite(connection, user, call_id, wanted, now)
    await send_out(held, [(call.room, prospect_identity(wanted))])


@router.post("/{call_id}/invitees/{invitee_id}/mails", status_code=202)
async def send_again(
    connection: OwnConnection, user: CurrentUser, call_id: UUID, invitee_id: UUID, wanted: OnceMore, now: Now
) -> None:
    """What they were told last of the call, once more."""
    call = await held_call(connection, user, call_id)
    if invitee_id not in {invitee.invitee_id for invitee in call.invitees}:
        raise NotFound("invitee")
    if not await emails.resend(connection, call.organization_id, call.call_id, InviteeId(invitee_id), now):
        raise InvalidInput(
            "/path/invitee_id",
            "There is nothing to send again: there is no address, the mails of this call are off, or it is over.",
        )


@router.get("/{call_id}/invitees/{invitee_id}/timeline")
async def read_timeline(connection: OwnConnection, user: CurrentUser, call_id: UUID, invitee_id: UUID) -> Page[Moment]:
    """Also of somebody who was removed."""
    call = await own_call(connection, user, call_id)
    moments = await timelines.of_invitee(connection, call.organization_id, call.call_id, InviteeId(invitee_id))
    if moments is None:
        raise NotFound("invitee")
    return Page(items=moments, next_cursor=None)
