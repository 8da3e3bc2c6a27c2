"""Signing in with an account elsewhere: OpenID Connect's code flow with PKCE, state and nonce.

**Source:** OpenID Connect Core 1.0 §3.1, Discovery 1.0 §4, RFC 7636 (PKCE), RFC 9700 §2.1 and §4.
"""

import asyncio
import hmac
import secrets
import time
from dataclasses import asdict, dataclass, fields
from typing import Any

from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from telemetry import log

logger = log.get(__name__)

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "ES256")
"""Those with a key of the provider's own. With HS256 allowed, its public key would do to sign a token."""

CLOCKS_DIFFER_S = 60
ENDPOINTS_KEPT_S = 3600.0
ANSWERS_WITHIN_S = 10.0

CALLBACK = "/api/v1/sign-in/google/callback"
ATTEMPT_PURPOSE = b"parley openid attempt 1"
ATTEMPT_LIFETIME_S = 600
"""From leaving for the provider to coming back."""


class ProviderFailed(Exception):
    """The provider does not answer, or what it says cannot be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody as the provider knows them; the address was found by it to be theirs."""

    issuer: str
    subject: str
    email: str
    hosted_domain: str | None  # Google's `hd`: the company that the account belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to sign in: what must come back from the provider the way it went out, and where to go then."""

    state: str
    nonce: str
    verifier: str
    next: str

    @staticmethod
    def begin(next: str) -> "Attempt":
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return Attempt(state=state, nonce=nonce, verifier=verifier, next=next)


class Attempts:
    """Keeps an attempt with the browser that began it, as text that only we can make."""

    def __init__(self, *, secret: str) -> None:
        self._key = OctKey.import_key(hmac.digest(secret.encode(), ATTEMPT_PURPOSE, "sha256"))

    def close(self, attempt: Attempt) -> str:
        claims = {**asdict(attempt), "exp": int(time.time()) + ATTEMPT_LIFETIME_S}
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    def open(self, text: str, state: str) -> Attempt | None:
        """None unless this is an attempt of ours that is not over, and `state` is the one it went out with."""
        try:
            claims = jwt.decode(text, self._key, algorithms=["HS256"]).claims
            jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)
        except (JoseError, ValueError):
            return None
        attempt = Attempt(**{field.name: claims[field.name] for field in fields(Attempt)})
        return attempt if hmac.compare_digest(attempt.state.encode(), state.encode(errors="replace")) else None


class Provider:
    """The one provider of this copy. Its endpoints are asked for once an hour, its keys each time: those change."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str, callback: str) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._callback = callback
        self._endpoints: dict[str, Any] = {}
        self._asked_at = -ENDPOINTS_KEPT_S

    async def address(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises ProviderFailed."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S), self._client() as client:
                endpoint = (await self._found(client))["authorization_endpoint"]
                address, _ = client.create_authorization_url(
                    endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
                )
        except Exception as error:  # what a stranger's server answers may break anywhere
            raise self._failed(error) from None
        return str(address)

    async def account(self, code: str, attempt: Attempt) -> Account:
        """Exchanges what the browser brought back for who it was. Raises ProviderFailed."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S), self._client() as client:
                found = await self._found(client)
                token = await client.fetch_token(
                    found["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                )
                keys = await self._json(client, found["jwks_uri"])
            return self._believed(token["id_token"], KeySet.import_key_set(keys), attempt.nonce)
        except Exception as error:  # as above; an id_token is refused by many exceptions
            raise self._failed(error) from None

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=self._callback,
            code_challenge_method="S256",
            timeout=ANSWERS_WITHIN_S,
        )

    async def _found(self, client: AsyncOAuth2Client) -> dict[str, Any]:
        """The endpoints. Raises what a request may raise, and ValueError when they are another issuer's."""
        if time.monotonic() - self._asked_at >= ENDPOINTS_KEPT_S:
            found = await self._json(client, f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if found["issuer"] != self._issuer:
                raise ValueError("another issuer")
            self._endpoints, self._asked_at = found, time.monotonic()
        return self._endpoints

    async def _json(self, client: AsyncOAuth2Client, address: str) -> Any:
        answer: Any = await client.request("GET", address, withhold_token=True)
        return answer.raise_for_status().json()

    def _believed(self, id_token: str, keys: KeySet, nonce: str) -> Account:
        """Raises JoseError or ValueError. Source: OpenID Connect Core 1.0 §3.1.3.7."""
        claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=CLOCKS_DIFFER_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
            email={"essential": True},
        ).validate(claims)
        if claims["aud"] not in (self._client_id, [self._client_id]):
            raise ValueError("meant for others as well")
        if claims.get("email_verified") is not True:
            raise ValueError("an address that nobody has verified")
        return Account(
            issuer=self._issuer,
            subject=claims["sub"],
            email=str(claims["email"]),
            hosted_domain=str(claims["hd"]) if claims.get("hd") else None,
        )

    def _failed(self, error: Exception) -> ProviderFailed:
        logger.warning("sign-in with the provider failed", **log.failure(error))
        return ProviderFailed()
