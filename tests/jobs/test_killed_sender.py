"""kill -9 of a sender: at what the servers hear and say, and at moments in between.

Forty times in CI; `python -m tests.jobs.test_killed_sender --count 200 [--seed 47] [--into FILE]` is all of it.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.emails import CLAIM_SECONDS
from db.pool import Pool
from domain.email import EmailStatus
from parley.settings import CHECKOUT
from tests.api import rounds
from tests.conftest import Database
from tests.fakes.hostile_mail_server import Fault, HostileMailServer, running_hostile_server
from tests.jobs.outbox import (
    OUR_NAME,
    StandingClock,
    crowd,
    empty_outbox,
    log_errors_only,
    on_their_way,
    outbox,
    use_servers,
)
from tests.jobs.test_hostile_servers import copies_of
from tests.sample import Tenant

pytestmark = [pytest.mark.db, pytest.mark.timeout(600)]

KILLS, SEED = 40, 47
MAILS_A_KILL = 25
"""So that there is something left to be killed at."""

FAULTS = (Fault.PASSING, Fault.DROPS_AFTER_DOT, Fault.FORGETS_AFTER_DOT, Fault.DROPS_IN_MESSAGE)


class Nest:
    """The process that makes senders."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._stdin, self._stdout = process.stdin, process.stdout
        self.pid: int | None = None  # of the sender that lives

    async def hatch(self, now: datetime) -> None:
        self._stdin.write(f"{now.isoformat()}\n".encode())
        self.pid = int((await self._told())["pid"])

    async def ended(self) -> int:
        """Its exit status; a signal is negative."""
        status = int((await self._told())["exit"])
        self.pid = None
        return status

    async def _told(self) -> Any:
        while line := await self._stdout.readline():
            with suppress(ValueError):
                return json.loads(line)
        raise EOFError

    def kill(self) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


@asynccontextmanager
async def nest(database: Database) -> AsyncIterator[Nest]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.jobs.killed_sender", database.app_url), cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Nest(process)
    finally:
        process.terminate()
        await process.wait()


class Killer:
    """Kills at the `after`th thing that a server hears or says from now on; None: does not."""

    def __init__(self, nest: Nest) -> None:
        self._nest = nest
        self.after: int | None = None
        self.at: Counter[str] = Counter()

    def __call__(self, what: str) -> None:
        if self.after is None:
            return
        self.after -= 1
        if self.after <= 0 and self._nest.pid is not None:
            self.after = None
            self.at[what] += 1
            self._nest.kill()


async def test_no_mail_is_lost_and_no_copy_is_without_an_open_end(
    database: Database, pool: Pool, tenant: Tenant, owner: Any, request: pytest.FixtureRequest
) -> None:
    await empty_outbox(owner)
    kills = request.config.getoption("--count", default=None) or KILLS
    seed, began = rounds.seed(request.config, SEED), time.monotonic()
    dice = random.Random(seed)
    clock = StandingClock()
    killed, how = 0, {"share": 0.05, "connecting_share": 0.0, "faults": FAULTS}
    async with (
        running_hostile_server(seed=seed, **how) as one,
        running_hostile_server(seed=seed + 1, **how) as two,
        nest(database) as senders,
    ):
        servers: list[HostileMailServer] = [one, two]
        await use_servers(pool, tenant, one.address, two.address)
        calls = await crowd(pool, tenant, kills * MAILS_A_KILL, clock.now)
        killer = Killer(senders)
        one.watch = two.watch = killer
        while killed < kills:
            assert await on_their_way(owner, tenant), "there must be something left to be killed at"
            killer.after = dice.randint(1, 90) if dice.random() < 0.8 else None
            by_the_clock = killer.after is None
            await senders.hatch(clock.now)
            if by_the_clock:
                await asyncio.sleep(dice.uniform(0, 0.15))
                senders.kill()
            status = await asyncio.wait_for(senders.ended(), 60)
            killed += status == -signal.SIGKILL
            if killed % 20 == 0:
                print(f"{killed} of {kills} killed, {time.monotonic() - began:.0f} s", flush=True)
            clock.pass_(seconds=CLAIM_SECONDS + 5)
        killer.after = None
        while await on_their_way(owner, tenant):
            await senders.hatch(clock.now)
            assert await asyncio.wait_for(senders.ended(), 120) == 0
            clock.now += timedelta(minutes=6)
        left = await outbox(pool, *calls)

    mails = {f"{email.email_id}@{OUR_NAME}": email for email in left}
    copies = copies_of(servers)
    assert {mail.status for mail in left} <= {EmailStatus.SENT, EmailStatus.BOUNCED}
    assert {name for name, mail in mails.items() if mail.status is EmailStatus.SENT} <= set(copies), "0 lost"
    assert [name for name, by in copies.items() if len(by) > 1] == [], "what may have been taken stays with its server"
    spare = 0
    for name, mail in mails.items():
        more = sum(copies.get(name, Counter()).values()) - (mail.status is EmailStatus.SENT)
        assert more <= mail.ambiguous_ends
        spare += max(0, more)
    figures = {
        "kills": killed,
        "killed_at": dict(sorted(killer.at.items())),
        "mails": len(left),
        "ends": {status.value: number for status, number in sorted(Counter(mail.status for mail in left).items())},
        "lost": 0,
        "copies": spare,
        "open_ends": sum(mail.ambiguous_ends for mail in left),
        "seed": seed,
        "seconds": round(time.monotonic() - began),
    }
    rounds.note(request.config, "killed senders", figures)


if __name__ == "__main__":
    log_errors_only()
    sys.exit(rounds.main(__file__))
