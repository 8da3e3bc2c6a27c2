"""Signing in by a link from a mail: asked for, looked at, used. Only its use changes anything, and only once."""

from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks, Request, Response
from pydantic import BaseModel, ConfigDict

from api.arrival import FIRST_PAGE, Me, PageOfOurs, Way, arrive
from api.deps import Parts, PartsHeld
from api.text import EmailAddress, Line, LinkSecret, TimeZone
from db import audit, emails, identities, people, sign_in_links
from db.pool import lookup, transaction
from domain.audit import Actor, Subject
from domain.errors import InvalidInput, LinkUnknown
from domain.ids import OrganizationId, SignInLinkId, UserId
from domain.links import LinkPurpose
from domain.people import UserStatus

router = APIRouter(prefix="/sign-in")


class WantedLink(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: EmailAddress
    next: PageOfOurs = FIRST_PAGE  # where the link goes then


class GivenLink(BaseModel):
    model_config = ConfigDict(extra="forbid")
    link: LinkSecret


class UsedLink(GivenLink):
    name: Line | None = None
    time_zone: TimeZone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    purpose: LinkPurpose
    name: str
    email: str
    organization_name: str
    needs_profile: bool  # True: somebody who was invited; they say their name when they use it
    next: str  # where to go then: a path on this site


async def organization_of(held: Parts, link_id: SignInLinkId) -> OrganizationId:
    """Raises LinkUnknown."""
    async with lookup(held.pool) as connection:
        found = await sign_in_links.organization_of(connection, link_id)
    if found is None:
        raise LinkUnknown
    return found


@router.post("/links", status_code=202)
async def send_sign_in_links(held: PartsHeld, wanted: WantedLink, after: BackgroundTasks) -> dict[str, str]:
    """The same answer for every address, and as fast: what is done for one that is known is done after the answer."""
    async with lookup(held.pool) as connection:
        found = await identities.of_address(connection, wanted.email)
    for organization_id, user_id in found:
        after.add_task(send_link, held, organization_id, user_id, wanted.next)
    return {}


async def send_link(held: Parts, organization_id: OrganizationId, user_id: UserId, next: str) -> None:
    """A mail for each organization: one mail server must not read the links of another organization."""
    async with transaction(held.pool, organization_id) as connection:
        user = await identities.lock(connection, organization_id, user_id)
        if user is None or user.status is UserStatus.DISABLED:
            return
        link_id = await sign_in_links.add(connection, user, LinkPurpose.SIGN_IN, next=next)
        await emails.queue_link(connection, user, LinkPurpose.SIGN_IN, link_id)
        await audit.write(
            connection,
            organization_id,
            Actor.SYSTEM,
            "link_sent",
            Subject("user", str(user_id)),
            purpose=LinkPurpose.SIGN_IN,
        )


@router.post("/link-views")
async def read_sign_in_link(held: PartsHeld, given: GivenLink) -> LinkView:
    link_id = held.sign_in_links.read(given.link)
    organization_id = await organization_of(held, link_id)
    async with transaction(held.pool, organization_id) as connection:
        link = await sign_in_links.get(connection, organization_id, link_id)
        user = await people.get(connection, organization_id, link.user_id) if link else None
    if link is None or user is None:
        raise LinkUnknown
    return LinkView(
        purpose=link.purpose,
        name=user.name,
        email=user.email,
        organization_name=user.organization_name,
        needs_profile=user.status is UserStatus.INVITED,
        next=link.next,
    )


@router.post("/link-uses")
async def use_sign_in_link(held: PartsHeld, given: UsedLink, request: Request, response: Response) -> Me:
    """Somebody who was invited gives their name; to whoever has one, name and zone are not changed here."""
    link_id = held.sign_in_links.read(given.link)
    organization_id = await organization_of(held, link_id)
    async with transaction(held.pool, organization_id) as connection:
        link = await sign_in_links.use(connection, organization_id, link_id)
        user = await people.get(connection, organization_id, link.user_id) if link else None
        if user is None:
            raise LinkUnknown
        if user.status is UserStatus.INVITED and given.name is None:
            raise InvalidInput("/body/name", "Say what you are called.")
        return await arrive(
            connection, held, request, response, user, Way.LINK, name=given.name, time_zone=given.time_zone
        )
