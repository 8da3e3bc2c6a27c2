"""What a route may ask for."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.auth import SignedIn, SignIn
from api.openid import CALLBACK, Attempts, Provider
from api.settings import ApiSettings
from api.turnstiles import Turnstiles
from db import people
from db.feed import Feed
from db.pool import Connection, Pool, transaction
from domain import access
from domain.access import Viewer
from domain.errors import NotAllowed, NotSignedIn
from domain.links import Links, SignInLinks
from providers.rooms import Rooms


class Parts:
    """What the process holds for as long as it lives; made in `app.py`."""

    def __init__(self, settings: ApiSettings, pool: Pool, feed: Feed, rooms: Rooms) -> None:
        self.settings = settings
        self.pool = pool
        self.feed = feed
        self.rooms = rooms
        self.links = Links(secret=settings.secret, public_url=settings.public_url)
        self.sign_in = SignIn(secret=settings.secret, public_url=settings.public_url)
        self.sign_in_links = SignInLinks(secret=settings.secret, public_url=settings.public_url)
        self.attempts = Attempts(secret=settings.secret)
        self.openid = openid_provider(settings)
        self.turnstiles = Turnstiles()


def openid_provider(settings: ApiSettings) -> Provider | None:
    """None: no accounts from elsewhere sign in here."""
    if not settings.openid_client_id:
        return None
    return Provider(
        issuer=settings.openid_issuer,
        client_id=settings.openid_client_id,
        client_secret=settings.openid_client_secret.get_secret_value(),
        callback=settings.public_url.rstrip("/") + CALLBACK,
    )


def parts(request: Request) -> Parts:
    found = request.app.state.parts
    assert isinstance(found, Parts)
    return found


PartsHeld = Annotated[Parts, Depends(parts)]


def now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(now)]


def signed_in(held: PartsHeld, request: Request) -> SignedIn:
    return held.sign_in.read(held.sign_in.token_of(request))


Who = Annotated[SignedIn, Depends(signed_in)]


async def current_user(held: PartsHeld, who: Who) -> Viewer:
    """Raises NotSignedIn when the person is disabled or gone, or the device has been ended."""
    async with transaction(held.pool, who.organization_id) as connection:
        viewer = await people.viewer(connection, who.organization_id, who.user_id, who.device_id)
    if viewer is None:
        raise NotSignedIn
    return viewer


CurrentUser = Annotated[Viewer, Depends(current_user)]


def only_with(may: Callable[[Viewer], bool]) -> Callable[[Viewer], Viewer]:
    """Whoever is signed in, when they have that right; NotAllowed is raised when they do not."""

    def viewer(user: CurrentUser) -> Viewer:
        if not may(user):
            raise NotAllowed
        return user

    return viewer


MayManagePeople = Annotated[Viewer, Depends(only_with(access.may_manage_people))]
MayChangeSettings = Annotated[Viewer, Depends(only_with(access.may_change_settings))]
MayReadAudit = Annotated[Viewer, Depends(only_with(access.may_read_audit))]


async def own_transaction(held: PartsHeld, user: CurrentUser) -> AsyncIterator[Connection]:
    async with transaction(held.pool, user.organization_id) as connection:
        yield connection


OwnConnection = Annotated[Connection, Depends(own_transaction, scope="function")]
"""One transaction in the organization of whoever is signed in, committed before the answer goes out.

Not for routes that wait for the media server: a transaction waits for nobody.
"""
