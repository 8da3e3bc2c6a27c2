"""Demo data for local mode: an organization, an admin, a team of a manager and two reps, leads, a question set, a call.

Everything has a fixed id, so that making it again changes nothing.
"""

from datetime import datetime
from uuid import UUID, uuid5

from db import calls, leads, people, question_sets, teams
from db.pool import Connection
from domain.call import Call, CallKind, CallLead, CallOwner, CallStatus, Invitee
from domain.ids import CallId, InviteeId, LeadId, OrganizationId, QuestionId, QuestionSetId, TeamId, UserId, uuid7
from domain.lead import Lead, LeadStatus
from domain.people import TeamRole, User, UserRole
from domain.question_set import Question, QuestionSet, QuestionType

NAMESPACE = UUID("6f1f4a52-1f0c-5b0e-9a53-2f6d6f0c7a11")
ORGANIZATION_ID = OrganizationId(uuid5(NAMESPACE, "organization"))
ORGANIZATION_NAME = "Northwind Demo"
CALL_TITLE = "Discovery call: Harbour & Finch"


def user(key: str, name: str, role: UserRole) -> User:
    return User(
        user_id=UserId(uuid5(NAMESPACE, key)),
        organization_id=ORGANIZATION_ID,
        organization_name=ORGANIZATION_NAME,
        name=name,
        email=f"{key}@demo.invalid",
        role=role,
    )


MANAGER = user("maya", "Maya Lindqvist", UserRole.MANAGER)
REPS = (user("tom", "Tom Okafor", UserRole.REP), user("iris", "Iris Weber", UserRole.REP))
ADMIN = user("ada", "Ada Brandt", UserRole.ADMIN)
SOMEBODY = {"manager": MANAGER, "rep": REPS[0], "admin": ADMIN}
"""Who signs in with one click."""

TEAM_ID = TeamId(uuid5(NAMESPACE, "team"))

LEADS = tuple(
    Lead(
        lead_id=LeadId(uuid5(NAMESPACE, f"lead {name}")),
        name=name,
        company=company,
        industry=industry,
        notes=notes,
        email=None,
        status=LeadStatus.NEW,
    )
    for name, company, industry, notes in (
        ("Robin Finch", "Harbour & Finch", "furniture retail", "Asked for a call on the web page."),
        ("Daniela Costa", "Costa Dental Group", "healthcare", "Met at the spring fair; four practices."),
        ("Ken Whitfield", "Whitfield Joinery", "manufacturing", "Existing customer's recommendation."),
    )
)

QUESTIONS = (
    ("What made you look for something new at this moment?", QuestionType.OPEN_ENDED, ()),
    ("How do you handle this today, and what is the hardest part of it?", QuestionType.OPEN_ENDED, ()),
    (
        "How many people would use it?",
        QuestionType.MULTIPLE_CHOICE,
        ("under ten", "ten to fifty", "more than fifty"),
    ),
    ("Have you set a budget aside for this?", QuestionType.OPEN_ENDED, ()),
    (
        "On a scale of one to ten, how urgent is this for you?",
        QuestionType.RATING,
        tuple(str(n) for n in range(1, 11)),
    ),
)

QUESTION_SET = QuestionSet(
    question_set_id=QuestionSetId(uuid5(NAMESPACE, "question set")),
    title="First conversation",
    questions=tuple(
        Question(
            question_id=QuestionId(uuid5(NAMESPACE, f"question {position}")),
            position=position,
            text=text,
            type=kind,
            options=options,
        )
        for position, (text, kind, options) in enumerate(QUESTIONS)
    ),
)


async def ensure_people(connection: Connection) -> None:
    """Leads and questions come with a new organization only: afterwards they are whatever people made of them."""
    is_new = await people.add_organization(connection, ORGANIZATION_ID, ORGANIZATION_NAME)
    for person in (ADMIN, MANAGER, *REPS):
        await people.add_user(connection, person)
    if await teams.add(connection, ORGANIZATION_ID, TEAM_ID, "Sales"):
        await teams.set_member(connection, ORGANIZATION_ID, TEAM_ID, MANAGER.user_id, TeamRole.MANAGER)
        for rep in REPS:
            await teams.set_member(connection, ORGANIZATION_ID, TEAM_ID, rep.user_id, TeamRole.REP)
    if is_new:
        for lead in LEADS:
            await leads.add(connection, ORGANIZATION_ID, lead)
        await question_sets.add(connection, ORGANIZATION_ID, QUESTION_SET)
        await question_sets.make_default(connection, ORGANIZATION_ID, QUESTION_SET.question_set_id)


async def ensure_call(connection: Connection, now: datetime) -> Call:
    """The demo call that can be joined at `now`, made when there is none: one, however many ask at once."""
    await ensure_people(connection)
    await people.lock_organization(connection, ORGANIZATION_ID)
    call_id = await calls.open_demo_call(connection, ORGANIZATION_ID, title=CALL_TITLE, now=now)
    if call_id is None:
        call_id = CallId(uuid7())
        await calls.add(connection, new_call(call_id, now))
    call = await calls.get(connection, ORGANIZATION_ID, call_id)
    assert call is not None
    return call


def new_call(call_id: CallId, now: datetime) -> Call:
    lead = LEADS[0]
    return Call(
        call_id=call_id,
        organization_id=ORGANIZATION_ID,
        organization_name=ORGANIZATION_NAME,
        title=CALL_TITLE,
        kind=CallKind.DISCOVERY,
        status=CallStatus.SCHEDULED,
        starts_at=now,
        duration_minutes=60,
        owner=CallOwner(user_id=REPS[0].user_id, name=REPS[0].name),
        lead=CallLead(lead_id=lead.lead_id, name=lead.name, company=lead.company),
        question_set_id=QUESTION_SET.question_set_id,
        started_at=None,
        ended_at=None,
        staged_as_text=False,
        invitees=(Invitee(invitee_id=InviteeId(uuid7()), name=lead.name, email=None, link_revision=1),),
        last_seq=0,
    )
