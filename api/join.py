"""Who may come into a call, and the room token that lets them in: least grants, short life, made after consent.

A token is made only for somebody who has a place. Whoever finds the room full waits for one in the order of asking, and
asks again until they have it: `db/places.py`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from fastapi.responses import JSONResponse, Response

from api.deps import Parts
from api.views import CallView, JoinView, RoomAccess, call_view
from db import audit, calls, guests, places
from db.places import Place
from db.pool import Connection, lookup, transaction
from domain.access import Viewer, may_see_calls_of
from domain.audit import Actor, Subject
from domain.call import (
    AGENT_DISPLAY_NAME,
    Call,
    CallStatus,
    Consent,
    Invitee,
    colleague_identity,
    prospect_identity,
)
from domain.errors import LinkUnknown, NotFound, RoomUnavailable
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


async def join_view(held: Parts, call: Call, invitee: Invitee, consent: Consent | None, now: datetime) -> JoinView:
    """Asks the media server who is there: no transaction waits for it."""
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
        prefers_text=invitee.prefers_text,
    )


async def call_views(held: Parts, some: Sequence[Call]) -> list[CallView]:
    present = await humans_in(held, [call for call in some if call.status is CallStatus.LIVE])
    return [call_view(call, held.links, participants_present=present.get(call.call_id, 0)) for call in some]


def asked(call: Call, consent: Consent) -> Consent:
    """What counts of a consent: nothing that the call's switches forbid."""
    return Consent(
        transcription=consent.transcription and call.switches.transcript,
        recording=consent.recording and call.switches.recording,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The room is full. Asking again keeps the place in the line for ten seconds."""

    place: int  # from 1: the next to be let in
    ahead: int
    ask_again_ms: int


NEXT_ASKS_AGAIN_MS, ALL_ASK_AGAIN_MS = 500, 1_500
"""Whoever is nearer to the door asks sooner: a free place is taken within a moment, and a long line is no load."""


class MustWait(Exception):
    """Not an error: they stand in the line. Answered 202."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.waiting = Waiting(
            place=number, ahead=number - 1, ask_again_ms=min(number * NEXT_ASKS_AGAIN_MS, ALL_ASK_AGAIN_MS)
        )


def must_wait(error: Exception) -> Response:
    assert isinstance(error, MustWait)
    return JSONResponse(asdict(error.waiting), status_code=202)


async def admit_prospect(held: Parts, link: Link, name: str, consent: Consent, now: datetime) -> RoomAccess:
    """Writes the consent down and lets the person in.

    Raises LinkUnknown, CallNotOpen, CallEnded, RoomUnavailable or MustWait; then no consent is kept.
    """
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
        call.must_admit(now)
    await must_be_reachable(held)
    identity = prospect_identity(invitee.invitee_id)
    async with held.turnstiles.through(call.call_id), transaction(held.pool, organization_id) as connection:
        await calls.lock(connection, organization_id, link.call_id)
        call, invitee = await call_of(connection, organization_id, link)
        call.must_admit(now)
        place = await places.ask(connection, call, identity, now)
        if isinstance(place, Place):
            consent = asked(call, consent)
            await calls.add_consent(connection, call, invitee.invitee_id, consent)
            await calls.want_agent(connection, call)
            await guests.note_joined(connection, organization_id, invitee.invitee_id, now)
            await note_consent(connection, call, invitee, consent)
            await note_join(connection, call, Actor.guest(invitee.invitee_id), ParticipantRole.PROSPECT)
    must_have(place)
    return access(held, call, identity, name, ParticipantRole.PROSPECT, consent)


async def admit_colleague(held: Parts, viewer: Viewer, call_id: UUID, now: datetime) -> RoomAccess:
    """Lets somebody in who may see the call. Raises NotFound, and as `admit_prospect`."""
    role = ParticipantRole.REP if viewer.role is UserRole.REP else ParticipantRole.MANAGER
    identity = colleague_identity(role.value, viewer.user_id)
    async with transaction(held.pool, viewer.organization_id) as connection:
        call = await own_call(connection, viewer, call_id)
        call.must_admit(now)
    await must_be_reachable(held)
    async with held.turnstiles.through(call.call_id), transaction(held.pool, viewer.organization_id) as connection:
        await calls.lock(connection, viewer.organization_id, call.call_id)
        call = await own_call(connection, viewer, call_id)
        call.must_admit(now)
        place = await places.ask(connection, call, identity, now)
        if isinstance(place, Place):
            await calls.want_agent(connection, call)
            await note_join(connection, call, Actor.user(viewer.user_id), role)
    must_have(place)
    consent = asked(call, Consent(transcription=True, recording=False))
    return access(held, call, identity, viewer.name, role, consent)


async def must_be_reachable(held: Parts) -> None:
    """Raises RoomUnavailable: nobody is given a place in a room that cannot be reached. No transaction waits for it."""
    if not await held.rooms.is_reachable():
        raise RoomUnavailable


def must_have(place: Place | int) -> None:
    """Raises MustWait. The line is written down before: call it when the transaction is over."""
    if not isinstance(place, Place):
        raise MustWait(place)


async def note_consent(connection: Connection, call: Call, invitee: Invitee, consent: Consent) -> None:
    await audit.write(
        connection, call.organization_id, Actor.guest(invitee.invitee_id), "consent_given", subject_of(call),
        transcription=consent.transcription, recording=consent.recording,
    )  # fmt: skip


async def note_join(connection: Connection, call: Call, actor: Actor, role: ParticipantRole) -> None:
    await audit.write(connection, call.organization_id, actor, "call_joined", subject_of(call), role=role)


def subject_of(call: Call) -> Subject:
    return Subject("call", str(call.call_id))


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
