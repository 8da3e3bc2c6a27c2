"""A vendor's words on this machine's segments, and this machine's own words where the vendor's do not come.

Silero cuts the audio as it does without a vendor, so that who speaks since when never depends on a network. When a
stretch of speech ends, the vendor is asked for the words in it; if it fails, is late or has none, Moonshine decodes the
very same samples. No sound is ever only with the vendor, so none of its failures can lose a word. LiveKit's own
FallbackAdapter does not replay what was said while the vendor failed.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import numpy.typing as npt
from livekit.agents import stt
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, APIConnectOptions, NotGivenOr

from providers.keys import KeyRing
from providers.local.moonshine import MoonshineStream, MoonshineSTT
from providers.local.recognizer import SAMPLE_RATE_HZ, Hearing, Moonshine
from providers.local.segmenting import Segment, SegmentingRules
from providers.vendor_line import Changed, Open, VendorLine, Word

# A vendor's word times are off by a tenth of a second or so; the next stretch of speech begins 0.35 s later or more.
_MARGIN_S = 0.3

# Words where Silero hears nobody are given out on their own after this.
_LEFT_OVER_S = 1.0

# Somebody has spoken this long and the vendor has shown nothing: captions come from this machine meanwhile.
_VENDOR_SHOWS_WITHIN_S = 2.0


class FallbackSTT(MoonshineSTT):
    """`changed` is told once when the vendor is given up for any ear, and once when it has all of them again."""

    def __init__(
        self,
        *,
        provider: str,
        model: str,
        open_stream: Open,
        keys: KeyRing,
        changed: Changed,
        rules: SegmentingRules | None = None,
    ) -> None:
        super().__init__(rules=rules)
        self._vendor_name = provider
        self._vendor_model = model
        self._open_stream = open_stream
        self._keys = keys
        self._changed = changed
        self._without: set[int] = set()  # ears that have lost the vendor

    @property
    def model(self) -> str:
        return self._vendor_model

    @property
    def provider(self) -> str:
        return self._vendor_name

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> "FallbackStream":
        return FallbackStream(
            stt=self,
            model=self._model,
            rules=self._rules,
            conn_options=conn_options,
            line=lambda ear, heard: VendorLine(self._open_stream, self._keys, self._told_of(ear), heard),
            closed=self._forget,
        )

    def _told_of(self, ear: int) -> Changed:
        def changed(by_vendor: bool, reason: str) -> None:
            had_all = not self._without
            if by_vendor:
                self._without.discard(ear)
            else:
                self._without.add(ear)
            if had_all == bool(self._without):
                self._changed(by_vendor, reason)

        return changed

    def _forget(self, ear: int) -> None:
        """An ear that is closed is neither with nor without the vendor."""
        self._without.discard(ear)


class FallbackStream(MoonshineStream):
    """As MoonshineStream, with a vendor's words where they come in time."""

    def __init__(
        self,
        *,
        stt: FallbackSTT,
        model: Moonshine,
        rules: SegmentingRules | None,
        conn_options: APIConnectOptions,
        line: Callable[[int, Callable[[], None]], VendorLine],
        closed: Callable[[int], None],
    ) -> None:
        self._make_line = line
        self._closed = closed
        self._line: VendorLine | None = None
        super().__init__(stt=stt, model=model, rules=rules, conn_options=conn_options)

    async def _run(self) -> None:
        line = self._line = self._make_line(id(self), self._show_words)
        holding = asyncio.create_task(line.run())
        try:
            await asyncio.sleep(0)  # it opens its stream
            await super()._run()
        finally:
            holding.cancel()
            with suppress(asyncio.CancelledError):
                await holding
            self._closed(id(self))

    async def _hear(self, samples: npt.NDArray[np.int16]) -> None:
        line = self._held
        line.push(samples, self._segmenter.position_s + self._rest.size / SAMPLE_RATE_HZ)
        await super()._hear(samples)
        if line.has_words and not self._segmenter.is_open:
            self._give_out(line.left_over(self._segmenter.position_s - _LEFT_OVER_S))

    @property
    def _held(self) -> VendorLine:
        assert self._line is not None, "made before the first sound is heard"
        return self._line

    @property
    def _vendor_shows(self) -> bool:
        """Whether captions come from the vendor."""
        line, segmenter = self._held, self._segmenter
        if not line.is_trusted:
            return False
        return segmenter.spoken_s < _VENDOR_SHOWS_WITHIN_S or bool(line.shown_since(segmenter.start_s - _MARGIN_S))

    def _show_words(self) -> None:
        if not (self._held.is_trusted and self._segmenter.is_open):
            return
        start_s = self._segmenter.start_s
        hearing = hearing_of(self._held.shown_since(start_s - _MARGIN_S))
        if hearing.text and hearing.text != self._shown:
            self._shown = hearing.text
            self._emit(stt.SpeechEventType.INTERIM_TRANSCRIPT, hearing, start_s, self._segmenter.position_s)

    def _paused(self, segment: Segment) -> None:
        if not self._held.is_trusted:
            super()._paused(segment)

    def _maybe_interim(self) -> None:
        if not self._segmenter.is_open or not self._vendor_shows:
            super()._maybe_interim()

    async def _finish(self, segment: Segment | None) -> None:
        if segment is None:
            return
        line = self._held
        is_cut = self._segmenter.is_open  # the next stretch has begun where this one ended
        until_s = segment.end_s if is_cut else segment.end_s + _MARGIN_S
        words = await line.words_of(segment.start_s, segment.end_s, until_s)
        if words:
            self._abandon_all()
            self._emit(stt.SpeechEventType.FINAL_TRANSCRIPT, hearing_of(words), segment.start_s, segment.end_s)
            self._emit(stt.SpeechEventType.END_OF_SPEECH, Hearing("", 0.0), segment.start_s, segment.end_s)
        else:
            line.forget(until_s)
            await super()._finish(segment)

    def _give_out(self, words: list[Word]) -> None:
        """What only the vendor heard, as a stretch of speech of its own."""
        if not words:
            return
        kind, nothing, start_s, end_s = stt.SpeechEventType, Hearing("", 0.0), words[0].start_s, words[-1].end_s
        self._emit(kind.START_OF_SPEECH, nothing, start_s, start_s)
        self._emit(kind.FINAL_TRANSCRIPT, hearing_of(words), start_s, end_s)
        self._emit(kind.END_OF_SPEECH, nothing, start_s, end_s)


def hearing_of(words: list[Word]) -> Hearing:
    confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
    return Hearing(" ".join(word.text for word in words), confidence)
