"""`parley up` with stand-ins: `python -m tests.parley.up_with_stand_ins [NAME=QUIRK]…`."""

import asyncio
import sys
import time
from functools import partial

from parley.plan import Plan, answers
from parley.process import Program
from parley.report import Terminal
from parley.settings import CHECKOUT, Settings
from parley.supervisor import Part
from parley.up import up


def stand_ins(plan: Plan, quirks: dict[str, str] | None = None) -> list[Part]:
    """The three processes' names and ports, and how long each may take to stop."""
    ports = {"agent": plan.ports.agent, "api": plan.ports.api, "jobs": plan.ports.mailbox}
    return [
        Part(
            Program(
                name,
                [
                    sys.executable,
                    "-m",
                    "tests.parley.stand_in",
                    name,
                    str(port),
                    (quirks or {}).get(name, ""),
                ],
                cwd=CHECKOUT,
                stop_within_s=1.0,
            ),
            ready=partial(listens, port) if name == "jobs" else partial(answers, f"http://127.0.0.1:{port}/", {200}),
            stop_rank=2,
        )
        for name, port in ports.items()
    ]


async def listens(port: int) -> str | None:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return "it does not listen yet"
    writer.close()
    return None


if __name__ == "__main__":
    quirks = dict(word.split("=") for word in sys.argv[1:])
    sys.exit(
        asyncio.run(
            up(
                Settings(),
                Terminal(),
                began=time.monotonic(),
                processes=lambda plan: stand_ins(plan, quirks),
            )
        )
    )
