"""Who may come into a call, and the room token that lets them in: least grants, short life, made after consent."""

from datetime import datetime

from api.deps import Parts
from api.links import Link
from api.views import RoomAccess
from db import calls
from db.pool import Connection, lookup
from domain.call import MOST_PARTICIPANTS, Call, Consent, Invitee, colleague_identity, prospect_identity
from domain.errors import CallFull, LinkUnknown
from domain.ids import Identity, OrganizationId
from domain.people import User, UserRole
from domain.transcript import ParticipantRole


async def organization_of(held: Parts, link: Link) -> OrganizationId:
    """Raises LinkUnknown when the call of the link is not there."""
    async with lookup(held.pool) as connection:
        found = await calls.organization_of(connection, link.call_id)
    if found is None:
        raise LinkUnknown
    return found


async def call_of(connection: Connection, organization_id: OrganizationId, link: Link) -> tuple[Call, Invitee]:
    """Raises LinkUnknown when the invitee is gone or has been given a newer link."""
    call = await calls.get(connection, organization_id, link.call_id)
    if call is None:
        raise LinkUnknown
    for invitee in call.invitees:
        if invitee.invitee_id == link.invitee_id and invitee.link_revision == link.revision:
            return call, invitee
    raise LinkUnknown


async def admit_prospect(
    held: Parts,
    connection: Connection,
    call: Call,
    invitee: Invitee,
    name: str,
    consent: Consent,
    now: datetime,
) -> RoomAccess:
    """Writes the consent down and lets the person in. Raises CallNotOpen, CallEnded, CallFull or RoomUnavailable."""
    identity = prospect_identity(invitee.invitee_id)
    await check_room(held, call, identity, now)
    await calls.add_consent(connection, call, invitee.invitee_id, consent)
    await calls.want_agent(connection, call)
    return access(held, call, identity, name, ParticipantRole.PROSPECT, consent)


async def admit_colleague(held: Parts, connection: Connection, call: Call, user: User, now: datetime) -> RoomAccess:
    """Lets a rep or a manager of the organization in. Raises as `admit_prospect`."""
    role = ParticipantRole.REP if user.role is UserRole.REP else ParticipantRole.MANAGER
    identity = colleague_identity(role.value, user.user_id)
    await check_room(held, call, identity, now)
    await calls.want_agent(connection, call)
    consent = Consent(transcription=True, recording=False)
    return access(held, call, identity, user.name, role, consent)


async def check_room(held: Parts, call: Call, identity: Identity, now: datetime) -> None:
    call.must_admit(now)
    present = await held.rooms.present(call.room)
    others = [somebody for somebody in present if not somebody.is_agent and somebody.identity != identity]
    if len(others) >= MOST_PARTICIPANTS:
        raise CallFull(MOST_PARTICIPANTS)


def access(
    held: Parts, call: Call, identity: Identity, name: str, role: ParticipantRole, consent: Consent
) -> RoomAccess:
    return RoomAccess(
        url=held.settings.livekit_url,
        token=held.rooms.token(call.room, identity, name, role, consent),
        identity=identity,
        name=name,
        role=role,
        room=call.room,
    )
