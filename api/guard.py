"""The door of the API: what every request must pass before a route sees it, and what every answer carries.

Pure ASGI, since Starlette's function middleware would hold streams back and hide from them that a reader has gone.
"""

import traceback
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi.responses import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.addresses import parsed
from telemetry import log

logger = log.get(__name__)

LARGEST_BODY_BYTES = 1_000_000
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TooLarge(HTTPException):
    def __init__(self) -> None:
        super().__init__(413)


class Guard:
    """Bounds bodies, refuses what another site's page sends with our cookie, and answers for what a route let fall."""

    def __init__(self, app: ASGIApp, *, public_url: str, headers: Mapping[str, str], is_local: bool) -> None:
        """`is_local`: whoever is here signs in without a secret, so no other site's page may seem to be ours."""
        self._app = app
        self._public_origin = origin_of(public_url)
        self._public_name = name_of(urlsplit(public_url).netloc)
        self._headers = headers
        self._is_local = is_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal is not None:
            await refusal(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, bounded(receive), send_with_headers)
        except ClientDisconnect:
            return  # in the middle of a body; nobody is there to be answered
        except Exception as error:
            logger.error("request failed", **described(error), path=route_of(scope))
            if not has_started:
                await problems.internal_error()(scope, receive, send_with_headers)

    def _refusal(self, method: str, path: str, headers: Headers) -> Response | None:
        if self._is_local and path.startswith("/api/") and not self._is_our_name(headers.get("host", "")):
            return problems.unknown_host()
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > LARGEST_BODY_BYTES:
            return problems.of_http_exception(TooLarge())
        if method not in READING_METHODS and not self._is_from_here(headers):
            return problems.cross_site()
        return None

    def _is_our_name(self, host: str) -> bool:
        """False for a name that somebody else may have made point at this machine (DNS rebinding).

        **Source:** the rule of Vite's server.allowedHosts: numbers and localhost point where they say.
        """
        name = name_of(host)
        return name in ("", "localhost", self._public_name) or parsed(name) is not None

    def _is_from_here(self, headers: Headers) -> bool:
        """False when a browser says that the request comes from another site's page, and a cookie of ours may be in it.

        With a Bearer token no cookie is looked at (`SignIn.token_of`), and no other site's page has such a token.

        **Source:** the rule of Go 1.25 net/http.CrossOriginProtection: Sec-Fetch-Site where the browser sends it, else
        Origin against Host; a request with neither comes from no browser.
        """
        if headers.get("authorization", "").partition(" ")[0].lower() == "bearer":
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        return origin is None or origin == self._public_origin or host_of(origin) == headers.get("host")


def bounded(receive: Receive) -> Receive:
    """Raises TooLarge as soon as a body without a declared length has grown past the bound."""
    received_bytes = 0

    async def receive_bounded() -> Message:
        nonlocal received_bytes
        message = await receive()
        received_bytes += len(message.get("body", b""))
        if received_bytes > LARGEST_BODY_BYTES:
            raise TooLarge
        return message

    return receive_bounded


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def name_of(host: str) -> str:
    """The name or number in a Host header, without its port; empty for none, and for what is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def host_of(origin: str) -> str | None:
    """Host and port of an Origin header, None for `null` and for what is no origin."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def described(error: Exception) -> dict[str, str]:
    """Where it happened; the words of an exception may hold what people sent."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return {"error": type(error).__name__, "where": where, "pii.error": str(error)}


def route_of(scope: Scope) -> str:
    """The route's pattern: an address that people typed may hold anything."""
    return str(getattr(scope.get("route"), "path", "no route"))
