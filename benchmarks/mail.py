"""`make bench-mail`: how fast mail goes out, beside plain `aiosmtplib.send` with the same finished messages in one run.

Over STARTTLS with a password, as real servers want it. `plain`: a connection for each message, one after another;
`plain_together`: so many at once as we have lines; `lines`: over our lines; `outbox`: from claim to result, with
PostgreSQL.
"""

import asyncio
import json
import os
import ssl
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import aiosmtplib

from benchmarks.machine import describe
from db import migrate
from db.pool import open_pool
from domain.email import EmailKind
from domain.ids import uuid7
from domain.mail_server import MailSecurity, MailServer
from notifications.smtp import LINES_TO_ONE_SERVER, Lines, Parcel, parcel_of
from parley.home import Home
from parley.postgres import locate
from parley.postgres_setup import prepare, remove
from parley.settings import CHECKOUT
from tests.certificates import make_certificate
from tests.conftest import running, wait_until
from tests.jobs.outbox import PlainLetters, StandingClock, a_notice, booked, queue, robin, sender_by, use_servers
from tests.sample import add_tenant

MESSAGES = 2_000
ROUNDS = 3
"""Of each way, in turns: a machine that is busy for a while is so for all of them. The median counts."""

WORDS = "Your call with Acme is on Monday at ten. We are looking forward to it. " * 40
RESULTS = CHECKOUT / "benchmarks" / "results" / "mail.json"


def a_finished_message(number: int) -> Parcel:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "Acme <calls@acme.example>", f"Robin <{number}@finch.example>"
    message["Subject"] = "Invitation: Discovery"
    message["Message-ID"] = f"<{uuid7()}@calls.acme.example>"
    message.set_content(WORDS)
    message.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    return parcel_of(message)


async def plain(server: MailServer, parcels: list[Parcel], *, at_once: int) -> None:
    context = ssl.create_default_context()
    slots = asyncio.Semaphore(at_once)

    async def send(parcel: Parcel) -> None:
        async with slots:
            await aiosmtplib.send(
                parcel.content, sender=parcel.sender, recipients=[parcel.recipient], hostname=server.host,
                port=server.port, username=server.user_name, password=server.password, start_tls=True,
                tls_context=context,
            )  # fmt: skip

    await asyncio.gather(*(send(parcel) for parcel in parcels))


async def over_lines(server: MailServer, parcels: list[Parcel]) -> None:
    lines = Lines("calls.acme.example")

    async def send(parcel: Parcel) -> None:
        async with lines.slots[server]:
            await lines.hand_over(server, parcel)

    await asyncio.gather(*(send(parcel) for parcel in parcels))
    await lines.aclose()


async def from_outbox(url: str, server: MailServer, count: int) -> float:
    """Seconds, without writing them down. The messages are made on the way."""
    pool = await open_pool(url, most_connections=4)
    tenant, clock = await add_tenant(pool), StandingClock()
    await use_servers(pool, tenant, server)
    call = await booked(pool, tenant, robin(email=None), now=clock.now)
    guests = [robin(email=f"{number}@finch.example") for number in range(count)]
    await queue(pool, call, [a_notice(EmailKind.INVITE, guest, clock.now) for guest in guests])
    sender = sender_by(pool, clock, None, letters=PlainLetters())
    began = time.monotonic()
    await sender.send_due()
    took_s = time.monotonic() - began
    await sender.aclose()
    await pool.close()
    return took_s


async def timed(work: Awaitable[None]) -> float:
    began = time.monotonic()
    await work
    return time.monotonic() - began


@asynccontextmanager
async def sink(certificate: Path) -> AsyncIterator[MailServer]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.mail_sink", str(certificate)), cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        port = int(await process.stdout.readline())
        yield MailServer(
            server_id=uuid7(), host="127.0.0.1", port=port, security=MailSecurity.STARTTLS, user_name="ada",
            password="word", sender_name="Acme", sender_email="calls@acme.example",
        )  # fmt: skip
    finally:
        process.terminate()
        await process.wait()


async def measure(url: str, certificate: Path) -> dict[str, Any]:
    parcels = [a_finished_message(number) for number in range(MESSAGES)]
    few = parcels[: MESSAGES // 4]  # a rate is a rate; these take long
    rates: dict[str, list[float]] = {"plain": [], "plain_together": [], "lines": [], "outbox": []}
    for _ in range(ROUNDS):
        async with sink(certificate) as server:
            for name, at_once in (("plain", 1), ("plain_together", LINES_TO_ONE_SERVER)):
                rates[name].append(len(few) / await timed(plain(server, few, at_once=at_once)))
            rates["lines"].append(MESSAGES / await timed(over_lines(server, parcels)))
            rates["outbox"].append(MESSAGES / await from_outbox(url, replace(server, server_id=uuid7()), MESSAGES))
    a_second = {name: round(sorted(found)[ROUNDS // 2]) for name, found in rates.items()}
    return {
        "messages": MESSAGES,
        "bytes": len(parcels[0].content),
        "machine": describe(),
        "mails_a_second": a_second,
        "all_rounds": {name: [round(rate) for rate in found] for name, found in rates.items()},
        "times_plain": {name: round(rate / a_second["plain"], 1) for name, rate in a_second.items()},
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        certificate = make_certificate(Path(folder) / "certificate.pem")
        os.environ["SSL_CERT_FILE"] = str(certificate)
        home = Home.open(Path(folder) / "home")
        cluster = locate(home)
        prepare(cluster)
        try:
            with running(cluster.program, home.logs / "postgres.log"):
                wait_until(lambda: asyncio.run(cluster.ready()) is None, "PostgreSQL accepts connections")
                asyncio.run(migrate.apply(cluster.owner_url, app_password=None))
                result = asyncio.run(measure(cluster.app_url, certificate))
        finally:
            remove(cluster)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    json.dump({name: result[name] for name in ("mails_a_second", "times_plain")}, sys.stdout, indent=1)
    print(f"\nKept in {RESULTS}")


if __name__ == "__main__":
    main()
