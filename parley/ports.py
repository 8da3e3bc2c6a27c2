"""The five ports of one copy, and whether they are free."""

from __future__ import annotations

import asyncio
import errno
import random
import socket
import time
from dataclasses import dataclass

from parley.problems import SetupProblem

HOST = "127.0.0.1"
LET_GO_WITHIN_S = 4.0
POLL_S = 0.05
FIRST_EPHEMERAL = 20_000
LAST_EPHEMERAL = 32_000


@dataclass(frozen=True)
class Ports:
    """All five follow from the first, PARLEY_PORT."""

    api: int

    @property
    def signalling(self) -> int:
        """LiveKit's WebSocket and API, TCP."""
        return self.api + 1

    @property
    def media(self) -> int:
        """LiveKit's media, UDP."""
        return self.api + 2

    @property
    def agent(self) -> int:
        """The agent worker's health page, TCP."""
        return self.api + 3

    @property
    def mailbox(self) -> int:
        """The local mail catcher, SMTP."""
        return self.api + 4

    def taken(self, *, own_livekit: bool = True) -> list[str]:
        """Those of our ports that another process holds, each with what we want it for."""
        wanted = [
            (self.api, socket.SOCK_STREAM, "the app"),
            (self.agent, socket.SOCK_STREAM, "the agent worker"),
            (self.mailbox, socket.SOCK_STREAM, "the local mailbox"),
        ]
        if own_livekit:
            wanted.insert(1, (self.signalling, socket.SOCK_STREAM, "LiveKit's signalling"))
            wanted.insert(2, (self.media, socket.SOCK_DGRAM, "LiveKit's media, UDP"))
        return [f"{port} ({purpose})" for port, kind, purpose in wanted if not _is_free(port, kind)]


async def wait_until_free(ports: Ports, *, own_livekit: bool, within_s: float = LET_GO_WITHIN_S) -> None:
    """Gives a copy that was just killed a moment to let go. Raises SetupProblem when ports stay taken."""
    deadline = time.monotonic() + within_s
    while taken := ports.taken(own_livekit=own_livekit):
        if time.monotonic() >= deadline:
            raise SetupProblem(
                f"Another process has, on {HOST}, port {', '.join(taken)}.",
                f"Stop it (`ss -lntup` names it), or choose others: PARLEY_PORT={ports.api + 100} make run "
                "(Parley uses that port and the four after it).",
            )
        await asyncio.sleep(POLL_S)


def free_base_port() -> int:
    """A PARLEY_PORT whose five ports are free now: for tests and for copies that live only for a moment."""
    for _ in range(200):
        base = random.randrange(FIRST_EPHEMERAL, LAST_EPHEMERAL, 5)
        if not Ports(base).taken():
            return base
    raise SetupProblem("No five free ports in a row were found.", "Stop something that listens on many ports.")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
        return True
