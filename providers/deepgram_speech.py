"""Deepgram's streaming speech-to-text by LiveKit's plug-in, which is made to say how far it has come."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from livekit.agents import stt
from livekit.agents.language import LanguageCode
from livekit.agents.types import NOT_GIVEN, APIConnectOptions
from livekit.plugins import deepgram

from providers.vendor_line import VendorStream

if TYPE_CHECKING:
    import aiohttp

CONNECT_DEADLINE_S = 3.0

ENDPOINTING_MS = 300
"""A little before this machine's own end of a segment (352 ms), so that the words are often there by then."""

ONE_ATTEMPT = APIConnectOptions(max_retry=0, timeout=CONNECT_DEADLINE_S)
"""The plug-in's own retries would lose what was said meanwhile; the line makes the next attempt."""


class DeepgramStream(deepgram.SpeechStream):
    """Adds a PREFLIGHT event behind each result, also an empty one: up to which second it goes, and whether that is
    final."""

    @property
    def waiting_frames(self) -> int:
        return self._input_ch.qsize()

    def _process_stream_event(self, data: dict[str, Any]) -> None:
        super()._process_stream_event(data)
        if data["type"] != "Results":
            return
        reached = stt.SpeechData(
            language=self._opts.language or LanguageCode("en"),
            text="",
            start_time=float(data["start"]),
            end_time=float(data["start"]) + float(data["duration"]),
            metadata={"is_final": bool(data["is_final"])},
        )
        self._event_ch.send_nowait(
            stt.SpeechEvent(type=stt.SpeechEventType.PREFLIGHT_TRANSCRIPT, alternatives=[reached])
        )


def opener(
    model: str, url: str, keyterms: Sequence[str], session: "aiohttp.ClientSession | None"
) -> Callable[[str], VendorStream]:
    """Opens streams of one call, each with the key it is given."""

    def open_stream(key: str) -> VendorStream:
        vendor = deepgram.STT(
            api_key=key,
            model=model,
            language="en",
            base_url=url,
            http_session=session,
            endpointing_ms=ENDPOINTING_MS,
            filler_words=False,
            mip_opt_out=True,  # what people say in a call is not for training
            keyterm=list(keyterms) if keyterms and model.startswith("nova-3") else NOT_GIVEN,
        )
        return DeepgramStream(
            stt=vendor,
            opts=vendor._sanitize_options(),
            conn_options=ONE_ATTEMPT,
            api_key=key,
            http_session=vendor._ensure_session(),
            base_url=url,
        )

    return open_stream
