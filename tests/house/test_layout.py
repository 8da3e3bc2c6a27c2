"""Rules of the house that a linter does not know."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.settings import CHECKOUT

pytestmark = pytest.mark.unit

PACKAGES = ("domain", "intelligence", "providers", "db", "notifications", "telemetry", "agent", "api", "jobs", "parley")
MARKERS = {"unit", "db", "room", "system"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "services", "managers", "misc", "base", "lib"}
READ_THE_ENVIRONMENT = {"__main__.py", "settings.py", "bootstrap.py", "steps.py"}
"""The last two set the rest up, and run before a settings class could be imported."""


def folders_of(top: str) -> Iterator[Path]:
    """The folder and those below it that hold Python of ours."""
    for folder in [CHECKOUT / top, *(CHECKOUT / top).rglob("*")]:
        if folder.is_dir() and any(folder.glob("*.py")):
            yield folder


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((CHECKOUT / package).rglob("*.py"))


def test_every_folder_of_tests_is_a_package() -> None:
    """Or `import db` in a test would load tests/db."""
    assert [str(folder) for folder in folders_of("tests") if not (folder / "__init__.py").is_file()] == []


def test_every_test_module_has_exactly_one_marker() -> None:
    unmarked = {}
    for path in sorted((CHECKOUT / "tests").rglob("test_*.py")):
        marks = [
            node.attr
            for statement in ast.parse(path.read_text()).body
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "pytestmark"
            for node in ast.walk(statement.value)
            if isinstance(node, ast.Attribute) and node.attr in MARKERS
        ]
        if len(marks) != 1:
            unmarked[str(path.relative_to(CHECKOUT))] = marks
    assert unmarked == {}


def test_only_settings_and_the_ways_in_read_the_environment() -> None:
    reads = re.compile(r"\bos\.(environ|getenv)\b|from os import .*\b(environ|getenv)\b")
    found = [
        str(path.relative_to(CHECKOUT))
        for path in modules()
        if path.name not in READ_THE_ENVIRONMENT and reads.search(path.read_text())
    ]
    assert found == []


def test_the_list_of_packages_is_what_there_is() -> None:
    listed = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {
        ".".join(folder.relative_to(CHECKOUT).parts)
        for package in PACKAGES
        for folder in folders_of(package)
        if (folder / "__init__.py").is_file()
    }
    assert len(listed) == len(set(listed))
    assert set(listed) == there


def test_every_folder_of_ours_is_a_package() -> None:
    bare = [str(folder) for top in PACKAGES for folder in folders_of(top) if not (folder / "__init__.py").is_file()]
    assert bare == []


def test_nothing_has_a_name_that_says_nothing() -> None:
    named = [
        str(path.relative_to(CHECKOUT))
        for top in (*PACKAGES, "tests", "benchmarks")
        for path in (CHECKOUT / top).rglob("*")
        if "node_modules" not in path.parts and path.stem.lower() in FORBIDDEN_NAMES
    ]
    assert named == []
