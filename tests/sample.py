"""Ordinary people, calls and events, for tests that need some."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from db import calls, devices, leads, people, question_sets, teams
from db.pool import Connection, Pool, transaction
from domain.call import Call, CallKind, CallOwner, CallStatus, Invitee
from domain.event import (
    AgentJoined,
    AgentLeft,
    CallEndedEvent,
    CallStarted,
    Event,
    NudgeShown,
    ParticipantJoined,
    ParticipantLeft,
    ProviderChanged,
    QuestionAnswered,
    QuestionAsked,
    QuestionRefused,
    SegmentAdded,
)
from domain.ids import (
    CallId,
    DeviceId,
    EventId,
    Identity,
    InviteeId,
    LeadId,
    NudgeId,
    OrganizationId,
    QuestionId,
    QuestionSetId,
    SegmentId,
    TeamId,
    UserId,
    uuid7,
)
from domain.lead import Lead, LeadStatus
from domain.nudge import NUDGE_LIFETIME_MS, Nudge, NudgeKind
from domain.people import TeamRole, User, UserRole
from domain.question_set import Question, QuestionSet, QuestionType
from domain.transcript import ParticipantRole, Segment, SegmentSource

STARTS_AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Tenant:
    organization_id: OrganizationId
    rep: User
    manager: User  # answers for the rep
    admin: User
    team_id: TeamId
    lead: Lead
    question_set: QuestionSet


def a_user(organization_id: OrganizationId, role: UserRole) -> User:
    user_id = UserId(uuid7())
    return User(
        user_id=user_id,
        organization_id=organization_id,
        organization_name="Acme",
        name=f"Ada {role.value.title()}",
        email=f"{user_id}@acme.example",
        role=role,
    )


def a_lead() -> Lead:
    return Lead(
        lead_id=LeadId(uuid7()),
        name="Robin Finch",
        company="Harbour & Finch",
        industry="retail",
        notes="",
        email=None,
        status=LeadStatus.NEW,
    )


def questions(*texts: str) -> tuple[Question, ...]:
    return tuple(
        Question(
            question_id=QuestionId(uuid7()), position=position, text=text, type=QuestionType.OPEN_ENDED, options=()
        )
        for position, text in enumerate(texts)
    )


def device_of(user: User) -> DeviceId:
    """The one device on which people of tests are signed in."""
    return DeviceId(user.user_id)


async def add_user(connection: Connection, user: User) -> None:
    """In the database, and signed in on `device_of` them."""
    await people.add_user(connection, user)
    await devices.add(connection, user.organization_id, user.user_id, device_of(user), "Test")


async def add_tenant(pool: Pool) -> Tenant:
    organization_id = OrganizationId(uuid7())
    tenant = Tenant(
        organization_id=organization_id,
        rep=a_user(organization_id, UserRole.REP),
        manager=a_user(organization_id, UserRole.MANAGER),
        admin=a_user(organization_id, UserRole.ADMIN),
        team_id=TeamId(uuid7()),
        lead=a_lead(),
        question_set=QuestionSet(
            question_set_id=QuestionSetId(uuid7()), title="First", questions=questions("Why now?", "Who decides?")
        ),
    )
    async with transaction(pool, organization_id) as connection:
        await people.add_organization(connection, organization_id, "Acme")
        for user in (tenant.rep, tenant.manager, tenant.admin):
            await add_user(connection, user)
        await teams.add(connection, organization_id, tenant.team_id, "Sales")
        await teams.set_member(connection, organization_id, tenant.team_id, tenant.manager.user_id, TeamRole.MANAGER)
        await teams.set_member(connection, organization_id, tenant.team_id, tenant.rep.user_id, TeamRole.REP)
        await leads.add(connection, organization_id, tenant.lead)
        await question_sets.add(connection, organization_id, tenant.question_set)
    return tenant


def a_call(owner: User, **other: object) -> Call:
    """A scheduled discovery call at STARTS_AT with one invitee; `other` fields replace these."""
    call = Call(
        call_id=CallId(uuid7()),
        organization_id=owner.organization_id,
        organization_name=owner.organization_name,
        title="Discovery",
        kind=CallKind.DISCOVERY,
        status=CallStatus.SCHEDULED,
        starts_at=STARTS_AT,
        duration_minutes=60,
        owner=CallOwner(user_id=owner.user_id, name=owner.name),
        lead=None,
        question_set_id=None,
        started_at=None,
        ended_at=None,
        staged_as_text=False,
        invitees=(Invitee(invitee_id=InviteeId(uuid7()), name="Robin Finch", email=None, link_revision=1),),
        last_seq=0,
    )
    return replace(call, **other)  # type: ignore[arg-type]


async def add_call(pool: Pool, owner: User, **other: object) -> Call:
    """A call that starts now, in the database."""
    call = a_call(owner, **{"starts_at": datetime.now(UTC), **other})
    async with transaction(pool, owner.organization_id) as connection:
        await calls.add(connection, call)
    return call


def a_segment(text: str = "It is too expensive for us.", **other: object) -> Segment:
    segment = Segment(
        segment_id=SegmentId(uuid7()),
        identity=Identity("prospect-1"),
        name="Robin Finch",
        role=ParticipantRole.PROSPECT,
        text=text,
        start_ms=1_000,
        end_ms=3_000,
        confidence=0.9,
        language="en",
        source=SegmentSource.SPEECH,
    )
    return replace(segment, **other)  # type: ignore[arg-type]


def said(call: Call, text: str = "It is too expensive for us.") -> SegmentAdded:
    return SegmentAdded(event_id=EventId(uuid7()), call_id=call.call_id, at_ms=3_000, segment=a_segment(text))


def shown(call: Call, segment: Segment) -> NudgeShown:
    nudge = Nudge(
        nudge_id=NudgeId(uuid7()),
        kind=NudgeKind.OBJECTION_RESPONSE,
        title="Price concern",
        message="Ask what it is compared with.",
        quote=segment.text,
        trigger="too expensive",
        segment_id=segment.segment_id,
        confidence=0.7,
        expires_after_ms=NUDGE_LIFETIME_MS,
        reasons=("resembles price",),
        latency_ms=180,
    )
    return NudgeShown(event_id=EventId(uuid7()), call_id=call.call_id, at_ms=3_500, nudge=nudge)


def others(call: Call) -> list[Event]:
    """One of each kind that has no table of its own."""
    by: Any = {"call_id": call.call_id, "at_ms": 4_000}
    question_id, segment_id, identity = QuestionId(uuid7()), SegmentId(uuid7()), Identity("prospect-1")
    agent = Identity("agent-1")
    answer: Any = {"question_id": question_id, "position": 0, "segment_id": segment_id, "identity": identity}
    return [
        CallStarted(event_id=EventId(uuid7()), started_at=STARTS_AT, **by),
        AgentJoined(event_id=EventId(uuid7()), identity=agent, epoch=1, **by),
        AgentLeft(event_id=EventId(uuid7()), identity=agent, **by),
        ParticipantJoined(
            event_id=EventId(uuid7()), identity=identity, name="Robin", role=ParticipantRole.PROSPECT, **by
        ),
        ParticipantLeft(event_id=EventId(uuid7()), identity=identity, **by),
        QuestionAsked(event_id=EventId(uuid7()), question_id=question_id, position=0, text="Why now?", **by),
        QuestionAnswered(event_id=EventId(uuid7()), text="We grow.", volunteered=True, **answer, **by),
        QuestionRefused(event_id=EventId(uuid7()), text="I'd rather not say.", **answer, **by),
        ProviderChanged(
            event_id=EventId(uuid7()), part="speech_to_text", provider="local", reason="Deepgram is silent.", **by
        ),
    ]


def ended(call: Call, reason: str = "everybody left") -> CallEndedEvent:
    return CallEndedEvent(event_id=EventId(uuid7()), call_id=call.call_id, at_ms=9_000, reason=reason)


LONG_AGO = timedelta(days=2)
