"""Where a request comes from, for counting."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

from api.settings import Network

NOBODY = "nobody"
MOST_HOPS = 10
IPV6_SITE_BITS = 64
"""One household or server has a whole /64 of IPv6, so that is what counts. Source: RFC 6177 §2, RFC 4291 §2.5.4."""


def address_of(request: HTTPConnection, trusted: Sequence[Network]) -> str:
    """Whoever speaks to us, or whom our own proxies say they speak for.

    `X-Forwarded-For` is read from its end, as far as `trusted` proxies wrote it: what stands before is hearsay.
    """
    found = parsed(request.client.host) if request.client else None
    if found is None:
        return NOBODY
    hops = ",".join(request.headers.getlist("x-forwarded-for")).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    for hop in reversed(hops):
        before = parsed(hop)
        if before is None or not any(found in network for network in trusted):
            break
        found = before
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, IPV6_SITE_BITS), strict=False))
    return str(found)


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An IPv4 address that came as IPv6 is IPv4; None for what is no address."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
