"""What guests do: look at their call, come in with a consent, change it, write. Their link stands in the body."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api import agent_line
from api.deps import Now, PartsHeld
from api.join import admit_prospect, asked, call_of, humans_in, note_consent, organization_of
from api.text import Line, LinkSecret, Words
from api.views import JoinView, RoomAccess
from db import calls
from db.pool import transaction
from domain.call import AGENT_DISPLAY_NAME, Consent, prospect_identity
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
        consent = await calls.newest_consent(connection, organization_id, invitee.invitee_id)
    closed = call.closed_reason(now)
    early = call.is_early(now)
    may_join = closed is None and not early
    present = await humans_in(held, [call] if may_join else [])
    return JoinView(
        call_id=call.call_id,
        title=call.title,
        kind=call.kind,
        status=call.status,
        starts_at=call.starts_at,
        time_zone=invitee.time_zone or call.time_zone,
        duration_minutes=call.duration_minutes,
        organization_name=call.organization_name,
        owner_name=call.owner.name,
        invitee_name=invitee.name,
        agent_name=AGENT_DISPLAY_NAME,
        opens_at=call.opens_at,
        now=now,
        participants_present=present.get(call.call_id, 0),
        asks_transcription=call.switches.transcript,
        asks_recording=call.switches.recording,
        agent_dismissed=call.agent_dismissed_at is not None,
        may_join=may_join,
        why_not=closed or ("early" if early else None),
        consent=consent,
    )


@router.post("/room-tokens")
async def take_guest_room_token(held: PartsHeld, wanted: RoomTokenWanted, now: Now) -> RoomAccess:
    return await admit_prospect(held, held.links.read(wanted.link), wanted.name, wanted.consent, now)


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
