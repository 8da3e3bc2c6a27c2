"""Requests as bytes, made of a seed: most of them nearly right, some of them nothing like HTTP."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tests.api.test_hostile_input import BODIES, CONTENT_TYPES, HEADERS, TAILS, filled

METHODS = [b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"HEAD", b"OPTIONS", b"TRACE", b"CONNECT", b"PROPFIND", b"get",
           b"\xc9", b"", b"M" * 300, b"G\x00T", b"PRI"]  # fmt: skip
SIGNS = [b"\r\n", b"\n", b"\r", b"\x00", b"\r\n\r\n", b" ", b"\t", b":", b"\xff"]
VERSIONS = [b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.2", b"http/1.1", b"HTTP/1.", b"", b"\xff"]
WORDS = ["link", "email", "name", "text", "title", "kind", "invitees", "questions", "role", "team_ids", "as", "present",
         "transcription", "recording", "items", "starts_at", "duration_minutes", "members", "time_zone",
         "c4n4ry"]  # fmt: skip
VALUES: list[object] = [
    *(
        None,
        True,
        0,
        -1,
        2**63,
        1e308,
        "",
        "a",
        "c4n4ry",
        "x" * 300,
        "\x00",
        "\ud800",
        "é",
        "rep",
        "admin",
        "discovery",
    ),
    *("a@b.example", "2027-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", [], {}, [{}], ["a"] * 60),
]
NAMES = [
    "after",
    "cursor",
    "search",
    "status",
    "owner_id",
    "from",
    "before",
    "state",
    "code",
    "next",
    "order",
    "c4n4ry",
]
QUERIES = ["", "%ff", "1", "-1", "x" * 300, "2026-01-01T00:00:00Z", "%00", "9" * 40]
NO_HTTP = [
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",  # HTTP/2, RFC 9113 §3.4
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),  # TLS
    b"\x05\x01\x00",  # SOCKS
    b"SSH-2.0-OpenSSH_9.9\r\n",
    b"\r\n\r\n\r\n",
    b"\n" * 5_000,
    b"GET /",
    b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 2_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
]
WEBSOCKET = b"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: " + b"A" * 22
MORE_HEADERS = [
    WEBSOCKET + b"==",
    b"upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: x",
    *(b"expect: 100-continue", b"expect: \xff", b"connection: keep-alive, \xff", b"te: trailers"),
    *(b"transfer-encoding: identity", b"transfer-encoding: gzip, chunked", b"content-encoding: gzip"),
    *(b"x-forwarded-for: 203.0.113.7, \xff", b"forwarded: for=\xff", b"x-http-method-override: DELETE"),
    *(b"authorization: Bearer", b"authorization: Bearer a.b.c", b"authorization: \xff\xfe"),
    *(b"idempotency-key: \xff", b"idempotency-key: x", b"if-none-match: *", b"origin: null"),
    *(b" folded: x", b"no colon", b": no name", b"a\x00b: c", b"host: a\r\nhost: b"),
    *(b"sec-fetch-site: cross-site", b"access-control-request-method: POST"),
    *(name + b": " + value for name, value in HEADERS),
]


@dataclass(frozen=True, slots=True)
class RawRequest:
    content: bytes
    is_whole: bool
    """False: a server may rightly wait for more of it."""


class Maker:
    """The same seed and the same places make the same requests; ids and tokens are each run's own."""

    def __init__(self, seed: int, routes: Sequence[tuple[str, str]], ids: Sequence[UUID], words: Sequence[str]) -> None:
        """`ids` are of things that are there; `words` are values that mean something, such as links."""
        self._random = random.Random(seed)
        self._routes = routes
        self._ids = [str(one) for one in ids]
        self._values = [*VALUES, *self._ids, *words]

    def make(self, tokens: Sequence[str]) -> RawRequest:
        """One request; `tokens` are good access tokens."""
        dice = self._random.random()
        if dice < 0.02:
            return RawRequest(self._random.choice(NO_HTTP), False)
        if dice < 0.04:
            return RawRequest(self._random.randbytes(self._random.randrange(1, 400)), False)
        request = self._near(tokens)
        return self._damaged(request) if dice < 0.34 else request

    def _near(self, tokens: Sequence[str]) -> RawRequest:
        pick = self._random
        method, path = pick.choice(self._routes)
        line = pick.choice(METHODS) if pick.random() < 0.08 else method.encode()
        version = pick.choice(VERSIONS) if pick.random() < 0.03 else b"HTTP/1.1"
        headers = [b"host: parley.test", b"connection: close", self._from_somewhere()]
        token = pick.choice(tokens).encode()
        way = pick.choice((None, b"cookie: parley_access=", *[b"authorization: Bearer "] * 3))
        if way:
            headers.append(way + token)
        more = [pick.choice(MORE_HEADERS) for _ in range(pick.choice((0, 0, 0, 1, 2)))]
        content_type = pick.choice(CONTENT_TYPES) if pick.random() < 0.1 else "application/json"
        if content_type is not None:
            headers.append(b"content-type: " + content_type.encode("latin-1"))
        body = self._body() if method not in ("GET", "HEAD") or pick.random() < 0.05 else b""
        framing, framed, is_whole = self._framed(body)
        start = line + b" " + self._target(path) + b" " + version
        content = b"\r\n".join([start, *headers, *more, *framing, b"", b""]) + framed
        is_plain = not more and line == method.encode() and version == b"HTTP/1.1"
        return RawRequest(content, is_whole and is_plain)

    def _from_somewhere(self) -> bytes:
        """So that no address asks too often and every request reaches its route."""
        site = self._random.getrandbits(32)
        return f"x-forwarded-for: 2001:db8:{site >> 16:x}:{site & 0xFFFF:x}::1".encode()

    def _target(self, path: str) -> bytes:
        pick = self._random
        value = (
            pick.choice(self._ids) if pick.random() < 0.8 else pick.choice(["x", "%00", "0" * 36, "-1", "é", "..%2f"])
        )
        target = filled(path, value)
        if pick.random() < 0.1:
            target += pick.choice(TAILS)
        if pick.random() < 0.1:
            target += f"?{pick.choice(NAMES)}={pick.choice(QUERIES)}"
        if pick.random() < 0.02:
            odd = [
                "*",
                "",
                f"http://evil.example{target}",
                f"//{target}",
                "parley.test:80",
                f"{target}#x",
                f" {target}",
            ]
            target = pick.choice(odd)
        return target.encode("utf-8", "surrogatepass")

    def _body(self) -> bytes:
        pick = self._random
        dice = pick.random()
        if dice < 0.1:
            return pick.choice(list(BODIES.values()))
        if dice < 0.15:
            return pick.randbytes(pick.randrange(200))
        return json.dumps({pick.choice(WORDS): self._value(0) for _ in range(pick.randrange(6))}).encode()

    def _value(self, depth: int) -> object:
        pick = self._random
        if depth < 3 and pick.random() < 0.15:
            return [self._value(depth + 1) for _ in range(pick.randrange(4))]
        if depth < 3 and pick.random() < 0.15:
            return {pick.choice(WORDS): self._value(depth + 1) for _ in range(pick.randrange(4))}
        return pick.choice(self._values)

    def _framed(self, body: bytes) -> tuple[list[bytes], bytes, bool]:
        """Headers, bytes and whether all of what they promise is there and no more."""
        pick = self._random
        length = b"content-length: %d" % len(body)
        dice = pick.random()
        if dice < 0.75:
            return ([length] if body or pick.random() < 0.5 else []), body, True
        if dice < 0.87:
            parts = [body[at : at + 100] for at in range(0, min(len(body), 5_000), 100)]
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
            return [b"transfer-encoding: chunked"], chunks + b"0\r\n\r\n", True
        return pick.choice(
            [
                ([b"content-length: %d" % (len(body) + 50)], body, False),
                ([b"content-length: %d" % (len(body) // 2)], body, False),
                ([length, b"content-length: 3"], body, False),
                ([length, b"transfer-encoding: chunked"], body, False),
                ([b"transfer-encoding: chunked"], b"ffffffffffffffff\r\n" + body, False),
                ([b"transfer-encoding: chunked"], b"zz\r\n" + body, False),
                ([b"transfer-encoding: chunked"], b"5\r\nab", False),
                ([b"content-length: -5"], body, False),
                ([b"content-length: 5e3"], body, False),
                ([b"content-length: 99999999999999999999"], body, False),
            ]
        )

    def _damaged(self, request: RawRequest) -> RawRequest:
        pick = self._random
        content = bytearray(request.content)
        for _ in range(pick.choice((1, 1, 2, 4))):
            at = pick.randrange(len(content) + 1)
            end = min(len(content), at + pick.randrange(1, 20))
            match pick.randrange(6):
                case 0:
                    content[at : at + 1] = bytes([pick.randrange(256)])
                case 1:
                    content[at:at] = pick.randbytes(pick.randrange(1, 5))
                case 2:
                    del content[at:end]
                case 3:
                    content[at:at] = content[at:end]
                case 4:
                    content[at:at] = pick.choice(
                        [b"\r\n", b"\n", b"\r", b"\x00", b"\r\n\r\n", b" ", b"\t", b":", b"\xff"]
                    )
                case _:
                    del content[at:]
            content = content or bytearray(b"\x00")
        return RawRequest(bytes(content), False)
