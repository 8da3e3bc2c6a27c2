"""Nudges of a call: what was shown, and what people made of it."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.deps import CurrentUser, OwnConnection
from api.join import own_call
from api.viewing import note_viewing
from api.views import Page
from db import calls, nudges
from db.nudges import ShownNudge
from domain.errors import NotFound
from domain.ids import NudgeId
from domain.nudge import NudgeReaction, NudgeState

router = APIRouter(prefix="/calls/{call_id}/nudges")


class NudgeResponse(BaseModel):
    """Both are said each time; null takes back what was said before."""

    model_config = ConfigDict(extra="forbid")
    state: NudgeState | None
    reaction: NudgeReaction | None


@router.get("")
async def list_nudges(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> Page[ShownNudge]:
    """In the order of showing; what this person made of them goes before what others did."""
    call = await own_call(connection, user, call_id)
    shown = await nudges.of_call(connection, call, user.user_id)
    await note_viewing(connection, user, call)
    return Page(items=shown, next_cursor=None)


@router.put("/{nudge_id}/response", status_code=204)
async def respond_to_nudge(
    connection: OwnConnection, user: CurrentUser, call_id: UUID, nudge_id: UUID, wanted: NudgeResponse
) -> None:
    """A nudge is answered as soon as it is on the screen; it may come into the log a moment later."""
    call = await own_call(connection, user, call_id)
    its_call = await nudges.call_of(connection, user.organization_id, NudgeId(nudge_id))
    may_still_come = its_call is None and not await calls.has_closed_log(connection, user.organization_id, call.call_id)
    if its_call != call.call_id and not may_still_come:
        raise NotFound("nudge")
    await nudges.respond(connection, call, NudgeId(nudge_id), user.user_id, wanted.state, wanted.reaction)
