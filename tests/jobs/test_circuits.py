"""When a mail server is left alone, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.mail_server import MailSecurity, MailServer
from jobs.circuits import LONGEST_REST, MOST_FAILURES, SHORTEST_REST, Circuits

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVER = MailServer(host="a.example", port=25, security=MailSecurity.TLS, sender_name="P", sender_email="p@p.example")


def test_it_rests_after_three_failures_in_a_row_and_longer_each_time() -> None:
    circuits, now, rests = Circuits(), NOW, []
    for _ in range(MOST_FAILURES - 1):
        circuits.failed(SERVER, now)
    assert circuits.rests_until(SERVER, now) is None
    for _ in range(7):
        circuits.failed(SERVER, now)
        until = circuits.rests_until(SERVER, now)
        assert until
        rests.append(until - now)
        circuits.failed(SERVER, now)
        assert circuits.rests_until(SERVER, now) == until, "what had begun before counts once"
        now = until
    assert rests[:3] == [SHORTEST_REST, 2 * SHORTEST_REST, 4 * SHORTEST_REST]
    assert rests[-1] == LONGEST_REST
    circuits.answered(SERVER)
    circuits.failed(SERVER, now)
    assert circuits.rests_until(SERVER, now) is None


def test_a_refused_password_is_not_tried_again_soon_unless_it_was_changed() -> None:
    circuits = Circuits()
    circuits.failed(SERVER, NOW, is_locked=True)
    assert circuits.rests_until(SERVER, NOW + LONGEST_REST - timedelta(seconds=1))
    changed = MailServer(
        host="a.example", port=25, security=MailSecurity.TLS, password="new", sender_name="P",
        sender_email="p@p.example",
    )  # fmt: skip
    assert circuits.rests_until(changed, NOW) is None
