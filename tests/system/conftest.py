"""One running copy of the product for all system tests: real servers, own port, own home."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from parley.postgres_setup import remove
from parley.product import Product, running_product
from parley.settings import Settings
from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, OpenId, running_openid

PORT = 8610


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def openid() -> AsyncIterator[OpenId]:
    """Where people have the accounts with which they may sign in to the running copy."""
    async with running_openid() as provider:
        yield provider


def local_copy(home: Path, port: int) -> Settings:
    """All its own: database, media server, mailbox."""
    return Settings(
        port=port,
        home=home,
        public_url=f"http://127.0.0.1:{port}",
        local_mode=True,
        database_url=None,
        livekit_url=None,
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory, openid: OpenId) -> AsyncIterator[Product]:
    home: Path = tmp_path_factory.mktemp("home")
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:  # read when the product starts, and only then
            environment.setenv("PARLEY_OPENID_ISSUER", openid.url)
            environment.setenv("PARLEY_OPENID_CLIENT_ID", CLIENT_ID)
            environment.setenv("PARLEY_OPENID_CLIENT_SECRET", CLIENT_SECRET)
            running = await stack.enter_async_context(running_product(local_copy(home, PORT)))
        yield running
        cluster = running.plan.cluster
    if cluster is not None:
        remove(cluster)
