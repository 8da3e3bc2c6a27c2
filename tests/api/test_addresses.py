"""Who is counted when somebody asks too often."""

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from api.addresses import address_of

pytestmark = pytest.mark.unit

PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def asked(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 7) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", (), "203.0.113.7"),
        ("127.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("127.0.0.1", ("198.51.100.1, 203.0.113.7",), "203.0.113.7"),
        ("127.0.0.1", ("198.51.100.1", "203.0.113.7"), "203.0.113.7"),
        ("127.0.0.1", ("203.0.113.7, 10.1.2.3",), "203.0.113.7"),
        ("127.0.0.1", ("198.51.100.1, 203.0.113.7, 10.1.2.3, 10.9.9.9",), "203.0.113.7"),
        ("203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        ("127.0.0.1", ("nonsense",), "127.0.0.1"),
        ("127.0.0.1", ("203.0.113.7, nonsense",), "127.0.0.1"),
        ("127.0.0.1", ("203.0.113.7, nonsense, 10.1.2.3",), "10.1.2.3"),
        ("127.0.0.1", ("",), "127.0.0.1"),
        ("127.0.0.1", ("\xff, ,,",), "127.0.0.1"),
        ("::ffff:127.0.0.1", ("203.0.113.7",), "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
        ("fd00::1", ("2001:db8:1:2:ffff::1",), "2001:db8:1:2::/64"),
        ("fe80::1%eth0", (), "fe80::/64"),
        ("no address", ("203.0.113.7",), "nobody"),
        (None, ("203.0.113.7",), "nobody"),
    ],
)
def test_a_proxy_is_believed_as_far_as_it_is_trusted(
    peer: str | None, forwarded: tuple[str, ...], expected: str
) -> None:
    assert address_of(asked(peer, *forwarded), PROXIES) == expected


def test_nobody_is_believed_unless_they_are_named() -> None:
    assert address_of(asked("127.0.0.1", "203.0.113.7"), ()) == "127.0.0.1"


def test_a_long_row_of_hops_ends_somewhere() -> None:
    row = ", ".join(f"10.0.{number % 200}.{number % 250}" for number in range(50_000))
    assert address_of(asked("127.0.0.1", f"203.0.113.7, {row}"), PROXIES).startswith("10.0.")
