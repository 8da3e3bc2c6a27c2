"""Who signs in, and for whom they work."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import LastAdmin, NotOneself
from domain.ids import OrganizationId, TeamId, UserId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A user as the others see them."""

    user_id: UserId
    name: str
    email: str
    role: UserRole
    status: UserStatus
    title: str
    team_ids: tuple[TeamId, ...]
    manager_ids: tuple[UserId, ...]  # assigned, beside the managers of their teams


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    user_id: UserId
    name: str
    role: TeamRole  # in this team


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    team_id: TeamId
    name: str
    members: tuple[TeamMember, ...]


def role_in_teams(role: UserRole) -> TeamRole:
    """What somebody with this role becomes in a team they come into."""
    return TeamRole.REP if role is UserRole.REP else TeamRole.MANAGER


def may_lead_teams(role: UserRole) -> bool:
    """Who answers for others in a team is no rep elsewhere."""
    return role is not UserRole.REP


def must_keep_an_admin(active_admins: Collection[UserId], without: UserId) -> None:
    """Raises LastAdmin when nobody could run the organization without this one."""
    if not set(active_admins) - {without}:
        raise LastAdmin


def must_be_somebody_else(acting: UserId, user_id: UserId) -> None:
    """Raises NotOneself: whoever shuts others out does not shut themselves out by mistake."""
    if acting == user_id:
        raise NotOneself
