"""Speech-to-text of this machine as an ordinary streaming LiveKit plug-in: Silero cuts, Moonshine hears."""

import asyncio
import logging
import time
from concurrent.futures import Executor
from typing import Literal

import numpy as np
import numpy.typing as npt
from livekit import rtc
from livekit.agents import APIConnectionError, stt, utils
from livekit.agents.language import LanguageCode
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, APIConnectOptions, NotGivenOr

from providers.local.decoding import FINALS, INTERIMS, Decoding
from providers.local.phantoms import is_phantom
from providers.local.recognizer import SAMPLE_RATE_HZ, Hearing, Moonshine, shared_moonshine
from providers.local.samples import mono, samples_of
from providers.local.segmenting import Began, Ended, Paused, Segment, Segmenter, SegmentingRules
from providers.local.silero import FRAME_SAMPLES, Silero

__all__ = ["Moonshine", "MoonshineSTT", "MoonshineStream"]

logger = logging.getLogger(__name__)

# Captions that change more often than every 0.4 s are not read; a stream may use a fifth of one thread.
_INTERIM_EVERY_S = 0.4
_INTERIM_DUTY = 5

# A muted track sends no frames at all. Longer than any jitter that still sounds like one sentence.
_FRAMES_STOPPED_S = 0.6
_LOOP_STALLED_S = 0.1

# 2 minutes of 20 ms frames. Only a machine that cannot keep up gets there; it then loses the oldest audio.
_MAX_WAITING_FRAMES = 6_000

_ENGLISH = LanguageCode("en")


class MoonshineSTT(stt.STT[Literal["error"]]):
    """English only, on the CPU. Loads the models when constructed (0.6 s); raises ModelFileBroken then."""

    def __init__(self, *, rules: SegmentingRules | None = None) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True, manual_flush=True))
        self._model = shared_moonshine()
        self._rules = rules
        Silero()

    @property
    def model(self) -> str:
        return "moonshine-tiny-en"

    @property
    def provider(self) -> str:
        return "local"

    def prewarm(self) -> None:
        """Decode a second of silence, so that the first caller does not pay for the first allocation."""
        self._model.transcribe(np.zeros(SAMPLE_RATE_HZ, np.int16))

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> "MoonshineStream":
        return MoonshineStream(stt=self, model=self._model, rules=self._rules, conn_options=conn_options)

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions,
    ) -> stt.SpeechEvent:
        samples = samples_of(rtc.combine_audio_frames(buffer))
        hearing = await asyncio.get_running_loop().run_in_executor(FINALS, self._model.transcribe, samples)
        data = _speech_data(hearing, 0.0, samples.size / SAMPLE_RATE_HZ)
        return stt.SpeechEvent(type=stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=[data])


class MoonshineStream(stt.RecognizeStream):
    """One person's audio, any rate, in; START, INTERIMs, PREFLIGHTs, FINAL, END for each stretch of speech out.

    A PREFLIGHT has the words that will be the FINAL ones if the pause that has begun lasts.
    Every START has its END, also when nothing was understood; then there is no FINAL between them. Each event
    has one alternative (START and END without text): `start_time` and `end_time` are seconds of the audio
    that was pushed, however fast it came, and stand still while a track is muted. `speech_start_time` and
    `speech_end_time` are the same moments in Unix seconds, right when audio is pushed as it is spoken.

    What waits to be heard is bounded: after 6000 frames the oldest is lost.
    """

    def __init__(
        self,
        *,
        stt: MoonshineSTT,
        model: Moonshine,
        rules: SegmentingRules | None,
        conn_options: APIConnectOptions,
    ) -> None:
        super().__init__(stt=stt, conn_options=conn_options, sample_rate=SAMPLE_RATE_HZ)
        self._model = model
        self._rules = rules
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._silero = Silero()
        self._segmenter = Segmenter(self._rules)
        self._rest = np.zeros(0, np.int16)
        self._interim: Decoding | None = None
        self._final: Decoding | None = None
        self._next_interim_s = _INTERIM_EVERY_S
        self._shown = ""
        self._draft: tuple[int, ...] = ()
        self._zero_at_s = time.time()

    def push_frame(self, frame: rtc.AudioFrame) -> None:
        """Push audio of any rate and number of channels; both must stay the same for the whole stream."""
        if self._input_ch.qsize() >= _MAX_WAITING_FRAMES:
            lost = self._input_ch.recv_nowait()
            if isinstance(lost, rtc.AudioFrame):
                self._segmenter.skip(lost.samples_per_channel)
            logger.warning("audio was lost because it could not be heard in time")
        super().push_frame(mono(frame))

    async def _run(self) -> None:
        self._begin_anew()
        try:
            while True:
                try:
                    item = await self._receive()
                except utils.aio.ChanClosed:
                    break
                if isinstance(item, rtc.AudioFrame):
                    await self._hear(np.frombuffer(item.data, np.int16))
                else:
                    await self._finish(self._segmenter.end())
                await asyncio.sleep(0)  # a long backlog must not hold up everything else on the loop
            await self._finish(self._segmenter.end())
        finally:
            self._abandon_all()

    async def _receive(self) -> rtc.AudioFrame | stt.RecognizeStream._FlushSentinel:
        """The next item, or a flush when someone was speaking and no frame came for 0.6 s."""
        loop = asyncio.get_running_loop()
        while self._segmenter.is_open:
            deadline_s = loop.time() + _FRAMES_STOPPED_S
            try:
                async with asyncio.timeout_at(deadline_s):
                    return await self._input_ch.recv()
            except TimeoutError:
                # When the loop itself was late, frames may be on their way: wait once more.
                if loop.time() < deadline_s + _LOOP_STALLED_S:
                    return self._FlushSentinel()
        return await self._input_ch.recv()

    async def _hear(self, samples: npt.NDArray[np.int16]) -> None:
        audio = np.concatenate([self._rest, samples])
        whole = audio.size - audio.size % FRAME_SAMPLES
        self._rest = audio[whole:]
        self._zero_at_s = time.time() - self._segmenter.position_s - audio.size / SAMPLE_RATE_HZ
        for frame in audio[:whole].reshape(-1, FRAME_SAMPLES):
            for step in self._segmenter.push(frame, self._silero.probability(frame)):
                match step:
                    case Began(start_s):
                        self._next_interim_s, self._shown, self._draft = _INTERIM_EVERY_S, "", ()
                        self._emit(stt.SpeechEventType.START_OF_SPEECH, Hearing("", 0.0), start_s, start_s)
                    case Paused(segment):
                        self._paused(segment)
                    case Ended(segment):
                        await self._finish(segment)
            self._maybe_interim()

    def _paused(self, segment: Segment) -> None:
        """Decode what would end now, in the hope that it does."""
        self._final = self._decode(FINALS, segment)

    def _maybe_interim(self) -> None:
        segmenter = self._segmenter
        if self._final is not None and not segmenter.is_pausing:
            self._final.abandon()  # the voice has come back
            self._final = None
        if segmenter.is_pausing or self._interim is not None or segmenter.spoken_s < self._next_interim_s:
            return
        self._interim = self._decode(INTERIMS, segmenter.snapshot())

    def _decode(self, executor: Executor, segment: Segment) -> Decoding:
        decoding = Decoding(executor, self._model, segment, self._draft)
        decoding.future.add_done_callback(lambda _: self._show(decoding))
        return decoding

    def _show(self, decoding: Decoding) -> None:
        """Emit what an unfinished decoding found, unless its segment is over."""
        if decoding is self._interim:
            self._interim = None
            self._next_interim_s = self._segmenter.spoken_s + max(_INTERIM_EVERY_S, _INTERIM_DUTY * decoding.took_s)
        elif decoding is not self._final:
            return
        if decoding.future.cancelled():
            return
        if error := decoding.future.exception():
            logger.error("an interim transcript failed", exc_info=error)
            return
        hearing, segment = decoding.future.result(), decoding.segment
        self._draft = hearing.tokens
        if is_phantom(hearing, segment.voiced_s):
            return
        if hearing.text != self._shown:
            self._shown = hearing.text
            self._emit(stt.SpeechEventType.INTERIM_TRANSCRIPT, hearing, segment.start_s, segment.end_s)
        if decoding is self._final:
            self._emit(stt.SpeechEventType.PREFLIGHT_TRANSCRIPT, hearing, segment.start_s, segment.end_s)

    async def _finish(self, segment: Segment | None) -> None:
        """Emit FINAL, if words were understood, and END. Raises APIConnectionError when the model failed."""
        if segment is None:
            return
        if self._final is not None and self._final.segment.voiced_frames != segment.voiced_frames:
            self._final.abandon()
            self._final = None
        decoding = self._final or Decoding(FINALS, self._model, segment, self._draft)
        self._final = None
        self._abandon_all()
        try:
            hearing = await decoding.future
            if not is_phantom(hearing, segment.voiced_s):
                self._emit(stt.SpeechEventType.FINAL_TRANSCRIPT, hearing, segment.start_s, segment.end_s)
        except Exception as error:
            raise APIConnectionError("Moonshine failed to decode a segment") from error
        finally:
            decoding.abandon()
            self._emit(stt.SpeechEventType.END_OF_SPEECH, Hearing("", 0.0), segment.start_s, segment.end_s)

    def _abandon_all(self) -> None:
        for decoding in (self._interim, self._final):
            if decoding is not None:
                decoding.abandon()
        self._interim = self._final = None

    def _emit(self, kind: stt.SpeechEventType, hearing: Hearing, start_s: float, end_s: float) -> None:
        offset_s = self.start_time_offset
        data = _speech_data(hearing, start_s + offset_s, end_s + offset_s)
        has_begun = kind is stt.SpeechEventType.START_OF_SPEECH
        event = stt.SpeechEvent(
            type=kind,
            alternatives=[data],
            speech_start_time=self._zero_at_s + start_s,
            speech_end_time=None if has_begun else self._zero_at_s + end_s,
        )
        self._event_ch.send_nowait(event)


def _speech_data(hearing: Hearing, start_s: float, end_s: float) -> stt.SpeechData:
    return stt.SpeechData(
        language=_ENGLISH,
        text=hearing.text,
        start_time=round(start_s, 3),
        end_time=round(end_s, 3),
        confidence=hearing.confidence,
    )
