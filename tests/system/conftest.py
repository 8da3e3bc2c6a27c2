"""One running copy of the product for all system tests: real servers, own port, own home."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from parley.postgres_setup import remove
from parley.product import Product, running_product
from parley.settings import Settings

PORT = 8610


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    home: Path = tmp_path_factory.mktemp("home")
    settings = Settings(
        port=PORT,
        home=home,
        public_url=f"http://127.0.0.1:{PORT}",
        local_mode=True,
        database_url=None,
        livekit_url=None,
    )
    async with running_product(settings) as running:
        yield running
        cluster = running.plan.cluster
    if cluster is not None:
        remove(cluster)
