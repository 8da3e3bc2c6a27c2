"""`parley stage`: plays scripts through the running product, or through a copy of its own when none runs."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from parley.product import running_product
from parley.settings import Settings
from parley.stage.front_door import is_open
from parley.stage.script import Script, ScriptError, load
from parley.stage.staging import stage_all

AT_ONCE = 4


def read_scripts(paths: Sequence[Path]) -> list[Script]:
    """Raises ScriptError, naming every file that cannot be staged and why."""
    scripts, faults = [], []
    for path in paths:
        try:
            scripts.append(load(path))
        except ScriptError as error:
            faults.append(str(error))
    if faults:
        raise ScriptError("\n".join(faults))
    ids = [script.id for script in scripts]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        raise ScriptError(f"two scripts have the same id: {', '.join(doubled)}")
    return scripts


def report_path(report: Path, scripts: Sequence[Script]) -> Callable[[Script], Path]:
    """A file for one script; a folder with a file for each when there are several, or when it is one already."""
    if len(scripts) == 1 and report.suffix == ".json" and not report.is_dir():
        return lambda _script: report
    return lambda script: report / f"{script.id}.json"


async def stage(paths: Sequence[Path], report: Path, settings: Settings, *, as_text: bool, at_once: int) -> int:
    """Exit status: 0 when every script was played to its end. Progress goes to stderr."""
    try:
        scripts = read_scripts(paths)
    except ScriptError as error:
        tell(str(error))
        return 2
    async with AsyncExitStack() as stack:
        url = f"http://127.0.0.1:{settings.port}"
        if not await is_open(url):
            tell(f"Nothing runs at {url}; starting a copy from {settings.home}")
            product = await stack.enter_async_context(running_product(settings))
            url = product.url
        broken = await stage_all(
            scripts, url, as_text=as_text, at_once=at_once, where=report_path(report, scripts), tell=tell
        )
    if broken:
        tell(f"Broke off: {', '.join(broken)}")
    return 1 if broken else 0


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
