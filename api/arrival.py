"""The last step of every way in but the demo's: somebody who is known now gets a profile and a device."""

from fastapi import Request, Response

from api.deps import Parts
from api.routes.sign_in import Me, Way, sign_in
from db import identities
from db.pool import Connection
from domain.people import User, UserStatus


async def arrive(
    connection: Connection,
    held: Parts,
    request: Request,
    response: Response,
    user: User,
    way: Way,
    *,
    name: str | None = None,
    time_zone: str | None = None,
) -> Me:
    """Signs them in on a new device, in the caller's transaction. Somebody who was invited becomes active.

    Raises NotSignedIn when they are disabled.
    """
    if user.status is UserStatus.INVITED:
        await identities.activate(connection, user, name, time_zone)
    return await sign_in(held, connection, request, response, user, way)
