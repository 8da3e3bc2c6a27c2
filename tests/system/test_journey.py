"""The journeys in a real browser, `web/e2e/journey*.spec.ts`, against the running product."""

import asyncio
import os
import wave
from pathlib import Path

import numpy as np
import pytest

from parley.product import Product
from parley.settings import CHECKOUT
from parley.stage.speech import RATE, Microphone, speak
from tests.fakes.openid import OpenId

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

SENTENCES = (
    "Honestly, this is too expensive for a company of our size.",
    "Does it work with the calendar that we already use?",
)
PAUSE_S = 7.0
DEADLINE_S = 330  # in real time; the longest is there after 60 s on a quiet machine, and gives itself 300
JOURNEYS = sorted(path.name for path in (CHECKOUT / "web" / "e2e").glob("journey*.spec.ts"))


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


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "microphone.wav"
    write_microphone(path)
    return path


@pytest.mark.timeout(DEADLINE_S + 120)  # the product may have to start
@pytest.mark.parametrize("journey", JOURNEYS)
async def test_a_journey_goes_to_its_end(product: Product, openid: OpenId, microphone: Path, journey: str) -> None:
    environment = os.environ | {
        "PARLEY_URL": product.url,
        "PARLEY_OPENID_ISSUER": openid.url,
        "PARLEY_MICROPHONE_WAV": str(microphone),
    }
    browser = await asyncio.create_subprocess_exec(
        "npx", "playwright", "test", f"/{journey}",
        cwd=CHECKOUT / "web", env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(browser.communicate(), DEADLINE_S)
    finally:
        if browser.returncode is None:
            browser.terminate()
    assert browser.returncode == 0, said.decode()[-6000:]
