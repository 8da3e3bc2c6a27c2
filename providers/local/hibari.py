"""The voice of this machine as an ordinary LiveKit plug-in: hibari, English, 24 kHz mono."""

import asyncio
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from hibari import Hibari
from livekit.agents import tokenize, tts, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions

from providers.local.model_files import verified
from providers.local.reading import readable

SAMPLE_RATE_HZ = 24_000

# hibari surrounds each sentence with 0.31 s and 0.47 s of silence. What is louder than -40 dBFS is speech;
# the soft beginning of an "f" and the end of an "s" lie up to 40 ms outside of it.
_SPEECH_LEVEL = 0.01
_LEAD_S = 0.04
_TAIL_S = 0.06

# People who read aloud pause 0.2 to 0.4 s between sentences; with this pause a listener's 352 ms endpoint
# does not take each sentence for a turn.
_PAUSE_S = 0.28

Pcm = npt.NDArray[np.int16]

# One thread: a second one makes hibari slower, and a sentence takes 30 ms.
_EXECUTOR = ThreadPoolExecutor(1, thread_name_prefix="hibari")


@cache
def _voice() -> Hibari:
    verified("hibari.spelling")
    return Hibari(threads=1, model=str(verified("hibari.voice")))


def synthesize_pcm(text: str, *, seed: int | None = None, speed: float = 1.0) -> Pcm:
    """`text` spoken, int16[n] at 24 kHz, with 40 ms of silence before and 60 ms after; empty for no words.

    Equal text, seed and speed give equal samples; without a seed the voice's breath is random. `speed` 0.5
    (slow) to 2.0 (fast), not proportional: 1.3 shortens by a tenth, 1.6 by a third. Blocks for about 7 ms a
    second of speech. Raises ModelFileBroken.
    """
    parts = list(_parts(text, seed, speed))
    return np.concatenate([*parts, _silence(_TAIL_S - _LEAD_S)]) if parts else np.zeros(0, np.int16)


def _parts(text: str, seed: int | None, speed: float) -> Iterator[Pcm]:
    """Each sentence, with a pause before all but the first."""
    begun = False
    for sentence in _sentences(text):
        pcm = _sentence(sentence, seed, speed)
        if pcm.size:
            yield np.concatenate([_silence(_PAUSE_S - 2 * _LEAD_S), pcm]) if begun else pcm
            begun = True


def _sentences(text: str) -> list[str]:
    """Without those that are only marks, which hibari would pronounce as a hum."""
    sentences = Hibari.split_sentences(readable(text))
    return [s for s in sentences if any(c.isalnum() for c in s)]


def _sentence(sentence: str, seed: int | None, speed: float) -> Pcm:
    """One sentence with 40 ms of silence on both sides; empty when there is nothing to say in it."""
    seeds = None if seed is None else (seed, zlib.crc32(sentence.encode()))
    noise = np.random.default_rng(seeds)
    voice = _voice()
    spoken = [voice.from_ids(voice.ids(p), speed, noise) for p in voice.phonemize(sentence)]
    if not spoken:
        return np.zeros(0, np.int16)
    audio = np.concatenate(spoken)
    loud = np.flatnonzero(np.abs(audio) > _SPEECH_LEVEL)
    if not loud.size:
        return np.zeros(0, np.int16)
    margin = int(_LEAD_S * SAMPLE_RATE_HZ)
    trimmed = audio[max(0, loud[0] - margin) : loud[-1] + margin]
    pcm: Pcm = (np.clip(trimmed, -1.0, 1.0) * 32767.0).astype(np.int16)
    return pcm


def _silence(seconds: float) -> Pcm:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ), np.int16)


class HibariTTS(tts.TTS[Literal["error"]]):
    """Speaks sentence by sentence, so that the first one is heard while the others are made.

    `seed` and `speed` as for `synthesize_pcm`. Loads the voice when constructed (0.2 s); raises
    ModelFileBroken.
    """

    def __init__(self, *, seed: int | None = None, speed: float = 1.0) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True),
            sample_rate=SAMPLE_RATE_HZ,
            num_channels=1,
        )
        self._seed = seed
        self._speed = speed
        _voice()

    @property
    def model(self) -> str:
        return "hibari-heart"

    @property
    def provider(self) -> str:
        return "local"

    def prewarm(self) -> None:
        """Speak a word, which also loads the lexicons (0.2 s)."""
        synthesize_pcm("Hello.", seed=0)

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return _WholeText(tts=self, input_text=text, conn_options=conn_options)

    def stream(self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) -> tts.SynthesizeStream:
        return _GrowingText(tts=self, conn_options=conn_options)

    async def speak(self, text: str, output: tts.AudioEmitter, *, begun: bool = False) -> bool:
        """Push the sentences of `text`, with a pause before each but the first; whether anything was said."""
        loop = asyncio.get_running_loop()
        for sentence in _sentences(text):
            pcm = await loop.run_in_executor(_EXECUTOR, _sentence, sentence, self._seed, self._speed)
            if pcm.size:
                if begun:
                    output.push(_silence(_PAUSE_S - 2 * _LEAD_S).tobytes())
                output.push(pcm.tobytes())
                output.flush()
                begun = True
        return begun


class _WholeText(tts.ChunkedStream):
    _tts: HibariTTS

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=SAMPLE_RATE_HZ, num_channels=1, mime_type="audio/pcm"
        )
        await self._tts.speak(self._input_text, output_emitter)
        output_emitter.push(_silence(_TAIL_S - _LEAD_S).tobytes())


class _GrowingText(tts.SynthesizeStream):
    _tts: HibariTTS

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        request_id = utils.shortuuid()
        output_emitter.initialize(
            request_id=request_id,
            sample_rate=SAMPLE_RATE_HZ,
            num_channels=1,
            mime_type="audio/pcm",
            stream=True,
        )
        output_emitter.start_segment(segment_id=request_id)
        sentences = tokenize.blingfire.SentenceTokenizer(retain_format=True).stream()
        feeding = asyncio.create_task(self._feed(sentences))
        begun = False
        try:
            async for sentence in sentences:
                self._mark_started()
                begun = await self._tts.speak(sentence.token, output_emitter, begun=begun)
            await feeding
        finally:
            await utils.aio.cancel_and_wait(feeding)
            await sentences.aclose()
        output_emitter.push(_silence(_TAIL_S - _LEAD_S).tobytes())
        output_emitter.end_segment()

    async def _feed(self, sentences: tokenize.SentenceStream) -> None:
        async for item in self._input_ch:
            if isinstance(item, str):
                sentences.push_text(item)
            else:
                sentences.flush()
        sentences.end_input()
