"""Inviting somebody, and changing what they are here and who answers for them. Each raises InvalidInput with the place.

Whoever calls these holds the organization's lock, so that two admins cannot undo each other.
"""

from collections.abc import Collection, Sequence

from db import assignments, people, teams
from db.pool import Connection
from domain.errors import InvalidInput
from domain.ids import OrganizationId, TeamId, UserId
from domain.people import TeamRole, User, UserRole, may_lead_teams, must_keep_an_admin, role_in_teams

NO_SUCH_TEAM = "There is no such team."
NO_SUCH_MANAGER = "There is no such manager."


async def change_role(connection: Connection, user: User, role: UserRole) -> None:
    """Their teams and assignments follow: a rep answers for nobody, and nobody is assigned to a manager's manager.

    Raises LastAdmin.
    """
    organization_id, user_id = user.organization_id, user.user_id
    if role is user.role:
        return
    if user.role is UserRole.ADMIN:
        must_keep_an_admin(await people.active_admins(connection, organization_id), without=user_id)
    await people.change_role(connection, organization_id, user_id, role)
    if role is UserRole.REP:
        await assignments.remove_reps(connection, organization_id, user_id)
        await teams.change_role(connection, organization_id, user_id, TeamRole.REP)
    elif user.role is UserRole.REP:
        await assignments.replace_managers(connection, organization_id, user_id, [])
        await teams.change_role(connection, organization_id, user_id, TeamRole.MANAGER)


async def put_into_teams(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, role: UserRole, team_ids: Sequence[TeamId]
) -> None:
    """Into these and no others. Where they have been already they keep their role."""
    known = await teams.known(connection, organization_id, team_ids)
    must_all_be(team_ids, known, "/body/team_ids", NO_SUCH_TEAM)
    await teams.put_user(connection, organization_id, user_id, set(team_ids), role_in_teams(role))


async def assign_managers(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, role: UserRole, managers: Sequence[UserId]
) -> None:
    """These answer for the rep, and nobody else but the managers of their teams."""
    if managers and role is not UserRole.REP:
        raise InvalidInput("/body/manager_ids", "Only reps are assigned to managers.")
    roles = await people.roles_of(connection, organization_id, managers)
    known = {somebody for somebody, their_role in roles.items() if may_lead_teams(their_role)}
    must_all_be(managers, known, "/body/manager_ids", NO_SUCH_MANAGER)
    await assignments.replace_managers(connection, organization_id, user_id, set(managers))


def must_all_be(wanted: Sequence[object], known: Collection[object], place: str, detail: str) -> None:
    for number, one in enumerate(wanted):
        if one not in known:
            raise InvalidInput(f"{place}/{number}", detail)
