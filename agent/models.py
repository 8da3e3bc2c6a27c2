"""What a job process loads once, before its call comes: models are ready when somebody is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from livekit.agents import tts

from intelligence.detection import Detection
from intelligence.detectors import prototypes
from intelligence.detectors.prototypes import Advice
from intelligence.detectors.resemblance import ResemblanceDetector
from intelligence.embedding import Embedder
from intelligence.interview import topics
from intelligence.interview.judging import KnownTopic, known_topics
from providers.local.end_of_turn import EndOfTurn
from providers.local.hibari import HibariTTS
from providers.local.minilm import MiniLM
from providers.local.moonshine import MoonshineSTT


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    speech_to_text: MoonshineSTT  # of this machine; a call's own may have a vendor before it
    text_to_speech: tts.TTS[Any]
    detection: Detection
    advice: dict[str, Advice]
    thinking: ThreadPoolExecutor  # one thread, for detection and reading
    end_of_turn: EndOfTurn
    embedder: Embedder
    topics: tuple[KnownTopic, ...]  # what interviews are about


def load() -> Models:
    """Takes about 2 s. Raises ModelFileBroken when a model file is not what it should be."""
    families = prototypes.load()
    speech_to_text, text_to_speech = MoonshineSTT(), HibariTTS()
    embedder = MiniLM()
    speech_to_text.prewarm()
    text_to_speech.prewarm()
    return Models(
        speech_to_text=speech_to_text,
        text_to_speech=text_to_speech,
        detection=Detection([ResemblanceDetector(families, embedder)]),
        advice={family.topic: family.advice for family in families if family.advice},
        thinking=ThreadPoolExecutor(1, "thinking"),
        end_of_turn=EndOfTurn(),
        embedder=embedder,
        topics=known_topics(topics.load(), embedder),
    )
