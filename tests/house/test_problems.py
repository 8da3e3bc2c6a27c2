"""Every error has an answer of its own, and every answer stands in docs/problems.md."""

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from api import problems
from domain import errors
from parley.settings import CHECKOUT

pytestmark = pytest.mark.unit

SAMPLES: dict[str, Any] = {
    "noun": "call", "opens_at": datetime(2026, 1, 1, tzinfo=UTC), "reason": "ended", "status": "live",
    "pointer": "/body", "detail": "It is wrong.", "retry_after_s": 7,
}  # fmt: skip
ONLY_PARENTS = {errors.RuleBroken}


def kinds(of: type[errors.DomainError]) -> Iterator[type[errors.DomainError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def sample(kind: type[errors.DomainError]) -> errors.DomainError:
    wanted = inspect.signature(kind.__init__).parameters
    return kind(**{name: value for name, value in SAMPLES.items() if name in wanted})


def documented() -> dict[str, str]:
    """Type and its row."""
    rows = re.findall(r"^\| `(/problems/[a-z-]+)` \|(.*)\|$", (CHECKOUT / "docs" / "problems.md").read_text(), re.M)
    return dict(rows)


@pytest.mark.parametrize("kind", [kind for kind in kinds(errors.DomainError) if kind not in ONLY_PARENTS])
def test_every_domain_error_is_answered_by_itself_and_documented(kind: type[errors.DomainError]) -> None:
    answer = problems.of_domain_error(sample(kind))
    assert answer.status_code != problems.internal_error().status_code, f"{kind.__name__} has no answer"
    body = bytes(answer.body).decode()
    (found,) = re.findall(r'"type":"(/problems/[a-z-]+)"', body)
    assert str(answer.status_code) in documented()[found]


def test_every_type_in_the_code_is_documented_and_nothing_else() -> None:
    written = set()
    for path in (CHECKOUT / "api").rglob("*.py"):
        text = path.read_text()
        written |= set(re.findall(r'problem\(\s*\d{3},\s*"([a-z-]+)"', text))
        written |= set(re.findall(r'^    \d{3}: \("([a-z-]+)"', text, re.M))
        written |= set(re.findall(r'TITLES\.get\([^(]*\("([a-z-]+)"', text))
    assert len(written) >= 14
    assert {f"/problems/{kind}" for kind in written} == set(documented())


def test_the_contract_of_the_wire_knows_no_other_types() -> None:
    named = set(re.findall(r"/problems/[a-z-]+[a-z]", (CHECKOUT / "docs" / "wire.md").read_text()))
    assert named <= set(documented())
