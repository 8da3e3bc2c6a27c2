"""Leads: list, add, read with calls, scores and history, change. They belong to the whole organization."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.deps import CurrentUser, OwnConnection, PartsHeld
from api.join import call_views
from api.paging import cursor, read_cursor
from api.text import EmailAddress, Line, LineOrNothing, Paragraph
from api.views import CallView, Page
from db import audit, call_lists, leads
from db.leads import LeadFilter, LeadMoment, LeadScore, Place
from db.pool import transaction
from domain.access import visible_owners
from domain.audit import Actor, Subject
from domain.errors import NotFound
from domain.ids import LeadId, uuid7
from domain.lead import Lead, LeadStatus

router = APIRouter(prefix="/leads")

PAGE = 50
MOST_CALLS = 100
MOST_SCORES = 100
MOST_MOMENTS = 500


class NewLead(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    company: Line
    industry: LineOrNothing = ""
    notes: Paragraph = ""
    email: EmailAddress | None = None


class LeadChange(BaseModel):
    """What is left out stays. Only the e-mail address may be null, which takes it away."""

    model_config = ConfigDict(extra="forbid")
    name: Line = ""
    company: Line = ""
    industry: LineOrNothing = ""
    notes: Paragraph = ""
    email: EmailAddress | None = None
    status: LeadStatus = LeadStatus.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDetail(Lead):
    calls: list[CallView]  # those this person may see, latest first
    scores: list[LeadScore]  # of those calls, newest first


@router.get("")
async def list_leads(
    connection: OwnConnection,
    user: CurrentUser,
    search: LineOrNothing | None = None,
    status: LeadStatus | None = None,
    after: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> Page[Lead]:
    """Newest first."""
    place: Place | None = None
    if after is not None:
        at, last_id = read_cursor(after)
        place = (at, LeadId(last_id))
    wanted = LeadFilter(search=search or None, status=status)
    found, last = await leads.list_newest(connection, user.organization_id, wanted, after=place, most=PAGE)
    return Page(items=found, next_cursor=cursor(*last) if last else None)


@router.post("", status_code=201)
async def add_lead(connection: OwnConnection, user: CurrentUser, wanted: NewLead) -> Lead:
    lead = Lead(lead_id=LeadId(uuid7()), status=LeadStatus.NEW, **wanted.model_dump())
    await leads.add(connection, user.organization_id, lead)
    return lead


@router.get("/{lead_id}")
async def read_lead(held: PartsHeld, user: CurrentUser, lead_id: UUID) -> LeadDetail:
    async with transaction(held.pool, user.organization_id) as connection:
        lead = await leads.get(connection, user.organization_id, LeadId(lead_id))
        if lead is None:
            raise NotFound("lead")
        owners = visible_owners(user)
        theirs = await call_lists.of_lead(connection, user.organization_id, owners, lead.lead_id, most=MOST_CALLS)
        scores = await leads.scores_of(connection, user.organization_id, owners, lead.lead_id, most=MOST_SCORES)
    return LeadDetail(
        lead_id=lead.lead_id,
        name=lead.name,
        company=lead.company,
        industry=lead.industry,
        notes=lead.notes,
        email=lead.email,
        status=lead.status,
        score=lead.score,
        calls=await call_views(held, theirs),
        scores=scores,
    )


@router.get("/{lead_id}/history")
async def read_history(connection: OwnConnection, user: CurrentUser, lead_id: UUID) -> Page[LeadMoment]:
    """How the lead came, its calls, what they made of it and what people changed, newest first."""
    lead = await leads.get(connection, user.organization_id, LeadId(lead_id))
    if lead is None:
        raise NotFound("lead")
    found = await leads.history_of(
        connection, user.organization_id, visible_owners(user), lead.lead_id, most=MOST_MOMENTS
    )
    return Page(items=found, next_cursor=None)


@router.patch("/{lead_id}")
async def change_lead(connection: OwnConnection, user: CurrentUser, lead_id: UUID, wanted: LeadChange) -> Lead:
    before = await leads.lock(connection, user.organization_id, LeadId(lead_id))
    changed = wanted.model_dump(exclude_unset=True)
    change = leads.LeadChange(**changed, has_email="email" in changed)
    lead = await leads.change(connection, user.organization_id, LeadId(lead_id), change)
    if before is None or lead is None:
        raise NotFound("lead")
    if lead.status is not before.status:
        await audit.write(
            connection, user.organization_id, Actor.user(user.user_id), "lead_status_changed",
            Subject("lead", str(lead.lead_id)), status_before=before.status, status_after=lead.status,
        )  # fmt: skip
    return lead
