"""`parley up`: the whole product until Ctrl-C, with its steps, problems and addresses on the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from parley.plan import Plan, our_processes
from parley.problems import SetupProblem
from parley.product import Product, running_product
from parley.report import Terminal
from parley.settings import Settings
from parley.supervisor import Part

INTERRUPTED_TWICE = 130
DEMO_WITHIN_S = 10.0


async def up(
    settings: Settings,
    terminal: Terminal,
    *,
    began: float,
    processes: Callable[[Plan], Sequence[Part]] = our_processes,
) -> int:
    """Runs until a signal stops it: 0 then, 1 when it could not start. `began` is a time.monotonic().

    A second signal ends us at once; the kernel then ends the children (PostgreSQL by its fast shutdown).
    """
    serving = asyncio.create_task(_serve(settings, terminal, began, processes))
    loop = asyncio.get_running_loop()
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            os._exit(INTERRUPTED_TWICE)
        stopping = True
        terminal.say("\nStopping … (once more stops at once)")
        serving.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    except SetupProblem as problem:
        terminal.say("")
        terminal.problem(str(problem))
        return 1
    terminal.say("Stopped.")
    return 0


async def _serve(
    settings: Settings, terminal: Terminal, began: float, processes: Callable[[Plan], Sequence[Part]]
) -> None:
    async with running_product(settings, report=terminal, processes=processes) as product:
        terminal.say(await welcome(product, terminal, time.monotonic() - began))
        await asyncio.Event().wait()


async def welcome(product: Product, terminal: Terminal, seconds: float) -> str:
    """Where to go now."""
    settings = product.plan.settings
    at = settings.public_url.rstrip("/")
    lines = ["", f"Parley runs at {terminal.strong(at)}  (started in {seconds:.1f} s)", ""]
    if settings.local_mode:
        lines += [f"  Manager      {at}/demo/manager", f"  Sales rep    {at}/demo/rep"]
        lines += [f"  Admin        {at}/demo/admin"]
        demo = await demo_call(product)
        if demo is not None:
            call_id, join_link = demo
            lines += [f"  Demo call    {at}/calls/{call_id}/room   (as the rep)"]
            lines += [f"  Guest link   {join_link}"]
        lines.append("")
    lines.append(f"  Ctrl-C stops everything. Logs: {product.plan.home.logs}")
    return "\n".join(lines)


async def demo_call(product: Product) -> tuple[str, str] | None:
    """(call id, the guest's link) of a demo call that can be joined; None when the API has none."""
    try:
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=DEMO_WITHIN_S) as client:
            answer = await client.get(f"{product.url}/api/v1/demo")
        body: dict[str, Any] = answer.raise_for_status().json()
        return str(body["call"]["call_id"]), str(body["join_link"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
