"""The sales record of a person at a company."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import LeadId


class LeadStatus(StrEnum):
    NEW = "new"
    SCHEDULED = "scheduled"
    MET = "met"
    NEEDS_FOLLOW_UP = "needs_follow_up"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    lead_id: LeadId
    name: str
    company: str
    industry: str
    notes: str
    email: str | None
    status: LeadStatus
    score: int | None = None  # 0–100, likelihood of revenue; None: no call of theirs has been reviewed
