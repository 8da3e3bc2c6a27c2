"""Who is signed in: a short access token and a rotating refresh token, for one device. docs/adr/0006 says why so."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import Request, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from api.device_label import device_label
from db import audit, devices
from db.devices import DeviceEnd
from db.pool import Connection
from domain.audit import Actor, Subject
from domain.errors import NotSignedIn
from domain.ids import DeviceId, OrganizationId, UserId, uuid7
from domain.people import User, UserStatus
from domain.tags import tagged, untagged

ACCESS_LIFETIME = timedelta(minutes=5)
REFRESH_OVERLAP = timedelta(seconds=10)
"""So long the token before the newest is still answered, with the newest: two tabs at once, or a lost answer."""

KEY_PERIOD = timedelta(days=7)
"""Each signing key signs for so long, and verifies for as long again."""

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"
"""Source: RFC 9068 §2.1; RFC 8725 §3.11 on telling kinds of tokens apart."""

AUDIENCE = "parley-api"
REFRESH_PATH = "/api/v1/sign-in"
REFRESH = b"parley refresh token 1"
REFRESH_IDS_BYTES = 20  # device 16, generation 4
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Source: FIPS 186-4, D.1.2.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What an access token says. Whether it is still so, the database knows."""

    user_id: UserId
    organization_id: OrganizationId
    device_id: DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    device_id: DeviceId
    generation: int


class SignIn:
    """Makes and reads the tokens, and keeps them in cookies."""

    def __init__(
        self, *, secret: str, public_url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._secret = secret.encode()
        self._refresh_key = hmac.digest(self._secret, REFRESH, "sha256")
        self._issuer = public_url.rstrip("/")
        self._over_https = public_url.startswith("https:")
        self._clock = clock
        self._keys: dict[int, ECKey] = {}

    @property
    def access_cookie(self) -> str:
        return "__Host-parley_access" if self._over_https else "parley_access"

    @property
    def refresh_cookie(self) -> str:
        return "__Secure-parley_refresh" if self._over_https else "parley_refresh"

    async def begin(self, connection: Connection, response: Response, user: User, user_agent: str) -> DeviceId:
        """Signs `user` in on a new device; the answer carries both cookies."""
        device_id = DeviceId(uuid7())
        await devices.add(connection, user.organization_id, user.user_id, device_id, device_label(user_agent))
        self._keep(
            response,
            SignedIn(user_id=user.user_id, organization_id=user.organization_id, device_id=device_id),
            generation=1,
        )
        return device_id

    async def renew(
        self, connection: Connection, response: Response, organization_id: OrganizationId, refresh: Refresh
    ) -> SignedIn | None:
        """Both cookies anew, or None: the device is over. A token older than the one before the newest ends it.

        Raises nothing, so that the caller's transaction keeps that end.
        """
        family, now = await devices.lock(connection, organization_id, refresh.device_id), self._clock()
        if family is None or family.ended_at or family.expires_at <= now or family.status is not UserStatus.ACTIVE:
            return None
        is_newest = refresh.generation == family.generation
        is_overlap = refresh.generation == family.generation - 1 and now - family.rotated_at <= REFRESH_OVERLAP
        if not (is_newest or is_overlap):
            await devices.end(connection, organization_id, family.user_id, refresh.device_id, DeviceEnd.REUSE)
            await audit.write(
                connection, organization_id, Actor.SYSTEM, "device_ended",
                Subject("device", str(refresh.device_id)), user_id=family.user_id,
            )  # fmt: skip
            return None
        if is_newest:
            await devices.rotate(connection, organization_id, refresh.device_id, now)
        who = SignedIn(user_id=family.user_id, organization_id=organization_id, device_id=refresh.device_id)
        self._keep(response, who, generation=family.generation + is_newest)
        return who

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.access_cookie, path="/", secure=self._over_https, httponly=True)
        response.delete_cookie(self.refresh_cookie, path=REFRESH_PATH, secure=self._over_https, httponly=True)

    def token_of(self, request: Request) -> str | None:
        """The access token that came with a request: `Authorization: Bearer`, else the cookie."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return token.strip()
        return request.cookies.get(self.access_cookie)

    def access_token(self, who: SignedIn) -> str:
        now = self._clock()
        period = self._period(now)
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(who.user_id),
            "org": str(who.organization_id),
            "dev": str(who.device_id),
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFETIME).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": str(period)}, claims, self._key(period))

    def read(self, token: str | None) -> SignedIn:
        """Raises NotSignedIn for no token, one that is not ours or not of this kind, or one that is over."""
        if not token:
            raise NotSignedIn
        now = self._clock()
        try:
            header = jwt_header(token)
            this_period = self._period(now)
            periods = {str(period): period for period in (this_period, this_period - 1)}
            if header.get("typ") != TOKEN_TYPE:
                raise NotSignedIn
            claims = jwt.decode(token, self._key(periods[str(header["kid"])]), algorithms=[ALGORITHM]).claims
            jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
            return SignedIn(
                user_id=UserId(UUID(claims["sub"])),
                organization_id=OrganizationId(UUID(claims["org"])),
                device_id=DeviceId(UUID(claims["dev"])),
            )
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise NotSignedIn from None

    def refresh_token(self, refresh: Refresh) -> str:
        return tagged(self._refresh_key, refresh.device_id.bytes + refresh.generation.to_bytes(4, "big"))

    def read_refresh(self, token: str | None) -> Refresh:
        """Raises NotSignedIn unless this is, to the bit, a refresh token that we made."""
        ids = untagged(self._refresh_key, token or "", REFRESH_IDS_BYTES)
        if ids is None:
            raise NotSignedIn
        return Refresh(device_id=DeviceId(UUID(bytes=ids[:16])), generation=int.from_bytes(ids[16:], "big"))

    def _keep(self, response: Response, who: SignedIn, *, generation: int) -> None:
        response.set_cookie(
            self.access_cookie,
            self.access_token(who),
            max_age=int(ACCESS_LIFETIME.total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=self._over_https,
        )
        response.set_cookie(
            self.refresh_cookie,
            self.refresh_token(Refresh(device_id=who.device_id, generation=generation)),
            max_age=int(devices.LIFETIME.total_seconds()),
            path=REFRESH_PATH,
            httponly=True,
            samesite="strict",
            secure=self._over_https,
        )

    def _period(self, at: datetime) -> int:
        return int(at.timestamp() // KEY_PERIOD.total_seconds())

    def _key(self, period: int) -> ECKey:
        """The signing key of that period: a P-256 scalar from our secret. Source: FIPS 186-5 A.2.1, 64 extra bits."""
        if period not in self._keys:
            material = hashlib.shake_256(b"parley access token 1 %d " % period + self._secret).digest(40)
            scalar = int.from_bytes(material, "big") % (P256_ORDER - 1) + 1
            private = ec.derive_private_key(scalar, ec.SECP256R1())
            pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            self._keys[period] = ECKey.import_key(pem)
        return self._keys[period]


def jwt_header(token: str) -> dict[str, object]:
    """The unverified header. Raises ValueError."""
    head = token.partition(".")[0].encode("ascii")
    found = json.loads(base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4)))
    if not isinstance(found, dict):
        raise ValueError
    return found
