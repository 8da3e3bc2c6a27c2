"""Which manager answers for which rep, beside what their teams say."""

from collections.abc import Collection

from db.pool import Connection, queries
from domain.ids import OrganizationId, UserId


async def replace_managers(
    connection: Connection, organization_id: OrganizationId, rep_id: UserId, manager_ids: Collection[UserId]
) -> None:
    """These managers answer for the rep, and nobody else. All of them are of the organization, none twice."""
    await queries.remove_managers_of(connection, organization_id=organization_id, rep_id=rep_id)
    await queries.add_managers(
        connection, organization_id=organization_id, rep_id=rep_id, manager_ids=list(manager_ids)
    )


async def remove_reps(connection: Connection, organization_id: OrganizationId, manager_id: UserId) -> None:
    """This person answers for nobody who was assigned to them."""
    await queries.remove_reps_of(connection, organization_id=organization_id, manager_id=manager_id)
