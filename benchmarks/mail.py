"""`make bench-mail`: how fast mail goes out, beside plain `aiosmtplib.send` with the same finished messages in one run.

Over STARTTLS with a password, as real servers want it; to a server on this machine, and to one that is 20 ms away.
`plain`: a connection for each message, one after another; `plain_together`: as many at once as we have lines; `lines`:
over our lines; `outbox`: from claim to result with PostgreSQL, the messages made of finished letters on the way;
`letters`: the same with the product's own letters.
"""

import asyncio
import json
import logging
import os
import resource
import ssl
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import aiosmtplib

from benchmarks.machine import describe
from benchmarks.peer_figures import ratio
from db import migrate
from db.pool import open_pool
from domain.email import Email
from domain.ids import uuid7
from domain.mail_server import MailSecurity, MailServer
from jobs import delivering
from notifications.letter import Envelope, Letter
from notifications.mime import parcel
from notifications.smtp import LINES_TO_ONE_SERVER, Lines, Parcel
from parley.home import Home
from parley.postgres import Cluster, locate
from parley.postgres_setup import prepare, remove
from parley.settings import CHECKOUT
from telemetry import log
from tests.certificates import make_certificate
from tests.conftest import running, wait_until
from tests.jobs.outbox import StandingClock, crowd, sender_by, use_servers
from tests.sample import add_tenant

ROUNDS = 10
"""In which all take turns: a machine that is busy for a while is so for all of them."""

AWAY_MS = (0, 20)
MESSAGES = {
    0: {"plain": 100, "plain_together": 150, "lines": 1000, "outbox": 1000, "letters": 60},
    20: {"plain": 8, "plain_together": 64, "lines": 400, "outbox": 400, "letters": 60},
}
"""A rate is a rate: about a second of each, by how far the server is away."""

WORDS = "Your call with Acme is on Monday at ten. We are looking forward to it. " * 40
LETTER = Letter(subject="Invitation: Discovery", html=f"<p>{WORDS}</p>", text=WORDS)
RESULTS = CHECKOUT / "benchmarks" / "results" / "mail.json"


class Finished:
    """The same words for everybody."""

    async def of(self, email: Email) -> Letter:
        return LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a way has taken, all of it for `mails`."""

    mails: int
    seconds: float
    ours: float  # CPU seconds of this process
    servers: float
    databases: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is measured."""

    url: str  # of the database
    postgres: int  # pid
    sink: int  # pid
    server: MailServer

    def cpu_s(self) -> tuple[float, float, float]:
        """Ours, the mail server's and the database's."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime, cpu_s_of(self.sink), cpu_s_of(self.postgres)


def cpu_s_of(pid: int) -> float:
    """Of a process and its children, also of those that are gone."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if pid in (int(path.parent.name), int(fields[1])):
            ticks += sum(int(ticked) for ticked in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def finished_messages(server: MailServer, count: int) -> list[Parcel]:
    envelope = Envelope(server=server, to_name="Robin Finch", to_email="", message_id="", written_at=datetime.now(UTC))
    return [
        parcel(LETTER, replace(envelope, to_email=f"{number}@finch.example", message_id=f"{uuid7()}@acme.example"))
        for number in range(count)
    ]


async def plain(place: Place, count: int, *, at_once: int = 1) -> Cost:
    server, parcels = place.server, finished_messages(place.server, count)
    context = ssl.create_default_context()
    slots = asyncio.Semaphore(at_once)

    async def send(parcel: Parcel) -> None:
        async with slots:
            await aiosmtplib.send(
                parcel.content, sender=parcel.sender, recipients=[parcel.recipient], hostname=server.host,
                port=server.port, username=server.user_name, password=server.password, start_tls=True,
                tls_context=context,
            )  # fmt: skip

    return await costs(place, count, lambda: gathered(send, parcels))


async def over_lines(place: Place, count: int) -> Cost:
    server, parcels = place.server, finished_messages(place.server, count)
    lines = Lines("calls.acme.example")

    async def send(parcel: Parcel) -> None:
        async with lines.slots[server]:
            await lines.hand_over(server, parcel)

    try:
        return await costs(place, count, lambda: gathered(send, parcels))
    finally:
        await lines.aclose()


async def gathered(send: Callable[[Parcel], Coroutine[Any, Any, None]], parcels: list[Parcel]) -> None:
    await asyncio.gather(*(send(parcel) for parcel in parcels))


async def from_outbox(place: Place, count: int, letters: delivering.Letters | None) -> Cost:
    """Without the booking. `letters`: None: those of the product."""
    pool = await open_pool(place.url, most_connections=4)
    tenant, clock = await add_tenant(pool), StandingClock()
    await use_servers(pool, tenant, replace(place.server, server_id=uuid7()))
    await crowd(pool, tenant, count, clock.now)
    sender = sender_by(pool, clock, None, letters=letters)
    try:
        return await costs(place, count, sender.send_due)
    finally:
        await sender.aclose()
        await pool.close()


async def costs(place: Place, count: int, work: Callable[[], Coroutine[Any, Any, None]]) -> Cost:
    before, began = place.cpu_s(), time.monotonic()
    await work()
    seconds = time.monotonic() - began
    ours, servers, databases = (after - then for after, then in zip(place.cpu_s(), before, strict=True))
    return Cost(mails=count, seconds=seconds, ours=ours, servers=servers, databases=databases)


WAYS: dict[str, Callable[[Place, int], Coroutine[Any, Any, Cost]]] = {
    "plain": plain,
    "plain_together": lambda place, count: plain(place, count, at_once=LINES_TO_ONE_SERVER),
    "lines": over_lines,
    "outbox": lambda place, count: from_outbox(place, count, Finished()),
    "letters": lambda place, count: from_outbox(place, count, None),
}


@asynccontextmanager
async def sink(cluster: Cluster, certificate: Path, away_ms: int) -> AsyncIterator[Place]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.mail_sink", str(certificate), str(away_ms)), cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        port = int(await process.stdout.readline())
        server = MailServer(
            server_id=uuid7(), host="127.0.0.1", port=port, security=MailSecurity.STARTTLS, user_name="ada",
            password="word", sender_name="Acme", sender_email="calls@acme.example",
        )  # fmt: skip
        postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
        yield Place(url=cluster.app_url, postgres=postmaster, sink=process.pid, server=server)
    finally:
        process.terminate()
        await process.wait()


async def measure(cluster: Cluster, certificate: Path) -> None:
    """Keeps the figures after every round, so that a run that is cut off has some as well."""
    machine = describe()
    found: dict[int, dict[str, list[Cost]]] = {away_ms: {way: [] for way in WAYS} for away_ms in AWAY_MS}
    for number in range(ROUNDS):
        for away_ms, costs in found.items():
            async with sink(cluster, certificate, away_ms) as place:
                for way in sorted(WAYS, reverse=number % 2 == 1):
                    costs[way].append(await WAYS[way](place, MESSAGES[away_ms][way]))
            rates = {way: round(each[-1].mails / each[-1].seconds) for way, each in costs.items()}
            print(f"round {number + 1} of {ROUNDS}, {away_ms} ms away: {rates} mails a second", flush=True)
        settings = [
            {"server_away_ms": away_ms, **figures(costs, MESSAGES[away_ms])} for away_ms, costs in found.items()
        ]
        size = len(finished_messages(place.server, 1)[0].content)
        result = {"machine": machine, "rounds": number + 1, "bytes_a_message": size, "settings": settings}
        RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    for setting in settings:
        print(f"{setting['server_away_ms']} ms away: {setting['mails_a_second']}; times plain {setting['times_plain']}")
    print(f"Kept in {RESULTS}")


def figures(found: dict[str, list[Cost]], messages: dict[str, int]) -> dict[str, Any]:
    rates = {way: [cost.mails / cost.seconds for cost in costs] for way, costs in found.items()}
    return {
        "messages_a_round": messages,
        "mails_a_second": {way: round(median(each), 1) for way, each in rates.items()},
        "times_plain": {way: ratio(each, rates["plain"]) for way, each in rates.items() if way != "plain"},
        "times_plain_together": {way: ratio(rates[way], rates["plain_together"]) for way in ("lines", "outbox")},
        "cpu_ms_a_mail": {way: cpu_ms_a_mail(way, costs) for way, costs in found.items()},
        "all_rounds": {way: [round(rate, 1) for rate in each] for way, each in rates.items()},
    }


def cpu_ms_a_mail(way: str, costs: list[Cost]) -> dict[str, float]:
    """The database's only where it has a part in it: sessions of the way before are still ending otherwise."""
    mails = sum(cost.mails for cost in costs)
    wanted = ("ours", "servers", "databases") if way in ("outbox", "letters") else ("ours", "servers")
    parts = {part: sum(getattr(cost, part) for cost in costs) for part in wanted}
    return {part: round(1000 * seconds / mails, 2) for part, seconds in parts.items()}


def main() -> None:
    log.configure("benchmark", keep_pii=False)
    logging.disable(logging.WARNING)
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
                asyncio.run(measure(cluster, certificate))
        finally:
            remove(cluster)


if __name__ == "__main__":
    main()
