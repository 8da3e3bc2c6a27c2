"""Teams and who is in them. Whoever changes a team holds the organization's lock (`people.lock_organization`)."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from db.pool import Connection, queries
from domain.ids import OrganizationId, TeamId, UserId
from domain.people import Team, TeamMember, TeamRole


async def list_all(connection: Connection, organization_id: OrganizationId, *, most: int) -> list[Team]:
    """By name, each with its members by name."""
    rows = [row async for row in queries.list_teams(connection, organization_id=organization_id, most=most)]
    members = await members_of(connection, organization_id, [row["team_id"] for row in rows])
    return [Team(**row, members=members[row["team_id"]]) for row in rows]


async def get(connection: Connection, organization_id: OrganizationId, team_id: TeamId) -> Team | None:
    row = await queries.get_team(connection, organization_id=organization_id, team_id=team_id)
    if row is None:
        return None
    members = await members_of(connection, organization_id, [team_id])
    return Team(**row, members=members[team_id])


async def members_of(
    connection: Connection, organization_id: OrganizationId, team_ids: Sequence[TeamId]
) -> defaultdict[TeamId, tuple[TeamMember, ...]]:
    """The members of each team by name; an unknown team has none."""
    found: defaultdict[TeamId, tuple[TeamMember, ...]] = defaultdict(tuple)
    rows = queries.list_members(connection, organization_id=organization_id, team_ids=list(team_ids))
    async for row in rows:
        found[row["team_id"]] += (TeamMember(user_id=row["user_id"], name=row["name"], role=TeamRole(row["role"])),)
    return found


async def known(
    connection: Connection, organization_id: OrganizationId, team_ids: Collection[TeamId]
) -> frozenset[TeamId]:
    """Those of them that are there."""
    rows = queries.known_teams(connection, organization_id=organization_id, team_ids=list(team_ids))
    return frozenset([row["team_id"] async for row in rows])


async def add(connection: Connection, organization_id: OrganizationId, team_id: TeamId, name: str) -> bool:
    """False when it is there already, under whatever name, or another team has that name."""
    added = await queries.add_team(connection, organization_id=organization_id, team_id=team_id, name=name)
    return added is not None


async def rename(connection: Connection, organization_id: OrganizationId, team_id: TeamId, name: str) -> bool:
    """False when another team has that name, or this one is not there."""
    renamed = await queries.rename_team(connection, organization_id=organization_id, team_id=team_id, name=name)
    return renamed is not None


async def remove(connection: Connection, organization_id: OrganizationId, team_id: TeamId) -> bool:
    """False when it is not there. Its people stay."""
    removed = await queries.remove_team(connection, organization_id=organization_id, team_id=team_id)
    return removed is not None


async def set_member(
    connection: Connection, organization_id: OrganizationId, team_id: TeamId, user_id: UserId, role: TeamRole
) -> None:
    await queries.set_team_member(
        connection, organization_id=organization_id, team_id=team_id, user_id=user_id, role=role.value
    )


async def replace_members(
    connection: Connection, organization_id: OrganizationId, team_id: TeamId, roles: dict[UserId, TeamRole]
) -> None:
    """These people with these roles, and nobody else. All of them are of the organization."""
    await queries.remove_members(connection, organization_id=organization_id, team_id=team_id)
    await queries.add_members(
        connection,
        organization_id=organization_id,
        team_id=team_id,
        user_ids=list(roles),
        roles=[role.value for role in roles.values()],
    )


async def put_user(
    connection: Connection,
    organization_id: OrganizationId,
    user_id: UserId,
    team_ids: Collection[TeamId],
    role: TeamRole,
) -> None:
    """Into these teams, with `role` where they are new, and out of all others. All of the teams are there."""
    ids = {"organization_id": organization_id, "user_id": user_id, "team_ids": list(team_ids)}
    await queries.leave_other_teams(connection, **ids)
    await queries.enter_teams(connection, **ids, role=role.value)


async def change_role(connection: Connection, organization_id: OrganizationId, user_id: UserId, role: TeamRole) -> None:
    """In all their teams."""
    await queries.change_role_in_teams(connection, organization_id=organization_id, user_id=user_id, role=role.value)
