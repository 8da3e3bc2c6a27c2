"""What the doctor says about the keys of outside providers."""

import pytest

from parley.checks_installed import vendors
from parley.problems import SetupProblem
from parley.settings import Settings
from tests.fakes.deepgram import deepgram_double

pytestmark = pytest.mark.unit


async def test_every_key_is_tried() -> None:
    async with deepgram_double() as double:
        double.refusals["bad"] = 401
        keys = {"DEEPGRAM_API_KEY": "good,bad", "PARLEY_DEEPGRAM_URL": double.url}
        with pytest.raises(SetupProblem, match=r"key 2: it was refused \(401\)"):
            await vendors(Settings.model_validate(keys))
        assert "works" in await vendors(Settings.model_validate(keys | {"DEEPGRAM_API_KEY": "good"}))


async def test_without_keys_there_is_nothing_to_try() -> None:
    assert "everything runs on this machine" in await vendors(Settings())
