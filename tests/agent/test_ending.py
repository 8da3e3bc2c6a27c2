import pytest

from agent.ending import GOODBYE_SECONDS, LEFT_SECONDS, NOBODY_CAME_SECONDS, EmptyRoom

pytestmark = pytest.mark.unit


def looks(ending: EmptyRoom, seconds: float, *, humans: int, colleagues: int = 0, bye: bool = False) -> str | None:
    reason = None
    for _ in range(int(seconds)):
        reason = reason or ending.look(
            humans=humans, colleagues=colleagues, said_goodbye=bye, talking=False, step_s=1.0
        )
    return reason


def test_the_agent_waits_ten_minutes_for_the_first_person() -> None:
    ending = EmptyRoom()
    assert looks(ending, NOBODY_CAME_SECONDS - 1, humans=0) is None
    assert looks(ending, 1, humans=0) == "nobody came"


def test_somebody_whose_line_broke_finds_the_call_still_on() -> None:
    ending = EmptyRoom()
    assert looks(ending, 5, humans=1) is None
    assert looks(ending, LEFT_SECONDS - 1, humans=0) is None
    assert looks(ending, 5, humans=1) is None
    assert looks(ending, LEFT_SECONDS, humans=0) == "everybody left"


def test_after_the_goodbye_the_call_ends_unless_a_colleague_goes_on_talking() -> None:
    assert looks(EmptyRoom(), GOODBYE_SECONDS, humans=1, bye=True) == "all was said"
    assert looks(EmptyRoom(), GOODBYE_SECONDS * 3, humans=2, colleagues=1, bye=True) is None
