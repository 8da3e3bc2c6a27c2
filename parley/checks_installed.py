"""What `parley doctor` looks at whether or not the product runs: that all is installed and whole."""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import re
import shutil
import sys

from domain.provider import Provider, ProviderChoice
from parley import livekit_server
from parley.plan import find_livekit_server, make_plan
from parley.problems import SetupProblem
from parley.settings import CHECKOUT, Settings
from providers.language import language_in_use
from providers.local.model_files import check_all
from providers.speech import speech_in_use
from providers.trial import try_language, try_speech

OLDEST_PYTHON = (3, 11)
IMPORTED = ("fastapi", "httpx", "livekit.agents", "livekit.api", "livekit.rtc", "numpy", "onnxruntime")
LEAST_FREE_BYTES = 1_000_000_000
SET_UP = "Run `make setup`."
SET_UP_ANEW = "Remove the folder .venv and run `make setup`."


async def python(_: Settings) -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupProblem(f"{sys.version.split()[0]} is too old.", "Install Python 3.11 or newer, then `make setup`.")
    return f"{sys.version.split()[0]} in {sys.prefix}"


async def packages(_: Settings) -> str:
    """The project's own requirements are installed, and those with native code can be imported."""
    for requirement in importlib.metadata.requires("parley") or []:
        wanted = re.match(r"([\w.-]+)(?:\[.*?\])?(==)?([\w.]*)", requirement)
        if wanted is None or "extra ==" in requirement:
            continue
        name, pinned, version = wanted.groups()
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            raise SetupProblem(f"The package {name} is not installed.", SET_UP) from None
        if pinned and found != version:
            raise SetupProblem(f"The package {name} is {found}, and {version} is wanted.", SET_UP)
    for module in IMPORTED:
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise SetupProblem(f"{module} cannot be imported: {error}", SET_UP) from error
    return f"{len(importlib.metadata.requires('parley') or [])} requirements are met"


async def models(_: Settings) -> str:
    findings = await asyncio.to_thread(check_all)
    if broken := [finding for finding in findings.values() if finding]:
        raise SetupProblem(" ".join(broken), SET_UP_ANEW)
    return f"{len(findings)} files are the pinned ones"


async def vendors(settings: Settings) -> str:
    """Every key is tried with a real request; without keys there is nothing to try."""
    by_keys = ProviderChoice()
    trials = []
    if speech_in_use(by_keys, settings)[0] is not Provider.LOCAL:
        trials.append(await try_speech(by_keys, settings))
    if language_in_use(by_keys, settings)[0] is not Provider.LOCAL:
        trials.append(await try_language(by_keys, settings))
    if failed := [trial.detail for trial in trials if not trial.ok]:
        raise SetupProblem(
            " ".join(failed),
            "See that keys and addresses in .env are right. Meanwhile this machine does their part.",
        )
    return " ".join(trial.detail for trial in trials) or "none has a key; everything runs on this machine"


async def media_server(settings: Settings) -> str:
    if not settings.own_livekit:
        return f"not ours: {settings.livekit_url}"
    found = await asyncio.to_thread(find_livekit_server)
    return f"{livekit_server.VERSION} at {found}"


async def disk(settings: Settings) -> str:
    plan = make_plan(settings)
    place = plan.cluster.data if plan.cluster else plan.home.path
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE_BYTES:
        raise SetupProblem(f"Only {free / 1e9:.1f} GB are free at {place}.", "Free some: 1 GB is the least.")
    return f"{free / 1e9:.0f} GB free at {place}"


async def web_pages(_: Settings) -> str:
    index = CHECKOUT / "web" / "dist" / "index.html"
    if not index.exists():
        raise SetupProblem(f"{index} is missing.", SET_UP)
    return str(index.parent)


async def proxies(settings: Settings) -> str:
    """The app listens on this machine only, so that everybody from elsewhere comes through a proxy."""
    if settings.local_mode:
        return "none is needed on a local copy"
    if not settings.trusted_proxies:
        raise SetupProblem(
            "None is trusted, so that everybody who comes through one counts as one address when requests are counted.",
            "Set PARLEY_TRUSTED_PROXIES in .env to the addresses of the proxies before this copy.",
        )
    return f"trusted: {settings.trusted_proxies}"
