"""Who may come into a call, and the room token that lets them in: least grants, short life, made after consent.

No transaction is open while the media server is asked who is there; so what was read before is read again after.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from api.deps import Parts
from api.views import CallView, RoomAccess, call_view
from db import audit, calls
from db.pool import Connection, lookup, transaction
from domain.access import Viewer, may_see_calls_of
from domain.audit import Actor, Subject
from domain.call import (
    MOST_PARTICIPANTS,
    Call,
    CallStatus,
    Consent,
    Invitee,
    colleague_identity,
    prospect_identity,
)
from domain.errors import CallFull, LinkUnknown, NotFound, RoomUnavailable
from domain.ids import CallId, Identity, OrganizationId
from domain.links import Link
from domain.people import UserRole
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


async def own_call(connection: Connection, viewer: Viewer, call_id: UUID) -> Call:
    """Raises NotFound when it is not there, or not theirs to see."""
    call = await calls.get(connection, viewer.organization_id, CallId(call_id))
    if call is None or not may_see_calls_of(viewer, call.owner.user_id):
        raise NotFound("call")
    return call


async def humans_in(held: Parts, some: Sequence[Call]) -> dict[CallId, int]:
    """How many humans are in the rooms of these calls now. While the media server is away nobody is in a room."""
    try:
        found = await held.rooms.humans_in([call.room for call in some])
    except RoomUnavailable:
        return {}
    return {call.call_id: found.get(call.room, 0) for call in some}


async def call_views(held: Parts, some: Sequence[Call]) -> list[CallView]:
    present = await humans_in(held, [call for call in some if call.status is CallStatus.LIVE])
    return [call_view(call, held.links, participants_present=present.get(call.call_id, 0)) for call in some]


def asked(call: Call, consent: Consent) -> Consent:
    """What counts of a consent: nothing that the call's switches forbid."""
    return Consent(
        transcription=consent.transcription and call.switches.transcript,
        recording=consent.recording and call.switches.recording,
    )


async def admit_prospect(held: Parts, link: Link, name: str, consent: Consent, now: datetime) -> RoomAccess:
    """Writes the consent down and lets the person in.

    Raises LinkUnknown, CallNotOpen, CallEnded, CallFull or RoomUnavailable; then no consent is kept.
    """
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
    identity = prospect_identity(invitee.invitee_id)
    await check_room(held, call, identity, now)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
        call.must_admit(now)
        consent = asked(call, consent)
        await calls.add_consent(connection, call, invitee.invitee_id, consent)
        await calls.want_agent(connection, call)
        await note_consent(connection, call, invitee, consent)
        await note_join(connection, call, Actor.guest(invitee.invitee_id), ParticipantRole.PROSPECT)
    return access(held, call, identity, name, ParticipantRole.PROSPECT, consent)


async def admit_colleague(held: Parts, viewer: Viewer, call_id: UUID, now: datetime) -> RoomAccess:
    """Lets somebody in who may see the call. Raises NotFound, and as `admit_prospect`."""
    role = ParticipantRole.REP if viewer.role is UserRole.REP else ParticipantRole.MANAGER
    identity = colleague_identity(role.value, viewer.user_id)
    async with transaction(held.pool, viewer.organization_id) as connection:
        call = await own_call(connection, viewer, call_id)
    await check_room(held, call, identity, now)
    async with transaction(held.pool, viewer.organization_id) as connection:
        call = await own_call(connection, viewer, call_id)
        call.must_admit(now)
        await calls.want_agent(connection, call)
        await note_join(connection, call, Actor.user(viewer.user_id), role)
    consent = asked(call, Consent(transcription=True, recording=False))
    return access(held, call, identity, viewer.name, role, consent)


async def note_consent(connection: Connection, call: Call, invitee: Invitee, consent: Consent) -> None:
    await audit.write(
        connection, call.organization_id, Actor.guest(invitee.invitee_id), "consent_given", subject_of(call),
        transcription=consent.transcription, recording=consent.recording,
    )  # fmt: skip


async def note_join(connection: Connection, call: Call, actor: Actor, role: ParticipantRole) -> None:
    await audit.write(connection, call.organization_id, actor, "call_joined", subject_of(call), role=role)


def subject_of(call: Call) -> Subject:
    return Subject("call", str(call.call_id))


async def check_room(held: Parts, call: Call, identity: Identity, now: datetime) -> None:
    """Raises when `identity` may not come in; somebody who is in already may come in again."""
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
