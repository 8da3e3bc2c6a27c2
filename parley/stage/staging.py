"""Stages several scripts at once, with progress, and writes a report for each."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from parley.stage.front_door import FrontDoor, FrontDoorClosed
from parley.stage.performance import Broken, play
from parley.stage.report import report_of
from parley.stage.script import Script


async def stage_all(
    scripts: Sequence[Script],
    public_url: str,
    *,
    as_text: bool,
    at_once: int,
    where: Callable[[Script], Path],
    tell: Callable[[str], None],
) -> list[str]:
    """Stages each script, at most `at_once` together; returns the ids of those that broke."""
    places = asyncio.Semaphore(at_once)
    done = 0

    async def stage_one(script: Script) -> bool:
        nonlocal done
        async with places:
            began = time.monotonic()
            door = FrontDoor(public_url)
            try:
                await door.sign_in()
                performance = await play(script, door, as_text=as_text)
            except (Broken, FrontDoorClosed) as error:
                tell(f"{script.id}: broke off: {error}")
                return False
            finally:
                await door.aclose()
        report = report_of(performance)
        path = where(script)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
        done += 1
        tell(
            f"{script.id}: {time.monotonic() - began:.1f} s, {len(report['segments'])} segments, "
            f"{len(report['nudges'])} nudges → {path} ({done} of {len(scripts)})"
        )
        return True

    results = await asyncio.gather(*(stage_one(script) for script in scripts))
    return [script.id for script, is_done in zip(scripts, results, strict=True) if not is_done]
