import pytest

from domain.clock import ScriptClock

pytestmark = pytest.mark.unit


def test_a_scripts_clock_goes_on_only_when_told_and_never_back() -> None:
    clock = ScriptClock()
    assert clock.elapsed_ms() == 0
    clock.advance_to(4_000)
    clock.advance_to(1_000)
    assert clock.elapsed_ms() == 4_000
