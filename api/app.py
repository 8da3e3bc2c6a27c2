"""The application: routes under `/api/v1`, the web page at every other address."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import Depends, FastAPI

from api import headers, join, openapi, pages, problems, stream
from api.cors import Cors
from api.deps import Parts
from api.guard import Guard
from api.limits import keep_limits, keep_streams
from api.routes import (
    audit,
    call_changes,
    call_imports,
    calls,
    emails,
    health,
    invitees,
    joins,
    joins_management,
    lead_imports,
    leads,
    livekit_webhooks,
    mailbox,
    me,
    nudges,
    question_set_trials,
    question_sets,
    recipients,
    reviews,
    settings_inbox,
    settings_mail_servers,
    settings_organization,
    settings_providers,
    sign_in,
    sign_in_google,
    sign_in_links,
    suppressed_addresses,
    teams,
    users,
)
from api.settings import ApiSettings
from db.feed import Feed
from db.pool import open_pool
from providers.rooms import Rooms
from telemetry import log

logger = log.get(__name__)

ROUTES = (
    *(health, sign_in, sign_in_google, sign_in_links, me, users, teams),
    *(question_sets, question_set_trials, leads, lead_imports),
    *(calls, call_changes, call_imports, recipients, invitees),
    *(stream, nudges, reviews, emails, mailbox, joins, joins_management),
    *(settings_organization, settings_providers, settings_mail_servers, settings_inbox, suppressed_addresses),
    *(audit, livekit_webhooks),
)

MOST_CONNECTIONS = 20
POOL_CLOSES_WITHIN_SECONDS = 1.0


def create_app(settings: ApiSettings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = await open_pool(settings.app_database_url, most_connections=MOST_CONNECTIONS)
        rooms = Rooms(
            url=settings.livekit_url, api_key=settings.livekit_api_key, api_secret=settings.livekit_api_secret
        )
        feed = Feed(pool, settings.app_database_url)
        listening = asyncio.create_task(feed.listen())
        app.state.parts = Parts(settings, pool, feed, rooms)
        app.state.streams = Counter()
        if not (settings.local_mode or settings.trusted_proxies):
            logger.warning("no proxy is trusted: whoever comes through one counts as the same address")
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await rooms.aclose()
            try:
                async with asyncio.timeout(POOL_CLOSES_WITHIN_SECONDS):
                    await pool.close()
            except TimeoutError:
                pool.terminate()

    app = FastAPI(
        title="Parley",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
    )
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    problems.install(app)
    app.add_exception_handler(health.NotReady, lambda _request, error: health.not_ready(error))
    app.add_exception_handler(join.MustWait, lambda _request, error: join.must_wait(error))
    for module in ROUTES:
        limits = [Depends(keep_limits), *([Depends(keep_streams)] if module is stream else [])]
        app.include_router(module.router, prefix="/api/v1", dependencies=limits)
    pages.serve(app, settings.web_dir, lambda nonce: headers.page_policy(settings, nonce))
    app.add_middleware(Cors, origins=settings.cors_origins)
    app.add_middleware(
        Guard,
        public_url=settings.public_url,
        headers=headers.security_headers(settings),
        is_local=settings.local_mode,
    )
    return app
