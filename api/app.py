"""The application: routes under `/api/v1`, the web page at every other address."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from api import problems, stream
from api.deps import Parts
from api.routes import calls, health, joins, leads, question_sets, sign_in
from api.settings import ApiSettings
from db.feed import Feed
from db.pool import open_pool
from providers.rooms import Rooms

LARGEST_BODY_BYTES = 1_000_000


def create_app(settings: ApiSettings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = await open_pool(settings.app_database_url, most_connections=20)
        rooms = Rooms(
            url=settings.livekit_url, api_key=settings.livekit_api_key, api_secret=settings.livekit_api_secret
        )
        feed = Feed(pool, settings.app_database_url)
        listening = asyncio.create_task(feed.listen())
        app.state.parts = Parts(settings, pool, feed, rooms)
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await rooms.aclose()
            await pool.close()

    app = FastAPI(title="Parley", version="1", lifespan=lifespan, docs_url=None, redoc_url=None,
                  openapi_url="/api/v1/openapi.json")  # fmt: skip
    problems.install(app)
    app.add_exception_handler(health.NotReady, lambda _request, error: health.not_ready(error))
    for module in (health, sign_in, question_sets, leads, calls, stream, joins):
        app.include_router(module.router, prefix="/api/v1")
    app.middleware("http")(secured(settings))
    serve_web(app, settings.web_dir)
    return app


Handler = Callable[[Request], Awaitable[Response]]


def secured(settings: ApiSettings) -> Callable[[Request, Handler], Awaitable[Response]]:
    """Headers that keep a page from being framed, sniffed, or made to talk to strangers; and a bound on bodies."""
    media = settings.livekit_url
    policy = (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self' {media} {media.replace('ws', 'http', 1)}; media-src 'self' blob: mediastream:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )

    async def handle(request: Request, call_next: Handler) -> Response:
        length = request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > LARGEST_BODY_BYTES:
            return problems.of_http_exception(HTTPException(413))
        response = await call_next(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    return handle


def serve_web(app: FastAPI, web_dir: Path) -> None:
    app.mount("/assets", StaticFiles(directory=web_dir / "assets", check_dir=False), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path.startswith(("api/", "assets/")):
            raise HTTPException(404)
        index = web_dir / "index.html"
        if not index.is_file():
            return problems.problem(
                503, "page-not-built", "The page has not been built", "Run `make setup` and start again."
            )
        return FileResponse(index, headers={"Cache-Control": "no-cache"})
