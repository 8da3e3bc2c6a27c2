"""Mails through two servers with every bad habit there is, sent by two senders at once.

What must hold: every mail ends sent, bounced, expired or superseded; one Message-ID for each; no more copies than open
ends; none in the clear. A thousand in CI; all 5,000 are
`python -m tests.jobs.test_hostile_servers --count 5000 [--seed 6] [--into FILE]`.
"""

import asyncio
import ssl
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.pool import Pool
from domain.email import EmailKind, EmailStatus
from notifications import smtp_line
from tests.api import rounds
from tests.certificates import make_certificate
from tests.fakes.hostile_mail_server import Fault, HostileMailServer, running_hostile_server
from tests.jobs.outbox import (
    OUR_NAME,
    PlainLetters,
    StandingClock,
    a_notice,
    crowd,
    empty_outbox,
    log_errors_only,
    on_their_way,
    outbox,
    queue,
    sender_by,
    use_servers,
)
from tests.sample import Tenant

pytestmark = [pytest.mark.db, pytest.mark.timeout(900)]

MAILS = 1_000
MOVED_SHARE = 0.25  # of the guests: they get an update as well
SEED = 6
UPDATE = EmailKind.UPDATE


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def copies_of(servers: Sequence[HostileMailServer]) -> dict[str, Counter[int]]:
    """By Message-ID: how often each server took it."""
    copies: dict[str, Counter[int]] = {}
    for number, server in enumerate(servers):
        for taken in server.taken:
            copies.setdefault(taken.message_id, Counter())[number] += 1
    return copies


async def next_moment(owner: Any, tenant: Tenant, clock: StandingClock) -> None:
    """To when the next mail is due, and at least so far that several are."""
    due_at = await owner.fetchval(
        "SELECT min(due_at) FROM emails WHERE organization_id = $1 AND status IN ('waiting', 'sending')",
        tenant.organization_id,
    )
    clock.now = max(due_at or clock.now, clock.now + timedelta(minutes=2))


async def test_every_mail_ends_and_no_copy_is_without_an_open_end(
    pool: Pool,
    tenant: Tenant,
    owner: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    await empty_outbox(owner)
    count = request.config.getoption("--count", default=None) or MAILS
    seed, began = rounds.seed(request.config, SEED), time.monotonic()
    guests = int(count / (1 + MOVED_SHARE))
    for deadline in ("REACH_WITHIN_SECONDS", "TRY_WITHIN_SECONDS", "ANSWER_WITHIN_SECONDS"):
        monkeypatch.setattr(smtp_line, deadline, 0.7)
    good, bad = make_certificate(tmp_path / "good.pem"), make_certificate(tmp_path / "bad.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(good))
    how: dict[str, Any] = {"tls": server_side(good), "bad_tls": server_side(bad), "connecting_share": 0.1}
    clock = StandingClock()
    async with running_hostile_server(seed=seed, **how) as one, running_hostile_server(seed=seed + 1, **how) as two:
        await use_servers(pool, tenant, one.address, two.address)
        senders = [sender_by(pool, clock, None, letters=PlainLetters()) for _ in range(2)]
        calls = await crowd(pool, tenant, guests, clock.now)
        is_moved = False
        while left := await on_their_way(owner, tenant):
            print(f"{left} on their way, {time.monotonic() - began:.0f} s", flush=True)
            if not is_moved and left < guests // 2:
                is_moved = True
                for number, call in enumerate(calls[: int(len(calls) * MOVED_SHARE)]):
                    ends = clock.now + (timedelta(days=3) if number % 2 else timedelta(minutes=1))
                    updates = [a_notice(UPDATE, who, clock.now, 1, expires_at=ends) for who in call.invitees]
                    await queue(pool, call, updates)
            await asyncio.gather(*(sender.send_due() for sender in senders))
            await next_moment(owner, tenant, clock)
        for sender in senders:
            await sender.aclose()
        servers = (one, two)

    mails = {f"{email.email_id}@{OUR_NAME}": email for email in await outbox(pool, *calls)}
    to_guests = [mail for mail in mails.values() if mail.user_id is None]
    assert len(to_guests) >= count * 0.99
    assert {mail.status for mail in mails.values()} == {
        EmailStatus.SENT, EmailStatus.BOUNCED, EmailStatus.EXPIRED, EmailStatus.SUPERSEDED,
    }  # fmt: skip
    told = {(mail.invitee_id, mail.revision) for mail in mails.values() if mail.kind is EmailKind.UNDELIVERED}
    assert told == {(mail.invitee_id, mail.revision) for mail in to_guests if mail.status is EmailStatus.BOUNCED}
    assert [server.for_nobody for server in servers] == [0, 0]
    assert [server.in_clear for server in servers] == [0, 0]
    assert set(one.met) | set(two.met) == set(Fault), "every bad habit was met"

    copies = copies_of(servers)
    assert set(copies) <= set(mails), "nobody's Message-ID"
    assert {taken.recipient == mails[taken.message_id].to_email for server in servers for taken in server.taken} == {
        True
    }
    assert {name for name, mail in mails.items() if mail.status is EmailStatus.SENT} <= set(copies), "none was lost"
    assert [name for name, by in copies.items() if len(by) > 1] == [], "an open end stays with its server"
    spare = 0
    for name, mail in mails.items():
        open_ends = sum(server.open_ends[name] for server in servers)
        assert mail.ambiguous_ends >= open_ends
        more = sum(copies.get(name, Counter()).values()) - (mail.status is EmailStatus.SENT)
        assert more <= mail.ambiguous_ends
        spare += more
    figures = {
        "mails": len(to_guests),
        "ends": {status.value: number for status, number in sorted(Counter(one.status for one in to_guests).items())},
        "owners_told_of_bounces": len(told),
        "faults": sum(sum(server.met.values()) for server in servers),
        "kinds_of_faults": len(Fault),
        "lost": 0,
        "in_clear": 0,
        "copies": spare,
        "open_ends": sum(mail.ambiguous_ends for mail in mails.values()),
        "seed": seed,
        "seconds": round(time.monotonic() - began),
    }
    rounds.note(request.config, "hostile mail servers", figures)


if __name__ == "__main__":
    log_errors_only()
    sys.exit(rounds.main(__file__))
