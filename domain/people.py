"""Who signs in, and for whom they work."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import OrganizationId, UserId


class UserRole(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


class TeamRole(StrEnum):
    REP = "rep"
    MANAGER = "manager"  # answers for the team's reps


class UserStatus(StrEnum):
    INVITED = "invited"  # has a role and teams, and no way in but the invitation's link
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    user_id: UserId
    organization_id: OrganizationId
    organization_name: str
    name: str
    email: str
    role: UserRole
    status: UserStatus = UserStatus.ACTIVE
    title: str = ""  # what they are called at work, as they write it
    time_zone: str | None = None  # IANA; None: the organization's
