"""What a server's words mean for the mail."""

from datetime import timedelta

import pytest

from notifications.smtp import Parcel
from notifications.smtp_replies import is_address_dead, is_greylisting, time_named

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("reply", "pause"),
    [
        ("451 4.7.1 Greylisted, please try again in 300 seconds", timedelta(seconds=300)),
        ("450 4.2.0 come back in 00:05:00", timedelta(minutes=5)),
        ("421 4.3.2 Retry after 2 hours", timedelta(hours=2)),
        ("450 Greylisted for 5 minutes (see https://postgrey.example/x?y=1)", timedelta(minutes=5)),
        ("421 4.7.0 try in 999 hours", timedelta(hours=6)),
        ("452 4.2.2 Mailbox full", None),
        ("450 4.7.1 <a10.example>: Helo command rejected", None),
        (None, None),
    ],
)
def test_the_time_that_a_server_names_is_found(reply: str | None, pause: timedelta | None) -> None:
    assert time_named(reply) == pause


@pytest.mark.parametrize(
    ("reply", "is_so"),
    [
        ("451 4.7.1 Please wait", True),
        ("450 4.2.0 Greylisted", True),
        ("451 Try again in 60 s", True),
        ("451 4.3.0 Local error", False),
        ("452 4.7.1 Try again in 60 s", False),
        ("550 5.7.1 Greylisted for ever", False),
        (None, False),
    ],
)
def test_greylisting_is_told_from_trouble(reply: str | None, is_so: bool) -> None:
    assert is_greylisting(reply) is is_so


@pytest.mark.parametrize(
    ("reply", "is_so"),
    [
        ("550 5.1.1 No such user", True),
        ("553 5.1.3 Bad syntax", True),
        ("550 5.1.10 Null MX", True),
        ("550 5.1.8 Bad sender", False),
        ("550 5.7.1 Not allowed", False),
        ("554 5.2.2 Full", False),
        ("450 4.1.1 Not now", False),
        ("550 No such user", False),
    ],
)
def test_only_an_address_that_is_dead_counts_as_dead(reply: str, is_so: bool) -> None:
    assert is_address_dead(reply) is is_so


@pytest.mark.parametrize(
    ("content", "on_the_line"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".\r\n.b\r\n..c\r\n", b"..\r\n..b\r\n...c\r\n.\r\n"),
    ],
)
def test_a_line_that_begins_with_a_dot_does_not_end_the_message(content: bytes, on_the_line: bytes) -> None:
    assert Parcel(sender="a@a.example", recipient="b@b.example", content=content).stuffed == on_the_line
