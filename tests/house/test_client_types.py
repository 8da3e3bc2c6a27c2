"""The page's types are generated from the API: what is committed must be what the API says now."""

import pytest

from api.contract import contract
from parley.settings import CHECKOUT

pytestmark = pytest.mark.unit


def test_the_committed_contract_is_the_apis() -> None:
    committed = (CHECKOUT / "web" / "openapi.json").read_text()
    assert committed == contract(), "the API has changed: run `make client` and commit what it writes"
