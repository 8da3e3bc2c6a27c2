import pytest

from agent.voice import SCRIPT_MS_PER_WORD, ScriptVoice, words_within
from domain.clock import ScriptClock

pytestmark = pytest.mark.unit


def test_only_whole_words_count_as_said_when_the_voice_is_cut() -> None:
    text = "How many people would use it every day?"
    assert words_within(text, 0) == ""
    assert text.startswith(words_within(text, 1000))
    assert not words_within(text, 1000).endswith(" ")
    assert words_within(text, 60_000) == text


async def test_a_written_call_takes_the_scripts_time_and_makes_no_sound() -> None:
    clock = ScriptClock()
    clock.advance_to(5_000)
    started: list[bool] = []
    spoken = await ScriptVoice(clock).say("four words are said", lambda: started.append(True))
    assert started == [True]
    assert spoken == "four words are said"
    assert clock.elapsed_ms() == 5_000 + 4 * SCRIPT_MS_PER_WORD
