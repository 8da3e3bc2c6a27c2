"""The last step of every way in: somebody who is known now gets a device, and is told who they are here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Request, Response
from pydantic import AfterValidator

from api.deps import Parts
from db import audit, identities, people
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor, Subject
from domain.errors import NotSignedIn
from domain.ids import DeviceId, OrganizationId, TeamId, UserId
from domain.people import User, UserRole, UserStatus

LONGEST_NEXT = 500
FIRST_PAGE = "/"


class Way(StrEnum):
    LINK = "link"
    GOOGLE = "google"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    user_id: UserId
    name: str
    email: str
    role: UserRole
    title: str
    time_zone: str | None  # IANA; None: the organization's
    organization_id: OrganizationId
    organization_name: str
    local_mode: bool
    device_id: DeviceId
    team_ids: tuple[TeamId, ...]


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
    """Signs them in on a new device, in the caller's transaction; the answer carries its cookies.

    Somebody who was invited becomes active, with `name` and `time_zone` where they are given. Raises NotSignedIn when
    they are disabled.
    """
    if user.status is UserStatus.INVITED:
        await identities.activate(connection, user, name, time_zone)
    device_id = await held.sign_in.begin(connection, response, user, request.headers.get("user-agent", ""))
    viewer = await people.viewer(connection, user.organization_id, user.user_id, device_id)
    if viewer is None:
        raise NotSignedIn
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "signed_in", Subject("user", str(user.user_id)),
        way=way, device_id=device_id, is_first=user.status is UserStatus.INVITED,
    )  # fmt: skip
    return me(viewer, held)


def me(user: Viewer, held: Parts) -> Me:
    return Me(
        user_id=user.user_id,
        name=user.name,
        email=user.email,
        role=user.role,
        title=user.title,
        time_zone=user.time_zone,
        organization_id=user.organization_id,
        organization_name=user.organization_name,
        local_mode=held.settings.local_mode,
        device_id=user.device_id,
        team_ids=tuple(sorted(user.team_ids)),
    )


def page_of_ours(next: str) -> str:
    """`next` when it is a path on this site, else the first page: nobody is sent to a stranger's from here.

    Two slashes anywhere in the path are refused: once `/.//evil.example` is resolved, they stand at its beginning.
    """
    is_plain = next.isascii() and next.isprintable() and "\\" not in next and len(next) <= LONGEST_NEXT
    if not (is_plain and next.startswith("/")):
        return FIRST_PAGE
    parts = urlsplit(next)
    is_path = not parts.netloc and "//" not in parts.path and not parts.path.startswith("/api/")
    return next if is_path else FIRST_PAGE


PageOfOurs = Annotated[str, AfterValidator(page_of_ours)]
