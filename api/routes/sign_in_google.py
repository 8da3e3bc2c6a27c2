"""Signing in with Google, or whichever provider of OpenID Connect this copy has; and which ways in there are."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from api.arrival import FIRST_PAGE, PageOfOurs, Way, arrive
from api.deps import Parts, PartsHeld
from api.openid import ATTEMPT_LIFETIME_S, Account, Attempt, Provider, ProviderFailed
from db import identities, settings
from db.pool import Connection, lookup, transaction
from domain.errors import NotFound
from domain.ids import OrganizationId, UserId
from domain.people import User, UserStatus

router = APIRouter(prefix="/sign-in")

NOT_INVITED, WRONG_DOMAIN, DISABLED, FAILED = "not-invited", "wrong-domain", "disabled", "google-failed"
TELLING = (NOT_INVITED, WRONG_DOMAIN, DISABLED)
"""Of several organizations' refusals the last of these is told: it says most."""

PROFILE_PAGE = "/profile"
"""Where somebody who was invited comes first: their name is what the admin wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    google: bool
    email_link: bool  # always: an organization may have a mail server of its own
    demo: bool


class NotLetIn(Exception):
    """`problem` is for the sign-in page."""

    def __init__(self, problem: str) -> None:
        self.problem = problem


def provider(held: PartsHeld) -> Provider:
    """Raises NotFound when none is set up."""
    if held.openid is None:
        raise NotFound("page")
    return held.openid


ProviderHeld = Annotated[Provider, Depends(provider)]


@router.get("")
async def read_ways_in(held: PartsHeld) -> WaysIn:
    return WaysIn(google=held.openid is not None, email_link=True, demo=held.settings.local_mode)


@router.get("/google", status_code=303, response_class=RedirectResponse, response_model=None)
async def sign_in_with_google(held: PartsHeld, asked: ProviderHeld, next: PageOfOurs = FIRST_PAGE) -> RedirectResponse:
    attempt = Attempt.begin(next)
    try:
        response = RedirectResponse(await asked.address(attempt), status_code=303)
    except ProviderFailed:
        return back_with(FAILED)
    is_secure = over_https(held)
    response.set_cookie(
        cookie_of(held), held.attempts.close(attempt), max_age=ATTEMPT_LIFETIME_S,
        path="/", httponly=True, samesite="lax", secure=is_secure,
    )  # fmt: skip
    return response


@router.get("/google/callback", status_code=303, response_class=RedirectResponse, response_model=None)
async def come_back_from_google(
    held: PartsHeld, asked: ProviderHeld, request: Request, code: str = "", state: str = ""
) -> RedirectResponse:
    """To the page that was asked for, signed in; or to the sign-in page with what was wrong. The attempt is over."""
    attempt = held.attempts.open(request.cookies.get(cookie_of(held), ""), state)
    try:
        if attempt is None or not code:
            raise NotLetIn(FAILED)
        response = await let_in(held, request, await asked.account(code, attempt), attempt.next)
    except ProviderFailed:
        response = back_with(FAILED)
    except NotLetIn as refused:
        response = back_with(refused.problem)
    response.delete_cookie(cookie_of(held), path="/", secure=over_https(held), httponly=True, samesite="lax")
    return response


async def let_in(held: Parts, request: Request, account: Account, next: str) -> RedirectResponse:
    """Raises NotLetIn.

    Whoever has come with this account before is known by it, whatever their address is now. Only when nobody is, the
    address counts, and the account is theirs from then on. Of several organizations it is the first that takes them.
    """
    async with lookup(held.pool) as connection:
        known = await identities.of_account(connection, account.issuer, account.subject)
        found = known or await identities.of_address(connection, account.email)
    problem = NOT_INVITED
    for organization_id, user_id in found:
        try:
            async with transaction(held.pool, organization_id) as connection:
                user = await welcome(connection, organization_id, user_id, account, is_known=bool(known))
                is_first = user.status is UserStatus.INVITED
                response = RedirectResponse(PROFILE_PAGE if is_first else next, status_code=303)
                await arrive(connection, held, request, response, user, Way.GOOGLE)
                return response
        except NotLetIn as refused:
            problem = max(problem, refused.problem, key=TELLING.index)
    raise NotLetIn(problem)


async def welcome(
    connection: Connection, organization_id: OrganizationId, user_id: UserId, account: Account, *, is_known: bool
) -> User:
    """The person, to whom the account belongs from now on. Raises NotLetIn.

    That somebody is disabled is told to nobody but them, who come with an account that is theirs.
    """
    user = await identities.lock(connection, organization_id, user_id)
    if user is None or user.status is UserStatus.DISABLED:
        raise NotLetIn(DISABLED if user and is_known else NOT_INVITED)
    domain = (await settings.get(connection, organization_id)).google_domain
    if domain is not None and (account.hosted_domain or "").casefold() != domain.casefold():
        raise NotLetIn(WRONG_DOMAIN)
    if not is_known and not await identities.bind(connection, user, account.issuer, account.subject):
        raise NotLetIn(NOT_INVITED)
    return user


def back_with(problem: str) -> RedirectResponse:
    return RedirectResponse(f"/sign-in?problem={problem}", status_code=303)


def over_https(held: Parts) -> bool:
    return held.settings.public_url.startswith("https:")


def cookie_of(held: Parts) -> str:
    """With the prefix that no neighbouring host can set a cookie under: it would sign people in as somebody else."""
    return "__Host-parley_openid" if over_https(held) else "parley_openid"
