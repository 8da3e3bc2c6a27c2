"""kill -9 of a sender at 200 points: at what the servers hear and say, and at moments in between."""

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.emails import CLAIM_SECONDS
from db.pool import Pool
from domain.email import EmailKind, EmailStatus
from parley.settings import CHECKOUT
from tests.conftest import Database
from tests.fakes.hostile_mail_server import Fault, HostileMailServer, running_hostile_server
from tests.jobs.outbox import (
    OUR_NAME,
    StandingClock,
    a_notice,
    booked,
    empty_outbox,
    outbox,
    queue,
    robin,
    use_servers,
)
from tests.jobs.test_hostile_servers import copies_of
from tests.sample import Tenant

pytestmark = [pytest.mark.db, pytest.mark.timeout(600)]

KILLS, MAILS, SEED = 200, 5_000, 47
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
    database: Database, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    await empty_outbox(owner)
    dice = random.Random(SEED)
    clock = StandingClock()
    guests = [robin(email=f"{number}@finch.example") for number in range(MAILS)]
    call = await booked(pool, tenant, robin(email=None), now=clock.now)
    unfinished = "SELECT count(*) FROM emails WHERE call_id = $1 AND status IN ('waiting', 'sending')"
    killed, how = 0, {"share": 0.05, "connecting_share": 0.0, "faults": FAULTS}
    async with (
        running_hostile_server(seed=SEED, **how) as one,
        running_hostile_server(seed=SEED + 1, **how) as two,
        nest(database) as senders,
    ):
        servers: list[HostileMailServer] = [one, two]
        await use_servers(pool, tenant, one.address, two.address)
        await queue(pool, call, [a_notice(EmailKind.INVITE, guest, clock.now) for guest in guests])
        killer = Killer(senders)
        one.watch = two.watch = killer
        while killed < KILLS:
            assert await owner.fetchval(unfinished, call.call_id), "there must be something left to be killed at"
            killer.after = dice.randint(1, 90) if dice.random() < 0.8 else None
            by_the_clock = killer.after is None
            await senders.hatch(clock.now)
            if by_the_clock:
                await asyncio.sleep(dice.uniform(0, 0.15))
                senders.kill()
            status = await asyncio.wait_for(senders.ended(), 60)
            killed += status == -signal.SIGKILL
            clock.pass_(seconds=CLAIM_SECONDS + 5)
        killer.after = None
        while await owner.fetchval(unfinished, call.call_id):
            await senders.hatch(clock.now)
            assert await asyncio.wait_for(senders.ended(), 120) == 0
            clock.now += timedelta(minutes=6)
        left = await outbox(pool, call)

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
    open_ends = sum(mail.ambiguous_ends for mail in left)
    print(f"\n{killed} kills, at {dict(killer.at)}; {spare} copies, {open_ends} open ends")
