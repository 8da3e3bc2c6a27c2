"""The command `parley`."""

from __future__ import annotations

import time

BEGAN = time.monotonic()

import asyncio  # noqa: E402
import logging  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Annotated  # noqa: E402

import typer  # noqa: E402
from dotenv import load_dotenv  # noqa: E402
from pydantic import ValidationError  # noqa: E402

from parley.problems import SetupProblem  # noqa: E402
from parley.process import end  # noqa: E402
from parley.process import stop_with_parent as end_with_parent  # noqa: E402
from parley.report import Terminal  # noqa: E402
from parley.settings import CHECKOUT, Settings  # noqa: E402

app = typer.Typer(help="Parley, a self-hosted voice agent.", no_args_is_help=True, add_completion=False)


def read_settings() -> Settings:
    """The environment, and below it the checkout's .env. Ends the command when they are not usable."""
    load_dotenv(CHECKOUT / ".env")
    try:
        return Settings()
    except ValidationError as error:
        for line in error.errors(include_url=False, include_input=False):
            names = [str(part) for part in line["loc"]]
            where = " ".join(f"PARLEY_{name.upper()}" if name.islower() else name for name in names)
            print(f"Not usable: {where} {line['msg']}".replace("  ", " "), file=sys.stderr)
        print("Set it in the environment or in .env; .env.example explains each.", file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def up(
    stop_with_parent: Annotated[
        bool, typer.Option(help="Stop when the process that started this one is gone.")
    ] = False,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    if stop_with_parent:
        end_with_parent()
    settings = read_settings()
    from parley.up import up as run

    terminal = Terminal(log=settings.home / "logs" / "parley.log")
    terminal.say(f"Starting Parley from {settings.home}")
    raise typer.Exit(asyncio.run(run(settings, terminal, began=BEGAN)))


@app.command()
def doctor() -> None:
    """Check every part, and say what helps where something is wrong."""
    settings = read_settings()
    from parley.doctor import examine

    raise typer.Exit(asyncio.run(examine(settings, Terminal())))


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    settings = read_settings()
    from parley.migrating import migrate_once

    terminal = Terminal()
    try:
        asyncio.run(migrate_once(settings, terminal))
    except SetupProblem as problem:
        terminal.problem(str(problem))
        raise typer.Exit(1) from None


@app.command()
def stage(
    scripts: Annotated[list[Path], typer.Argument(help="Scripted calls, JSON.", metavar="SCRIPT…")],
    report: Annotated[Path, typer.Option(help="A .json file for one script, else a folder.")],
    text: Annotated[
        bool, typer.Option("--text/--audio", help="Feed the words instead of speaking them; quick.")
    ] = False,
    at_once: Annotated[int, typer.Option(min=1, max=8, help="How many calls at the same time.")] = 4,
) -> None:
    """Play scripted calls through the product and write down what it made of them."""
    settings = read_settings()
    from parley.stage.command import stage as run

    try:
        raise typer.Exit(asyncio.run(run(scripts, report, settings, as_text=text, at_once=at_once)))
    except SetupProblem as problem:
        Terminal().problem(str(problem))
        raise typer.Exit(1) from None


def main() -> None:
    """What libraries log is not for the terminal: our own steps and problems say it."""
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        app()
    except SystemExit as ended:
        end(ended.code if isinstance(ended.code, int) else int(ended.code is not None))


if __name__ == "__main__":
    main()
