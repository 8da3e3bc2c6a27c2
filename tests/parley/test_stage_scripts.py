import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parley.settings import CHECKOUT, Settings
from parley.stage.command import read_scripts, report_path, stage
from parley.stage.script import ScriptError, load
from parley.stage.speech import RATE, Microphone, Utterance, ends_of_speech, speak

pytestmark = pytest.mark.unit

GYM = CHECKOUT / "tests" / "corpus" / "gym.json"


def changed(folder: Path, **fields: Any) -> Path:
    path = folder / "changed.json"
    path.write_text(json.dumps(json.loads(GYM.read_text()) | fields))
    return path


def test_our_own_scripts_can_be_read() -> None:
    scripts = read_scripts(sorted(GYM.parent.glob("*.json")))
    assert {script.id for script in scripts} == {"bakery", "gym"}


def test_an_unknown_field_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"mood: this field is not known; remove or rename it"):
        load(changed(tmp_path, mood="sunny"))


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    turns = [{"speaker": "hq", "text": "", "gap_ms": 99_999}]
    with pytest.raises(ScriptError) as fault:
        load(changed(tmp_path, language="de", turns=turns))
    assert all(name in str(fault.value) for name in ("language", "turns.0.text", "turns.0.gap_ms"))


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"{", "not JSON"), (b"\xff\xfe", "not JSON"), (b"[]", "the file"), (b"{}", "id: this field is missing")],
)
def test_what_is_no_script_says_so(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(ScriptError, match=says):
        load(path)


def test_somebody_who_speaks_must_take_part(tmp_path: Path) -> None:
    turns = [{"speaker": "zz", "text": "Hello there.", "gap_ms": 0}]
    with pytest.raises(ScriptError, match=r"turn 0 is spoken by “zz”, who is not a participant"):
        load(changed(tmp_path, turns=turns))


def test_the_same_script_twice_would_overwrite_its_report() -> None:
    with pytest.raises(ScriptError, match="two scripts have the same id: gym"):
        read_scripts([GYM, GYM])


def test_a_script_that_cannot_be_staged_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(port=1, home=tmp_path / "home")
    status = asyncio.run(stage([tmp_path / "none.json"], tmp_path, settings, as_text=True, at_once=1))
    assert status == 2
    assert "none.json: cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_one_report_is_a_file_and_several_are_a_folder(tmp_path: Path) -> None:
    scripts = read_scripts(sorted(GYM.parent.glob("*.json")))
    assert report_path(tmp_path / "out.json", scripts[:1])(scripts[0]) == tmp_path / "out.json"
    assert report_path(tmp_path, scripts)(scripts[1]) == tmp_path / f"{scripts[1].id}.json"


def test_two_stagings_of_a_turn_sound_alike_and_two_people_do_not() -> None:
    once, again, other = (speak("We have twelve shops.", voice=voice, script_id="gym", turn=1) for voice in (0, 0, 1))
    assert np.array_equal(once.pcm, again.pcm)
    assert not np.array_equal(once.pcm[:1000], other.pcm[:1000])
    assert 500 < once.end_of_speech_ms <= once.duration_ms


def test_the_end_of_speech_is_the_last_loud_sample_and_not_the_end_of_the_file() -> None:
    pcm = np.zeros(RATE * 3, np.int16)
    pcm[RATE // 2 : RATE] = 8000
    pcm[RATE * 3 // 2 : RATE * 2] = 8000
    assert ends_of_speech(pcm) == pytest.approx((1000, 2000), abs=1)


def utterance(samples: int, end_of_speech_ms: int = 0) -> Utterance:
    return Utterance(pcm=np.full(samples, 5000, np.int16), voiced_ms=(end_of_speech_ms,))


def test_a_microphone_is_never_digitally_silent_and_loses_no_sample() -> None:
    microphone = Microphone(seed=1)
    assert np.abs(microphone.next_frame()).max() > 0
    microphone.put(utterance(700))
    frames = [microphone.next_frame(), microphone.next_frame()]
    assert (np.concatenate(frames) > 4000).sum() == 700
    assert not microphone.is_speaking


def test_one_utterance_follows_the_other() -> None:
    microphone = Microphone(seed=1)
    first, second = microphone.put(utterance(480)), microphone.put(utterance(480))
    microphone.next_frame()
    assert (first.is_over, second.is_over) == (True, False)
    microphone.next_frame()
    assert (second.is_over, microphone.is_speaking) == (True, False)


def test_speech_ends_when_it_has_left_a_microphone_that_fell_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr("parley.stage.speech.time.time", lambda: now_s)
    microphone = Microphone(seed=1)
    spoken = microphone.put(utterance(480 * 4, end_of_speech_ms=35))
    assert spoken.end_s == pytest.approx(100.035)
    now_s = 100.5
    microphone.next_frame()
    assert (spoken.start_s, spoken.end_s) == pytest.approx((100.5, 100.535))
    now_s = 101.0
    for _ in range(3):
        microphone.next_frame()
    assert (spoken.start_s, spoken.end_s) == pytest.approx((100.5, 101.005))
