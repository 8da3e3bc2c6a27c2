"""A process whose children send what is due and are killed in the middle of it.

Each line on its stdin is the time by the test's clock; it makes a child by fork and prints its pid, then how it ended.
"""

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta

from db.pool import open_pool
from jobs.delivering import Delivering
from jobs.sending import Sender
from jobs.servers import Servers
from telemetry import log
from tests.jobs.outbox import OUR_NAME, SECRET, PlainLetters


async def send(url: str, begins_at: datetime) -> None:
    began = time.monotonic()

    def clock() -> datetime:
        return begins_at + timedelta(seconds=time.monotonic() - began)

    pool = await open_pool(url, most_connections=4)
    servers = Servers(pool, secret=SECRET, installation=None, mailbox_port=None)
    sender = Sender(pool, servers, Delivering(pool, PlainLetters(), servers, our_name=OUR_NAME, clock=clock), clock)
    await sender.send_due()
    await sender.aclose()
    await pool.close()


def main() -> None:
    (url,) = sys.argv[1:]
    log.configure("jobs", keep_pii=False)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
                os.dup2(nowhere.fileno(), sys.stderr.fileno())
            asyncio.run(send(url, datetime.fromisoformat(line.strip())))
            os._exit(0)
        print(json.dumps({"pid": child}), flush=True)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"exit": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
