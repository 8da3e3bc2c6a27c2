"""What a job process loads once, before its call comes: models are ready when somebody is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from livekit.agents import tts

from intelligence.detection import Detection
from intelligence.detectors import classifier
from intelligence.detectors import topics as nudge_topics
from intelligence.detectors.conduct import ConductDetector
from intelligence.detectors.topics import Topic
from intelligence.detectors.words import WordsDetector
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
    advice: dict[str, Topic]
    thinking: ThreadPoolExecutor  # one thread, for detection and reading
    end_of_turn: EndOfTurn
    embedder: Embedder
    topics: tuple[KnownTopic, ...]  # what interviews are about


def load() -> Models:
    """Takes about 2 s. Raises ModelFileBroken when a model file is not what it should be."""
    advice = nudge_topics.load()
    speech_to_text, text_to_speech = MoonshineSTT(), HibariTTS()
    embedder = MiniLM()
    speech_to_text.prewarm()
    text_to_speech.prewarm()
    return Models(
        speech_to_text=speech_to_text,
        text_to_speech=text_to_speech,
        detection=Detection([WordsDetector(advice, classifier.load(), embedder), ConductDetector()]),
        advice=advice,
        thinking=ThreadPoolExecutor(1, "thinking"),
        end_of_turn=EndOfTurn(),
        embedder=embedder,
        topics=known_topics(topics.load(), embedder),
    )
