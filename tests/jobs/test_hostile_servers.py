"""5,000 mails through two servers with every bad habit there is, sent by two senders at once.

What must hold: every mail ends sent, bounced or expired; one Message-ID for each; no more copies than open ends; none
in the clear.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.pool import Pool
from domain.call import Call
from domain.email import EmailKind, EmailStatus
from notifications import smtp_line
from tests.certificates import make_certificate
from tests.fakes.hostile_mail_server import Fault, HostileMailServer, running_hostile_server
from tests.jobs.outbox import (
    OUR_NAME,
    PlainLetters,
    StandingClock,
    a_notice,
    booked,
    empty_outbox,
    outbox,
    queue,
    robin,
    sender_by,
    use_servers,
)
from tests.sample import Tenant

pytestmark = [pytest.mark.db, pytest.mark.timeout(900)]

GUESTS, MOVED = 4_000, 1_000
SEED = 6


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


async def next_moment(owner: Any, call: Call, clock: StandingClock) -> None:
    """To when the next mail is due, and at least so far that several are."""
    due_at = await owner.fetchval(
        "SELECT min(due_at) FROM emails WHERE call_id = $1 AND status IN ('waiting', 'sending')", call.call_id
    )
    clock.now = max(due_at or clock.now, clock.now + timedelta(minutes=2))


async def test_every_mail_ends_and_no_copy_is_without_an_open_end(
    pool: Pool, tenant: Tenant, owner: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await empty_outbox(owner)
    for deadline in ("REACH_WITHIN_SECONDS", "TRY_WITHIN_SECONDS", "ANSWER_WITHIN_SECONDS"):
        monkeypatch.setattr(smtp_line, deadline, 0.7)
    good, bad = make_certificate(tmp_path / "good.pem"), make_certificate(tmp_path / "bad.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(good))
    how = {"tls": server_side(good), "bad_tls": server_side(bad)}
    clock = StandingClock()
    guests = [robin(email=f"{number}@finch.example") for number in range(GUESTS)]
    call = await booked(pool, tenant, robin(email=None), now=clock.now)
    async with running_hostile_server(seed=SEED, **how) as one, running_hostile_server(seed=SEED + 1, **how) as two:
        await use_servers(pool, tenant, one.address, two.address)
        senders = [sender_by(pool, clock, None, letters=PlainLetters()) for _ in range(2)]
        await queue(pool, call, [a_notice(EmailKind.INVITE, guest, clock.now) for guest in guests])
        is_moved = False
        while left := await owner.fetchval(
            "SELECT count(*) FROM emails WHERE call_id = $1 AND status IN ('waiting', 'sending')", call.call_id
        ):
            if not is_moved and left < GUESTS // 20:
                is_moved = True
                await queue(pool, call, [a_notice(EmailKind.UPDATE, guest, clock.now, 1) for guest in guests[:MOVED]])
            await asyncio.gather(*(sender.send_due() for sender in senders))
            await next_moment(owner, call, clock)
        for sender in senders:
            await sender.aclose()
        servers = (one, two)

    mails = {f"{email.email_id}@{OUR_NAME}": email for email in await outbox(pool, call)}
    assert len(mails) == GUESTS + MOVED
    ends = Counter(email.status for email in mails.values())
    ended = {EmailStatus.SENT, EmailStatus.BOUNCED, EmailStatus.EXPIRED, EmailStatus.SUPERSEDED}
    assert set(ends) <= ended
    assert [server.in_clear for server in servers] == [0, 0]
    assert set().union(*(server.met for server in servers)) == set(Fault), "every bad habit was met"

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
    told = sum(mail.ambiguous_ends for mail in mails.values())
    print(f"\n{dict(ends)}; {spare} copies, {told} open ends; {sum(sum(s.met.values(), 0) for s in servers)} faults")
