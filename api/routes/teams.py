"""Teams: whoever is a manager of one answers for its reps."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import CurrentUser, MayManagePeople, OwnConnection
from api.text import Line
from api.views import Page
from db import audit, people, teams
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor, Subject
from domain.errors import AlreadyThere, InvalidInput, NotFound
from domain.ids import OrganizationId, TeamId, UserId, uuid7
from domain.people import Team, TeamRole, may_lead_teams

router = APIRouter(prefix="/teams")

MOST_TEAMS = 500
MOST_MEMBERS = 500


class NewTeam(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line


class WantedMember(BaseModel):
    model_config = ConfigDict(extra="forbid")
    user_id: UUID
    role: TeamRole


class ChangedTeam(BaseModel):
    """What is left out stays; `members` are all of them from now on."""

    model_config = ConfigDict(extra="forbid")
    name: Line = ""
    members: Annotated[list[WantedMember], Field(max_length=MOST_MEMBERS)] = []


@router.get("")
async def list_teams(connection: OwnConnection, user: CurrentUser) -> Page[Team]:
    """By name."""
    return Page(items=await teams.list_all(connection, user.organization_id, most=MOST_TEAMS), next_cursor=None)


@router.post("", status_code=201)
async def add_team(connection: OwnConnection, user: MayManagePeople, wanted: NewTeam) -> Team:
    team = Team(team_id=TeamId(uuid7()), name=wanted.name, members=())
    await people.lock_organization(connection, user.organization_id)
    if not await teams.add(connection, user.organization_id, team.team_id, team.name):
        raise AlreadyThere("team")
    await note(connection, user, "team_created", team.team_id)
    return team


@router.patch("/{team_id}")
async def change_team(connection: OwnConnection, user: MayManagePeople, team_id: UUID, wanted: ChangedTeam) -> Team:
    wanted_id, organization_id = TeamId(team_id), user.organization_id
    await people.lock_organization(connection, organization_id)
    if await teams.get(connection, organization_id, wanted_id) is None:
        raise NotFound("team")
    if "name" in wanted.model_fields_set and not await teams.rename(
        connection, organization_id, wanted_id, wanted.name
    ):
        raise AlreadyThere("team")
    if "members" in wanted.model_fields_set:
        roles = await checked(connection, organization_id, wanted.members)
        await teams.replace_members(connection, organization_id, wanted_id, roles)
    team = await teams.get(connection, organization_id, wanted_id)
    assert team is not None, "the organization is locked"
    managers = [member.user_id for member in team.members if member.role is TeamRole.MANAGER]
    await note(connection, user, "team_changed", wanted_id, members=len(team.members), manager_ids=managers)
    return team


@router.delete("/{team_id}", status_code=204)
async def remove_team(connection: OwnConnection, user: MayManagePeople, team_id: UUID) -> None:
    """Its people stay; its managers answer for its reps no longer."""
    await people.lock_organization(connection, user.organization_id)
    if not await teams.remove(connection, user.organization_id, TeamId(team_id)):
        raise NotFound("team")
    await note(connection, user, "team_changed", TeamId(team_id), is_removed=True)


async def checked(
    connection: Connection, organization_id: OrganizationId, wanted: list[WantedMember]
) -> dict[UserId, TeamRole]:
    """Raises InvalidInput with the place of the first who cannot be in a team like this."""
    known = await people.roles_of(connection, organization_id, [UserId(member.user_id) for member in wanted])
    roles: dict[UserId, TeamRole] = {}
    for number, member in enumerate(wanted):
        user_id, place = UserId(member.user_id), f"/body/members/{number}"
        if user_id not in known:
            raise InvalidInput(f"{place}/user_id", "There is no such colleague.")
        if user_id in roles:
            raise InvalidInput(f"{place}/user_id", "This person stands above already.")
        if member.role is TeamRole.MANAGER and not may_lead_teams(known[user_id]):
            raise InvalidInput(f"{place}/role", "A rep cannot be the manager of a team.")
        roles[user_id] = member.role
    return roles


async def note(
    connection: Connection, user: Viewer, action: str, team_id: TeamId, **facts: int | bool | list[UserId]
) -> None:
    subject = Subject("team", str(team_id))
    await audit.write(connection, user.organization_id, Actor.user(user.user_id), action, subject, **facts)
