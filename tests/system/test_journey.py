"""The first journey in a real browser: `web/e2e/journey.spec.ts` against the running product."""

import asyncio
import os
import wave
from pathlib import Path

import numpy as np
import pytest

from parley.product import Product
from parley.settings import CHECKOUT
from parley.stage.speech import RATE, Microphone, speak

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

SENTENCES = (
    "Honestly, this is too expensive for a company of our size.",
    "Does it work with the calendar that we already use?",
)
PAUSE_S = 7.0
DEADLINE_S = 400


def write_microphone(path: Path) -> None:
    """A WAV that says each sentence after a pause, over a noise floor; 48 kHz mono, as Chromium's fake device wants."""
    microphone = Microphone(seed=1)
    frames = []
    for number, sentence in enumerate(SENTENCES):
        frames += [microphone.next_frame() for _ in range(int(PAUSE_S * 100))]
        microphone.put(speak(sentence, voice=1, script_id="journey", turn=number))
        while microphone.is_speaking:
            frames.append(microphone.next_frame())
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.concatenate(frames).tobytes())


@pytest.mark.timeout(400)  # five journeys in real time; 145 s on a quiet machine
async def test_a_browser_joins_hears_is_heard_and_only_the_rep_is_nudged(product: Product, tmp_path: Path) -> None:
    write_microphone(tmp_path / "microphone.wav")
    environment = os.environ | {
        "PARLEY_URL": product.url,
        "PARLEY_MICROPHONE_WAV": str(tmp_path / "microphone.wav"),
    }
    browser = await asyncio.create_subprocess_exec(
        "npx", "playwright", "test",
        cwd=CHECKOUT / "web", env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(browser.communicate(), DEADLINE_S)
    finally:
        if browser.returncode is None:
            browser.terminate()
    assert browser.returncode == 0, said.decode()[-6000:]
