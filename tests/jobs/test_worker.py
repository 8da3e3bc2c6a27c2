"""The queue itself: real pgqueuer on the product's role."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pgqueuer import PgQueuer
from pgqueuer.qm import QueueManager

from db import calls, events, mail_servers, reviews
from db.jobs import Entrypoint, Work, enqueue_what_was_left
from db.pool import Pool, lookup, open_pool, transaction
from domain.mail_server import INSTALLATION
from jobs.chores import Chores
from jobs.worker import Worker
from tests.conftest import Database, eventually
from tests.sample import Tenant, add_call, ended, said

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
async def _empty_queue(owner: Any) -> None:
    """Other tests' jobs want nothing more."""
    await owner.execute("UPDATE reviews SET status = 'failed' WHERE status IN ('queued', 'running')")
    await owner.execute("DELETE FROM pgqueuer")


@pytest.fixture
async def queue_pool(database: Database) -> AsyncIterator[Pool]:
    opened = await open_pool(database.app_url, most_connections=4)
    yield opened
    opened.terminate()


class Recorder:
    def __init__(self, *again: timedelta | None) -> None:
        self.again = list(again)
        self.ran: list[tuple[Work, int]] = []

    async def run(self, work: Work, earlier_tries: int) -> timedelta | None:
        self.ran.append((work, earlier_tries))
        return self.again.pop(0) if self.again else None


async def nothing(_: Work, __: int) -> timedelta | None:
    return None


@asynccontextmanager
async def working(queue_pool: Pool, handle: Any) -> AsyncIterator[asyncio.Task[None]]:
    handlers = {Entrypoint.TRY_SMTP: handle, Entrypoint.REVIEW_CALL: nothing}
    task = asyncio.create_task(Worker(queue_pool, handlers, {}).run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def tried_out(pool: Pool, tenant: Tenant) -> Work:
    """Makes a job due, as any other would be."""
    async with transaction(pool, tenant.organization_id) as connection:
        trial_id = await mail_servers.queue_trial(
            connection, tenant.organization_id, tenant.admin.user_id, INSTALLATION
        )
    return Work(organization_id=tenant.organization_id, id=trial_id)


async def jobs_left(owner: Any) -> int:
    count: int = await owner.fetchval("SELECT count(*) FROM pgqueuer")
    return count


async def test_the_queue_finds_its_tables_as_it_wants_them(queue_pool: Pool) -> None:
    await PgQueuer.from_asyncpg_pool(queue_pool).qm.verify_structure()


async def test_it_hears_its_own_sign_of_life_from_the_first_on(
    queue_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would begin anew after ten seconds, and let everything that runs end first."""
    heard: list[object] = []
    healthy = QueueManager.listener_healthy

    async def spied(manager: QueueManager, timeout: timedelta = timedelta(seconds=2)) -> object:
        heard.append(await healthy(manager, timeout))
        return heard[-1]

    monkeypatch.setattr(QueueManager, "listener_healthy", spied)
    for beginnings in range(1, 11):
        async with working(queue_pool, nothing):

            async def is_heard(times: int = beginnings) -> bool:
                return len(heard) >= times

            await eventually(is_heard, f"the sign of life of beginning {beginnings}", within_s=3)


async def test_a_job_runs_as_soon_as_what_made_it_due_is_committed(
    pool: Pool, queue_pool: Pool, tenant: Tenant, owner: Any
) -> None:
    recorder = Recorder()
    async with working(queue_pool, recorder.run):
        work = await tried_out(pool, tenant)

        async def is_over() -> bool:
            return bool(recorder.ran) and await jobs_left(owner) == 0

        await eventually(is_over, "the job ran and is gone")
    assert recorder.ran == [(work, 0)]


async def test_a_job_that_wants_to_be_tried_again_is(pool: Pool, queue_pool: Pool, tenant: Tenant, owner: Any) -> None:
    recorder = Recorder(timedelta(milliseconds=50), timedelta(milliseconds=50))
    async with working(queue_pool, recorder.run):
        await tried_out(pool, tenant)

        async def is_over() -> bool:
            return len(recorder.ran) == 3 and await jobs_left(owner) == 0

        await eventually(is_over, "three tries")
    assert [tries for _, tries in recorder.ran] == [0, 1, 2]


async def test_a_job_whose_database_fails_is_put_off_and_not_forgotten(
    pool: Pool, queue_pool: Pool, tenant: Tenant, owner: Any
) -> None:
    async def fails(_: Work, __: int) -> None:
        raise asyncpg.PostgresConnectionError("robin@finch.example")

    async with working(queue_pool, fails):
        await tried_out(pool, tenant)

        async def is_put_off() -> object:
            return await owner.fetchval("SELECT count(*) FROM pgqueuer WHERE attempts = 1 AND status = 'queued'")

        await eventually(is_put_off, "the job waits")
    kept = await owner.fetchval("SELECT string_agg(traceback::text, '') FROM pgqueuer_log WHERE traceback IS NOT NULL")
    assert "robin@finch.example" not in kept


async def test_the_worker_goes_on_when_its_connections_were_cut(
    pool: Pool, queue_pool: Pool, tenant: Tenant, owner: Any
) -> None:
    recorder = Recorder()
    async with working(queue_pool, recorder.run) as task:
        await tried_out(pool, tenant)

        async def ran(times: int) -> bool:
            return len(recorder.ran) >= times

        await eventually(lambda: ran(1), "before the cut")
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = 'parley_app' AND query ILIKE '%pgqueuer%'"
        )
        await tried_out(pool, tenant)
        await eventually(lambda: ran(2), "after the cut", within_s=45)
        assert not task.done()


async def test_work_whose_job_was_lost_gets_one_again_and_only_then(pool: Pool, tenant: Tenant, owner: Any) -> None:
    call = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, call.call_id, "everybody left")
        await events.append(connection, tenant.organization_id, call.call_id, [said(call), ended(call)])
        await reviews.queue(connection, tenant.organization_id, call.call_id)
    async with lookup(pool) as connection, connection.transaction():
        assert await enqueue_what_was_left(connection) == 0
    await owner.execute("DELETE FROM pgqueuer")
    await Chores(pool).find_lost_work()
    assert await owner.fetchval("SELECT dedupe_key FROM pgqueuer") == f"review_call:{call.call_id}"
    async with lookup(pool) as connection, connection.transaction():
        assert await enqueue_what_was_left(connection) == 0


async def test_a_payload_holds_ids_and_nothing_else(pool: Pool, tenant: Tenant, owner: Any) -> None:
    await tried_out(pool, tenant)
    payload = (await owner.fetchval("SELECT payload FROM pgqueuer")).decode()
    assert tenant.admin.email not in payload
    assert str(tenant.organization_id) in payload
