"""Who is signed in: a signed cookie that names the user and the organization."""

import time
from dataclasses import dataclass
from uuid import UUID

from fastapi import Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from domain.errors import NotSignedIn
from domain.ids import OrganizationId, UserId
from domain.people import User

COOKIE = "parley_session"
LIFETIME_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    user_id: UserId
    organization_id: OrganizationId


class SignIn:
    def __init__(self, *, secret: str, over_https: bool) -> None:
        self._key = OctKey.import_key(f"parley sign-in 1 {secret}")
        self._over_https = over_https

    def keep(self, response: Response, user: User) -> None:
        now = int(time.time())
        claims = {
            "sub": str(user.user_id),
            "org": str(user.organization_id),
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        token = jwt.encode({"alg": "HS256"}, claims, self._key)
        response.set_cookie(
            COOKIE, token, max_age=LIFETIME_SECONDS, httponly=True, samesite="lax", secure=self._over_https
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(COOKIE)

    def read(self, cookie: str | None) -> SignedIn:
        """Raises NotSignedIn for no cookie, one that is not ours, or one that is over."""
        if not cookie:
            raise NotSignedIn
        try:
            token = jwt.decode(cookie, self._key, algorithms=["HS256"])
            jwt.JWTClaimsRegistry(exp={"essential": True}).validate(token.claims)
            return SignedIn(
                user_id=UserId(UUID(token.claims["sub"])),
                organization_id=OrganizationId(UUID(token.claims["org"])),
            )
        except (JoseError, ValueError, KeyError, TypeError):
            raise NotSignedIn from None
