"""What a route may ask for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Cookie, Depends, Request

from api.auth import COOKIE, SignedIn, SignIn
from api.settings import ApiSettings
from db import people
from db.feed import Feed
from db.pool import Connection, Pool, transaction
from domain.errors import NotAllowed, NotSignedIn
from domain.links import Links
from domain.people import User, UserRole
from providers.rooms import Rooms


class Parts:
    """What the process holds for as long as it lives; made in `app.py`."""

    def __init__(self, settings: ApiSettings, pool: Pool, feed: Feed, rooms: Rooms) -> None:
        self.settings = settings
        self.pool = pool
        self.feed = feed
        self.rooms = rooms
        self.links = Links(secret=settings.secret, public_url=settings.public_url)
        self.sign_in = SignIn(secret=settings.secret, over_https=settings.public_url.startswith("https:"))


def parts(request: Request) -> Parts:
    found = request.app.state.parts
    assert isinstance(found, Parts)
    return found


PartsHeld = Annotated[Parts, Depends(parts)]


def now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(now)]


def signed_in(held: PartsHeld, parley_session: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> SignedIn:
    return held.sign_in.read(parley_session)


Who = Annotated[SignedIn, Depends(signed_in)]


async def current_user(held: PartsHeld, who: Who) -> User:
    """Raises NotSignedIn when the person is no longer there."""
    async with transaction(held.pool, who.organization_id) as connection:
        user = await people.get(connection, who.organization_id, who.user_id)
    if user is None:
        raise NotSignedIn
    return user


CurrentUser = Annotated[User, Depends(current_user)]


def manager(user: CurrentUser) -> User:
    """Raises NotAllowed for anybody who is neither a manager nor an admin."""
    if user.role is UserRole.REP:
        raise NotAllowed
    return user


CurrentManager = Annotated[User, Depends(manager)]


async def own_transaction(held: PartsHeld, user: CurrentUser) -> AsyncIterator[Connection]:
    async with transaction(held.pool, user.organization_id) as connection:
        yield connection


OwnConnection = Annotated[Connection, Depends(own_transaction, scope="function")]
"""One transaction in the organization of whoever is signed in, committed before the answer goes out.

Not for routes that wait for the media server: a transaction waits for nobody.
"""
