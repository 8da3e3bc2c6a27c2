"""How many mails a server is given in a minute, by all processes together."""

from collections import defaultdict
from datetime import timedelta

from db import limits
from db.limits import Draw
from db.pool import Pool
from domain.mail_server import MailServer

PURPOSE = "mails"


class Rates:
    """Takes what a server may be given in slices of about a second, so that not every mail asks the database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._left: dict[MailServer, int] = defaultdict(int)

    def left(self, server: MailServer, most: int) -> int:
        """How many of `most` it may be given now, without asking anybody again."""
        return most if server.mails_a_minute is None else min(most, self._left[server])

    async def refill(self, server: MailServer) -> float:
        """Seconds to wait until it may be given one; 0: `left` is more than nothing now."""
        if server.mails_a_minute is None or self._left[server]:
            return 0.0
        slice_size = max(1, server.mails_a_minute // 60)
        every = timedelta(minutes=slice_size / server.mails_a_minute)
        waits_s = await limits.take(
            self._pool, [Draw(purpose=PURPOSE, subject=str(server.server_id), burst=1, every=every)]
        )
        if not waits_s:
            self._left[server] += slice_size
        return waits_s

    async def spend(self, server: MailServer) -> float:
        """Takes one. Seconds to wait, when there is none now."""
        if server.mails_a_minute is None:
            return 0.0
        if waits_s := await self.refill(server):
            return waits_s
        self._left[server] -= 1
        return 0.0
