"""`parley doctor`: every part is looked at, and each failure comes with what helps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from parley import checks_installed, checks_running
from parley.problems import SetupProblem
from parley.report import Terminal
from parley.settings import Settings

NAME_WIDTH = 18
CHECKED_WITHIN_S = 60.0


@dataclass(frozen=True)
class Check:
    """One thing to look at. `look` gives what it found; it raises SetupProblem, whose remedy is shown."""

    name: str
    look: Callable[[Settings], Awaitable[str]]


@dataclass(frozen=True)
class Finding:
    """What a check gave. `remedy` is None when all is well."""

    name: str
    detail: str
    remedy: str | None
    seconds: float


ALL_CHECKS = (
    Check("Python", checks_installed.python),
    Check("packages", checks_installed.packages),
    Check("speech models", checks_installed.models),
    Check("livekit-server", checks_installed.media_server),
    Check("disk", checks_installed.disk),
    Check("web pages", checks_installed.web_pages),
    Check("outside providers", checks_installed.vendors),
    Check("proxies", checks_installed.proxies),
    Check("ports", checks_running.ports),
    Check("database", checks_running.database),
    Check("product", checks_running.product),
    Check("mail", checks_running.mail),
    Check("room round trip", checks_running.room),
)


async def look(check: Check, settings: Settings) -> Finding:
    """Runs one check; nothing that goes wrong in it ends the doctor."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(CHECKED_WITHIN_S):
            detail, remedy = await check.look(settings), None
    except SetupProblem as problem:
        detail, remedy = problem.what, problem.remedy
    except TimeoutError:
        detail, remedy = f"no answer within {CHECKED_WITHIN_S:.0f} s", "Look at load and logs, and try again."
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        remedy = "This is not a failure the doctor knows. `make setup` puts back what belongs to Parley."
    return Finding(check.name, detail, remedy, time.monotonic() - began)


async def examine(settings: Settings, terminal: Terminal, checks: Sequence[Check] = ALL_CHECKS) -> int:
    """Looks at everything, one after the other; 0 when all is well, else 1."""
    failed = 0
    for check in checks:
        finding = await look(check, settings)
        if finding.remedy is None:
            terminal.say(f"  {terminal.good('ok')}    {finding.name:<{NAME_WIDTH}} {finding.detail}")
        else:
            failed += 1
            terminal.say(f"  {terminal.bad('fails')} {finding.name:<{NAME_WIDTH}} {finding.detail}")
            terminal.say(f"        {'':<{NAME_WIDTH}} → {finding.remedy}")
    terminal.say("")
    terminal.say(f"{failed} of {len(checks)} checks failed." if failed else f"All {len(checks)} checks are well.")
    return 1 if failed else 0
