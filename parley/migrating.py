"""`parley migrate`: the schema brought up to date, with or without a running copy."""

from __future__ import annotations

from parley.plan import make_plan
from parley.product import migrate_database, start_postgres
from parley.report import Report
from parley.settings import Settings, inherited_environment
from parley.supervisor import Supervisor


async def migrate_once(settings: Settings, report: Report) -> list[str]:
    """Names of the migrations applied now. Starts the embedded server for it when nothing runs."""
    plan = make_plan(settings)
    if plan.cluster is None or plan.home.running() is not None:
        return await migrate_database(plan, report)
    supervisor = Supervisor(plan.home.logs, inherited_environment(), report)
    with plan.home.lock(plan.ports.api):
        try:
            await start_postgres(plan.cluster, supervisor, report)
            return await migrate_database(plan, report)
        finally:
            await supervisor.stop()
