"""People who were invited to a call: to take one out again."""

from uuid import UUID

from fastapi import APIRouter

from api.deps import CurrentUser, PartsHeld
from api.join import own_call
from api.sending_out import send_out
from db import audit, calls
from db.pool import transaction
from domain.audit import Actor, Subject
from domain.call import prospect_identity
from domain.errors import NotFound
from domain.ids import InviteeId

router = APIRouter(prefix="/calls")


@router.delete("/{call_id}/invitees/{invitee_id}", status_code=204)
async def remove_invitee(held: PartsHeld, user: CurrentUser, call_id: UUID, invitee_id: UUID) -> None:
    """Their link is dead and they are out of the room. What they said in the call stays."""
    wanted = InviteeId(invitee_id)
    async with transaction(held.pool, user.organization_id) as connection:
        call = await own_call(connection, user, call_id)
        if not await calls.remove_invitee(connection, call.organization_id, call.call_id, wanted):
            raise NotFound("invitee")
        await audit.write(
            connection, call.organization_id, Actor.user(user.user_id), "invitee_removed",
            Subject("invitee", str(wanted)), call_id=call.call_id,
        )  # fmt: skip
    await send_out(held, [(call.room, prospect_identity(wanted))])
