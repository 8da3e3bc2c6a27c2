"""Hands finished messages to SMTP servers, over connections that stay open."""

import asyncio
import ssl
import time
from collections import defaultdict
from urllib.parse import urlsplit

from domain.mail_server import MailServer
from notifications.smtp_line import Line
from notifications.smtp_line import Parcel as Parcel
from notifications.smtp_line import TooLate as TooLate
from notifications.smtp_replies import NotSent as NotSent
from notifications.smtp_replies import Refusal

LINES_TO_ONE_SERVER = 8
MESSAGES_ON_ONE_LINE = 100
IDLE_SECONDS = 15.0


class Lines:
    """Open connections to servers, for one process. The owner ends with `aclose()`."""

    def __init__(self, our_name: str) -> None:
        self._our_name = our_name
        self._tls = ssl.create_default_context()
        self._free: dict[MailServer, list[Line]] = defaultdict(list)
        self.slots: dict[MailServer, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(LINES_TO_ONE_SERVER))
        """Who hands over holds one: so many lines at most go to one server."""

    async def hand_over(self, server: MailServer, parcel: Parcel, *, dot_by: float | None = None) -> str:
        """Returns the server's reply. Never in the clear where encryption is asked for. Raises Refusal.

        `dot_by`: on the clock of `time.monotonic`; after it nothing is handed over any more, and TooLate is raised.
        """
        while True:
            if dot_by is not None and time.monotonic() > dot_by:
                raise TooLate
            free = self._free[server]
            line = free.pop() if free else await Line.to(server, self._our_name, self._tls)
            is_fresh = not line.handed_over
            try:
                return await line.hand_over(parcel, dot_by)
            except Refusal as refused:
                # Servers hang up on lines that were idle or busy for long: that says nothing about them.
                if is_fresh or not refused.has_hung_up:
                    raise
            finally:
                if line.is_open and line.handed_over < MESSAGES_ON_ONE_LINE:
                    self._free[server].append(line)
                else:
                    await line.end()

    async def end_idle(self) -> None:
        now = time.monotonic()
        for server, lines in list(self._free.items()):
            idle = [line for line in lines if now - line.used_at > IDLE_SECONDS]
            self._free[server] = [line for line in lines if line not in idle]
            for line in idle:
                await line.end()

    async def aclose(self) -> None:
        ending = [line for lines in self._free.values() for line in lines]
        self._free.clear()
        await asyncio.gather(*(line.end() for line in ending))


async def deliver(server: MailServer, parcel: Parcel, *, our_name: str) -> None:
    """One message over a line of its own. Raises Refusal."""
    lines = Lines(our_name)
    try:
        await lines.hand_over(server, parcel)
    finally:
        await lines.aclose()


async def reach(server: MailServer, *, our_name: str) -> None:
    """Greets, encrypts and signs in as for a message, and hands none over. Raises Refusal."""
    line = await Line.to(server, our_name, ssl.create_default_context())
    await line.end()


def host_name(public_url: str) -> str:
    """How we name ourselves to mail servers. An address of digits is no name (RFC 5321 §4.1.4)."""
    host = urlsplit(public_url).hostname or ""
    return host if any(character.isalpha() for character in host) and ":" not in host else "parley.localhost"
