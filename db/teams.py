"""Teams and who is in them."""

from db.pool import Connection, queries
from domain.ids import OrganizationId, TeamId, UserId
from domain.people import TeamRole


async def add(connection: Connection, organization_id: OrganizationId, team_id: TeamId, name: str) -> bool:
    """False when it is there already, under whatever name."""
    added = await queries.add_team(connection, team_id=team_id, organization_id=organization_id, name=name)
    return added is not None


async def set_member(
    connection: Connection, organization_id: OrganizationId, team_id: TeamId, user_id: UserId, role: TeamRole
) -> None:
    await queries.set_team_member(
        connection, organization_id=organization_id, team_id=team_id, user_id=user_id, role=role.value
    )
