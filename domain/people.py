"""Who signs in, and for whom they work."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import OrganizationId, UserId


class UserRole(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    user_id: UserId
    organization_id: OrganizationId
    organization_name: str
    name: str
    email: str
    role: UserRole
