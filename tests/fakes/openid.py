"""A provider of OpenID Connect on the loopback: real HTTP, real PKCE, real signatures, and lies on request.

Somebody signs in there by one GET of `/authorize`, as `who` says.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import BasicAuth, web
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT_ID = "parley-at-this-provider"
CLIENT_SECRET = "between-the-two-of-us"


@dataclass(frozen=True)
class Asked:
    """What a code was given for."""

    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass
class OpenId:
    """`who`: claims of whoever signs in. `lies`: claims put over the true ones, None: left out. `signs`: "RS256",
    "ES256", or how a forger would do it: "none", "HS256" with the public key, "stranger" with a key of their own."""

    url: str = ""
    callbacks: set[str] = field(default_factory=set)  # registered; empty: any
    who: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    signs: str = "RS256"
    says_it_is: str = ""  # as the issuer of the discovery document; empty: the truth
    is_away: bool = False
    answer: Any = None  # of the token endpoint, instead of a token
    discovered: int = 0
    codes: dict[str, Asked] = field(default_factory=dict)
    redeemed: int = 0
    refusals: list[str] = field(default_factory=list)  # by the token endpoint, each with its reason
    rsa: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}))
    ec: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}))

    async def discovery(self, _request: web.Request) -> web.Response:
        self.discovered += 1
        if self.is_away:
            return web.Response(status=503)
        return web.json_response(
            {
                "issuer": self.says_it_is or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(self, request: web.Request) -> web.Response:
        asked = request.query
        is_right = (
            asked.get("response_type") == "code"
            and asked.get("client_id") == CLIENT_ID
            and asked.get("code_challenge_method") == "S256"
            and "openid" in asked.get("scope", "").split()
            and asked.get("state")
            and asked.get("nonce")
            and (not self.callbacks or asked.get("redirect_uri") in self.callbacks)
        )
        if not is_right:
            return web.Response(status=400, text="not a request for a code with PKCE, state and nonce")
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(asked["redirect_uri"], asked["code_challenge"], asked.get("nonce"))
        back = f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code})}"
        return web.Response(status=302, headers={"Location": back})

    async def token(self, request: web.Request) -> web.Response:
        if self.is_away:
            return web.Response(status=503)
        form = await request.post()
        asked = self.codes.pop(str(form.get("code")), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
        client = BasicAuth.decode(request.headers.get("Authorization", "Basic Og=="))
        if (client.login, client.password) != (CLIENT_ID, CLIENT_SECRET):
            return self._refused("invalid_client", "not our client")
        if form.get("grant_type") != "authorization_code" or asked is None:
            return self._refused("invalid_grant", "no such code, or used before")
        if form.get("redirect_uri") != asked.redirect_uri:
            return self._refused("invalid_grant", "another address to go back to")
        if challenge.decode().rstrip("=") != asked.challenge:
            return self._refused("invalid_grant", "the verifier does not fit the challenge")
        self.redeemed += 1
        if self.answer is not None:
            return web.json_response(self.answer)
        return web.json_response(
            {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token(asked.nonce)}
        )

    async def jwks(self, _request: web.Request) -> web.Response:
        return web.json_response(KeySet([self.rsa, self.ec]).as_dict(private=False))

    def id_token(self, nonce: str | None) -> str:
        now = int(time.time())
        true = {"iss": self.url, "aud": CLIENT_ID, "nonce": nonce, "iat": now, "exp": now + 300, "email_verified": True}
        claims = {name: value for name, value in {**true, **self.who, **self.lies}.items() if value is not None}
        match self.signs:
            case "RS256":
                return jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, self.rsa)
            case "ES256":
                return jwt.encode({"alg": "ES256", "kid": "ec"}, claims, self.ec)
            case "stranger":
                return jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, RSAKey.generate_key(2048))
            case "HS256":
                signed = unsigned({"alg": "HS256", "kid": "rsa"}, claims)
                tag = hmac.digest(self.rsa.as_pem(private=False), signed.encode(), "sha256")
                return f"{signed}.{part(tag)}"
            case "HS256 with the modulus":
                return jwt.encode(
                    {"alg": "HS256", "kid": "rsa"}, claims, OctKey.import_key(str(self.rsa.as_dict()["n"]))
                )
            case "none":
                return f"{unsigned({'alg': 'none'}, claims)}."
        raise AssertionError(self.signs)

    async def set_who(self, request: web.Request) -> web.Response:
        """Who signs in from now on, for a browser test in a process of its own."""
        self.who = await request.json()
        return web.Response(status=204)

    def _refused(self, error: str, reason: str) -> web.Response:
        self.refusals.append(reason)
        return web.json_response({"error": error, "error_description": reason}, status=400)


def unsigned(header: dict[str, str], claims: dict[str, Any]) -> str:
    return f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"


def part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@asynccontextmanager
async def running_openid(port: int = 0) -> AsyncIterator[OpenId]:
    double = OpenId()
    app = web.Application()
    app.router.add_put("/who", double.set_who)
    app.router.add_get("/.well-known/openid-configuration", double.discovery)
    app.router.add_get("/authorize", double.authorize)
    app.router.add_post("/token", double.token)
    app.router.add_get("/jwks", double.jwks)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    host, port = runner.addresses[0][:2]
    double.url = f"http://{host}:{port}"
    try:
        yield double
    finally:
        await runner.cleanup()


async def serve(port: int) -> None:
    async with running_openid(port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
