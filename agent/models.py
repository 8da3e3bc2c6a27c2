"""What a job process loads once, before its call comes: models are ready when somebody is."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from livekit.agents import stt, tts
from numpy.typing import NDArray

from intelligence.detection import Detection
from intelligence.detectors import prototypes
from intelligence.detectors.prototypes import Advice
from intelligence.detectors.resemblance import ResemblanceDetector
from providers.local.end_of_turn import EndOfTurn
from providers.local.hibari import HibariTTS
from providers.local.minilm import MiniLM
from providers.local.moonshine import MoonshineSTT


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    speech_to_text: stt.STT
    text_to_speech: tts.TTS
    detection: Detection
    advice: dict[str, Advice]
    thinking: ThreadPoolExecutor  # one thread: detection
    deciding: ThreadPoolExecutor  # one thread: end of turn, which the answer waits for
    end_of_turn_model: EndOfTurn

    async def end_of_turn(self, tail: NDArray[np.int16]) -> float:
        """Probability 0–1 that the speaker is done, given up to the last 1.2 s of int16 PCM at 16 kHz."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.deciding, self.end_of_turn_model.predict, tail)


def load() -> Models:
    """Takes about 2 s. Raises ModelFileBroken when a model file is not what it should be."""
    families = prototypes.load()
    return Models(
        speech_to_text=MoonshineSTT(),
        text_to_speech=HibariTTS(),
        detection=Detection([ResemblanceDetector(families, MiniLM())]),
        advice={family.topic: family.advice for family in families if family.advice},
        thinking=ThreadPoolExecutor(1, "thinking"),
        deciding=ThreadPoolExecutor(1, "deciding"),
        end_of_turn_model=EndOfTurn(),
    )
