"""Starts the agent worker."""

import asyncio

from agent.settings import AgentSettings
from agent.worker import run
from telemetry import log


def main() -> None:
    settings = AgentSettings()
    log.configure("agent", keep_pii=settings.log_pii)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
