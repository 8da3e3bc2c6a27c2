"""What guests do: look at their call, come in with a consent or wait for a place, change the consent, write.

Their link stands in the body.
"""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api import agent_line
from api.deps import Now, PartsHeld
from api.join import Waiting, admit_prospect, asked, call_of, join_view, note_consent, organization_of
from api.text import Line, LinkSecret, Words
from api.views import JoinView, RoomAccess
from db import calls, guests, places
from db.pool import transaction
from domain.call import Consent, prospect_identity
from domain.transcript import ParticipantRole

router = APIRouter(prefix="/joins")


class WithLink(BaseModel):
    model_config = ConfigDict(extra="forbid")
    link: LinkSecret


class WithConsent(WithLink):
    transcription: bool
    recording: bool

    @property
    def consent(self) -> Consent:
        return Consent(transcription=self.transcription, recording=self.recording)


class RoomTokenWanted(WithConsent):
    name: Line


class Message(WithLink):
    text: Words


@router.post("")
async def read_join(held: PartsHeld, wanted: WithLink, now: Now) -> JoinView:
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
        await guests.note_opened(connection, organization_id, invitee.invitee_id, now)
        consent = await calls.newest_consent(connection, organization_id, invitee.invitee_id)
    return await join_view(held, call, invitee, consent, now)


@router.post(
    "/room-tokens", response_model=RoomAccess, responses={202: {"model": Waiting, "description": "It is full"}}
)
async def take_guest_room_token(held: PartsHeld, wanted: RoomTokenWanted, now: Now) -> RoomAccess:
    return await admit_prospect(held, held.links.read(wanted.link), wanted.name, wanted.consent, now)


@router.post("/places/departures", status_code=204)
async def leave_line(held: PartsHeld, wanted: WithLink, now: Now) -> None:
    """They do not wait any more; the others move up at once."""
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
        await places.give_up(connection, call, prospect_identity(invitee.invitee_id), now)


@router.put("/consent", status_code=204)
async def change_consent(held: PartsHeld, wanted: WithConsent) -> None:
    """Written down first; then it acts at once on somebody who is in the room."""
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
        consent = asked(call, wanted.consent)
        await calls.add_consent(connection, call, invitee.invitee_id, consent)
        await note_consent(connection, call, invitee, consent)
    identity = prospect_identity(invitee.invitee_id)
    await held.rooms.set_consent(call.room, identity, ParticipantRole.PROSPECT, consent)


@router.post("/messages", status_code=202)
async def write_message(held: PartsHeld, wanted: Message, now: Now) -> dict[str, UUID]:
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
    call.must_admit(now)
    segment_id = await agent_line.say(held, call, prospect_identity(invitee.invitee_id), wanted.text)
    return {"segment_id": segment_id}
