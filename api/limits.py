"""How often each route may be asked for: by one network address, one person, one organization, one recipient.

Nobody is locked out by what somebody else does:
- A guess is a link that is not good, and only those are counted as guesses. Whoever has a good link gets in, however
  much was guessed behind the same address: a family, a hotel, an office. 128 bits keep guesses from being right; the
  limit keeps their noise away from the database.
- No count stands before a password, since there is none, nor before a refresh or an access token: a forged one fails
  by its tag, which costs less than counting it, and a neighbour's forgeries must not sign anybody out.
- Mails are counted for each recipient before it is known whether there is such a person, so that a 429 tells nothing.
  Whoever asks for links in somebody else's name uses up mails, not the way in: the newest link that was sent signs in,
  and after the first five it is the newest for five minutes.
- Persons and organizations are counted only by a token that is ours; without one the route itself says 401.
- What an organization or a recipient has left is taken only by whoever has something left of their own: one person who
  asks all day, for what they may not even do, leaves their colleagues the larger part.

On a local copy one address and one person stand for everybody (16 staged calls at once, browser tests, benchmarks), so
there all counts are LOCAL_FACTOR times as high.
"""

import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from fastapi import Request

from api.addresses import address_of
from api.deps import CurrentUser, Parts, PartsHeld
from db import limits
from db.limits import Draw
from domain.errors import LinkUnknown, NotSignedIn, TooManyRequests
from domain.ids import UserId

LOCAL_FACTOR = 100
MOST_STREAMS = 30
"""Open at once by one person in one process: a supervisor who follows as many calls."""

STREAM_RETRY_SECONDS = 5

MOST_RECIPIENTS = 10
"""More invitees are refused by the route."""


class By(Enum):
    ADDRESS = auto()
    PERSON = auto()
    ORGANIZATION = auto()
    RECIPIENT = auto()  # each whom a mail will go to, apart for each organization that sends


ONES_OWN = frozenset({By.ADDRESS, By.PERSON})


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then one each `every_s`. Routes with the same purpose and `by` are counted together."""

    purpose: str
    by: By
    burst: int
    every_s: float


GUESSES = Limit("guess", By.ADDRESS, 20, 6)
JOINS = Limit("join", By.ADDRESS, 300, 0.2)
SIGN_INS = Limit("sign-in", By.ADDRESS, 60, 1)
INVITATIONS = (Limit("invitation", By.PERSON, 30, 30), Limit("invitation", By.ORGANIZATION, 100, 15))
BOOKINGS = (
    Limit("booking", By.PERSON, 60, 20),
    Limit("booking", By.ORGANIZATION, 300, 5),
    Limit("booking", By.RECIPIENT, 10, 360),
)
CHANGES = (Limit("change of a call", By.PERSON, 120, 10), Limit("change of a call", By.ORGANIZATION, 600, 2))
TESTS = (Limit("test", By.PERSON, 10, 40), Limit("test", By.ORGANIZATION, 20, 20))

LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "POST /sign-in/links": (Limit("sign-in mail", By.ADDRESS, 30, 10), Limit("sign-in mail", By.RECIPIENT, 5, 300)),
    "POST /sign-in/link-views": (SIGN_INS,),
    "POST /sign-in/link-uses": (SIGN_INS,),
    "GET /sign-in/google": (SIGN_INS,),
    "GET /sign-in/google/callback": (SIGN_INS,),
    "POST /demo/sign-ins": (SIGN_INS,),
    "GET /demo": (SIGN_INS,),
    "POST /joins": (JOINS,),
    "POST /joins/room-tokens": (JOINS,),
    "PUT /joins/consent": (JOINS,),
    "POST /joins/messages": (JOINS,),
    "POST /joins/places/departures": (JOINS,),
    "POST /joins/management": (JOINS,),
    "POST /joins/moves": (JOINS,),
    "POST /joins/cancellations": (JOINS,),
    "PUT /joins/preferences": (JOINS,),
    "POST /joins/unsubscriptions": (JOINS,),
    "POST /users": (*INVITATIONS, Limit("invitation", By.RECIPIENT, 5, 600)),
    "POST /users/{user_id}/invitations": (*INVITATIONS, Limit("invitation", By.RECIPIENT, 5, 600)),
    "POST /calls": BOOKINGS,
    "POST /calls/{call_id}/copies": BOOKINGS,
    "POST /calls/{call_id}/invitees": BOOKINGS,
    "POST /calls/{call_id}/invitees/{invitee_id}/mails": BOOKINGS,
    "POST /call-imports": (Limit("import", By.PERSON, 20, 60), Limit("import", By.ORGANIZATION, 60, 20)),
    "POST /lead-imports": (Limit("import", By.PERSON, 20, 60), Limit("import", By.ORGANIZATION, 60, 20)),
    "POST /question-sets/{question_set_id}/trials": (Limit("trial", By.PERSON, 120, 2),),
    "PATCH /calls/{call_id}": CHANGES,
    "PUT /calls/{call_id}/cancellation": CHANGES,
    "POST /calls/{call_id}/room-tokens": (Limit("room token", By.PERSON, 60, 1),),
    "POST /calls/{call_id}/review/runs": (
        Limit("review", By.PERSON, 10, 60),
        Limit("review", By.ORGANIZATION, 30, 20),
    ),
    "GET /calls/{call_id}/events": (Limit("stream", By.PERSON, 120, 1),),
    "POST /settings/mail-servers/{server_id}/tests": TESTS,
    "POST /settings/providers/tests": TESTS,
    "POST /audit/verifications": (
        Limit("verification", By.PERSON, 10, 40),
        Limit("verification", By.ORGANIZATION, 20, 20),
    ),
}
"""By method and path of the route, without `/api/v1`; routes that are not here are not counted."""


async def keep_limits(request: Request, held: PartsHeld) -> AsyncIterator[None]:
    """Raises TooManyRequests when the route has been asked for too often, also in the place of the LinkUnknown of one
    guess too many."""
    route = f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"
    wanted = LIMITS.get(route)
    if wanted:
        body = await json_of(request) if any(limit.by is By.RECIPIENT for limit in wanted) else None
        await take(held, request, wanted, body)
    try:
        yield
    except LinkUnknown:
        await take(held, request, (GUESSES,), None)
        raise


async def keep_streams(request: Request, user: CurrentUser) -> AsyncIterator[None]:
    """One stream more of this person, until its answer has ended. Raises TooManyRequests."""
    streams: Counter[UserId] = request.app.state.streams
    if streams[user.user_id] >= MOST_STREAMS:
        raise TooManyRequests(STREAM_RETRY_SECONDS)
    streams[user.user_id] += 1
    try:
        yield
    finally:
        streams[user.user_id] -= 1
        if not streams[user.user_id]:
            del streams[user.user_id]


async def take(held: Parts, request: Request, wanted: tuple[Limit, ...], body: object) -> None:
    """One's own first. Raises TooManyRequests."""
    await take_all(held, request, [limit for limit in wanted if limit.by in ONES_OWN], body)
    await take_all(held, request, [limit for limit in wanted if limit.by not in ONES_OWN], body)


async def take_all(held: Parts, request: Request, wanted: Sequence[Limit], body: object) -> None:
    factor = LOCAL_FACTOR if held.settings.local_mode else 1
    draws = [
        Draw(
            purpose=f"{limit.purpose} by {limit.by.name}",
            subject=subject,
            burst=limit.burst * factor,
            every=timedelta(seconds=limit.every_s / factor),
        )
        for limit in wanted
        for subject in subjects(held, request, limit.by, body)
    ]
    waiting_s = await limits.take(held.pool, draws)
    if waiting_s > 0:
        raise TooManyRequests(max(1, math.ceil(waiting_s)))


def subjects(held: Parts, request: Request, by: By, body: object) -> Iterator[str]:
    """Who is counted; nobody where it cannot be known."""
    if by is By.ADDRESS:
        yield address_of(request, held.settings.trusted_proxies)
        return
    try:
        who = held.sign_in.read(held.sign_in.token_of(request))
    except NotSignedIn:
        who = None
    if by is By.RECIPIENT:
        sender = who.organization_id if who else "nobody"
        for address in sorted(recipients(request, body)):
            yield f"{sender} {address}"
    elif who:
        yield str(who.user_id if by is By.PERSON else who.organization_id)


async def json_of(request: Request) -> Any:
    """The body as FastAPI has read it already; None for what is no JSON, which the route refuses by itself."""
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None


def recipients(request: Request, body: object) -> set[str]:
    """Whom a mail will go to: the person in the address, or the e-mail addresses in the body, a call's invitees too."""
    for whose in ("user_id", "invitee_id"):
        if whose in request.path_params:
            return uuids(str(request.path_params[whose]))
    about: dict[str, Any] = body if isinstance(body, dict) else {}
    invitees = about.get("invitees")
    named = [about, *(invitees[:MOST_RECIPIENTS] if isinstance(invitees, list) else [])]
    found = [one.get("email") for one in named if isinstance(one, dict)]
    return {address.strip().casefold() for address in found if isinstance(address, str)}


def uuids(text: str) -> set[str]:
    """The one that stands there, however it is spelt; the route refuses what is none."""
    try:
        return {str(UUID(text))}
    except ValueError:
        return set()
