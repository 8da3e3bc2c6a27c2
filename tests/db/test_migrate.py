import asyncio

import asyncpg
import pytest

from db import migrate
from tests.conftest import Database

pytestmark = pytest.mark.db

ALL = sorted(path.stem for path in migrate.MIGRATIONS.glob("*.sql"))


async def test_an_empty_database_gets_all_of_them_and_a_second_time_none(empty_database: Database) -> None:
    assert await migrate.pending(empty_database.owner_url) == ALL
    assert await migrate.apply(empty_database.owner_url, app_password=None) == ALL
    assert await migrate.apply(empty_database.owner_url, app_password=None) == []
    assert await migrate.pending(empty_database.owner_url) == []


async def test_of_two_that_start_together_one_applies_and_the_other_finds_it_done(empty_database: Database) -> None:
    applied = await asyncio.gather(*(migrate.apply(empty_database.owner_url, app_password=None) for _ in range(2)))
    assert sorted(applied) == [[], ALL]


async def test_a_password_of_any_characters_becomes_the_products(empty_database: Database) -> None:
    password = "it's \\ a 'pass\"word; DROP TABLE calls"
    await migrate.apply(empty_database.owner_url, app_password=password)
    owner = await asyncpg.connect(empty_database.owner_url)
    try:
        kept = await owner.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = 'parley_app'")
        assert kept.startswith("SCRAM-SHA-256$")
        assert await owner.fetchval("SELECT to_regclass('public.calls') IS NOT NULL")
    finally:
        await owner.close()


async def test_a_database_that_is_away_is_an_error_and_not_an_endless_wait() -> None:
    with pytest.raises(OSError):  # noqa: PT011 (which one depends on how it is away)
        await migrate.apply("postgresql://postgres@/none?host=/nowhere", app_password=None)
