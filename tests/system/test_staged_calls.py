"""Two short scripted calls through the whole product: written, and spoken through WebRTC."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import figures
from parley.product import Product
from parley.stage.command import read_scripts
from parley.stage.script import Script
from parley.stage.staging import stage_all

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

CORPUS = Path(__file__).parent.parent / "corpus"


async def staged(product: Product, folder: Path, *, as_text: bool) -> tuple[list[Script], dict[str, Any]]:
    scripts = read_scripts(sorted(CORPUS.glob("*.json")))
    broken = await stage_all(
        scripts, product.url, as_text=as_text, at_once=2, where=lambda s: folder / f"{s.id}.json", tell=print
    )
    assert broken == []
    return scripts, {script.id: json.loads((folder / f"{script.id}.json").read_text()) for script in scripts}


async def test_written_calls_are_heard_word_for_word_and_coached(product: Product, tmp_path: Path) -> None:
    scripts, reports = await staged(product, tmp_path, as_text=True)
    for script in scripts:
        heard = {segment["turn"]: segment for segment in reports[script.id]["segments"]}
        for number, turn in script.human_turns():
            assert heard[number]["text"] == turn.text
            assert heard[number]["participant"] == turn.speaker
    by_turn = {nudge["turn"]: nudge["kind"] for nudge in reports["gym"]["nudges"]}
    assert by_turn == {2: "answer", 4: "objection_response"}
    assert all(nudge["seen_by"] == ["r"] for nudge in reports["gym"]["nudges"])
    answers = reports["bakery"]["questions"]
    assert [answer["status"] for answer in answers] == ["answered"] * 3
    assert [answer["turn"] for answer in answers] == [3, 5, 7]


async def test_spoken_calls_are_heard_by_the_right_name_and_answered(product: Product, tmp_path: Path) -> None:
    scripts, reports = await staged(product, tmp_path, as_text=False)
    measured = figures(scripts, [reports[script.id] for script in scripts])
    assert measured["right_speaker"] == 1.0
    assert measured["word_error"] <= 0.12
    assert measured["nudges_seen_by_others"] == 0
    assert "objection_response" in {nudge["kind"] for nudge in reports["gym"]["nudges"]}
    conversation = reports["bakery"]["conversation"]
    assert "an AI assistant" in conversation[0]
    asked = " ".join(line for line in conversation if line.startswith("Nova:"))
    for question in scripts[0].question_set:
        assert question.text in asked
    assert "Goodbye" in asked
    assert len(reports["bakery"]["timings_ms"]["answers"]) >= 3
