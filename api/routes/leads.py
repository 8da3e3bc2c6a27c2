"""Leads: list and add."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.deps import CurrentUser, OwnConnection
from api.text import EmailAddress, Line, LineOrNothing, Paragraph
from api.views import Page
from db import leads
from domain.ids import LeadId, uuid7
from domain.lead import Lead, LeadStatus

router = APIRouter()


class NewLead(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    company: Line
    industry: LineOrNothing = ""
    notes: Paragraph = ""
    email: EmailAddress | None = None


@router.get("/leads")
async def list_leads(connection: OwnConnection, user: CurrentUser) -> Page[Lead]:
    return Page(items=await leads.list_newest(connection, user.organization_id, most=100), next_cursor=None)


@router.post("/leads", status_code=201)
async def add_lead(connection: OwnConnection, user: CurrentUser, wanted: NewLead) -> Lead:
    lead = Lead(lead_id=LeadId(uuid7()), status=LeadStatus.NEW, **wanted.model_dump())
    await leads.add(connection, user.organization_id, lead)
    return lead
