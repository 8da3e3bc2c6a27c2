"""`make bench`: the scripted calls spoken through a copy of the product; prints the figures and keeps them as JSON.

Two runs: one call alone at a time (delays of a quiet machine), then four at once (words and speakers under load).
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import figures
from benchmarks.machine import describe
from parley.postgres_setup import remove
from parley.product import running_product
from parley.settings import CHECKOUT, Settings
from parley.stage.command import read_scripts, tell
from parley.stage.script import Script
from parley.stage.staging import stage_all

LABELLED_CALLS = CHECKOUT.parent / "shared" / "calls"
OWN_CALLS = CHECKOUT / "tests" / "corpus"
RESULTS = CHECKOUT / "benchmarks" / "results"
PORT = 8700


async def run(scripts: list[Script], url: str, *, at_once: int, as_text: bool = False) -> dict[str, Any]:
    """Raises SystemExit when a call broke off: a figure over the calls that went well says nothing."""
    machine = describe()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:

        def where(script: Script) -> Path:
            return Path(folder) / f"{script.id}.json"

        if broken := await stage_all(scripts, url, as_text=as_text, at_once=at_once, where=where, tell=tell):
            raise SystemExit(f"Broke off: {', '.join(broken)}")
        reports = [json.loads(where(script).read_text()) for script in scripts]
    return {
        "scripts": [script.id for script in scripts],
        "at_once": at_once,
        "mode": "text" if as_text else "audio",
        "took_s": round(time.monotonic() - began, 1),
        "machine": machine,
        "figures": figures(scripts, reports),
    }


async def measure(scripts: list[Script], alone: list[Script]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(port=PORT, home=Path(home), public_url=f"http://127.0.0.1:{PORT}")
        async with running_product(settings) as product:
            result = {
                "text": await run(scripts, product.url, at_once=4, as_text=True),
                "alone": await run(alone, product.url, at_once=1),
                "together": await run(scripts, product.url, at_once=4),
            }
        if product.plan.cluster is not None:
            remove(product.plan.cluster)
        return result


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("scripts", nargs="*", type=Path, help="default: the labelled calls, or our own short ones")
    ask.add_argument("--alone", type=int, default=4, help="how many of them are also played alone")
    args = ask.parse_args()
    found = sorted(LABELLED_CALLS.glob("dev-*.json")) or sorted(OWN_CALLS.glob("*.json"))
    scripts = read_scripts(args.scripts or found)
    step = max(1, len(scripts) // args.alone)
    result = asyncio.run(measure(scripts, scripts[::step][: args.alone]))
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "calls.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    json.dump({name: part["figures"] for name, part in result.items()}, sys.stdout, indent=1)
    print(f"\nKept in {path}")


if __name__ == "__main__":
    main()
