"""Sound for the tests: sentences at 16 kHz over a floor of faint noise, and what a stream makes of it."""

import asyncio
import time
from collections.abc import Callable
from math import gcd

import numpy as np
import numpy.typing as npt
from livekit import rtc
from livekit.agents import stt
from scipy.signal import resample_poly

from providers.local.hibari import SAMPLE_RATE_HZ as VOICE_RATE_HZ
from providers.local.hibari import synthesize_pcm
from providers.local.moonshine import MoonshineSTT

RATE_HZ = 16_000
Pcm = npt.NDArray[np.int16]


def resampled(pcm: Pcm, from_hz: int, to_hz: int) -> Pcm:
    common = gcd(from_hz, to_hz)
    audio = resample_poly(pcm.astype(np.float64), to_hz // common, from_hz // common)
    return _int16(audio)


def spoken(text: str, *, seed: int = 1) -> Pcm:
    """From its first to its last sample above -40 dBFS, so that its times are known exactly."""
    pcm = resampled(synthesize_pcm(text, seed=seed), VOICE_RATE_HZ, RATE_HZ)
    loud = np.flatnonzero(np.abs(pcm) > 327)
    return pcm[loud[0] : loud[-1] + 1]


def _int16(audio: npt.NDArray[np.generic]) -> Pcm:
    pcm: Pcm = np.clip(audio, -32768, 32767).astype(np.int16)
    return pcm


def silence(seconds: float) -> Pcm:
    return np.zeros(int(seconds * RATE_HZ), np.int16)


def over_noise(*parts: Pcm, level: int = 3) -> Pcm:
    """`parts` in a row, with the noise floor of a quiet room (±3 of 32768)."""
    audio = np.concatenate(parts)
    noise = np.random.default_rng(7).integers(-level, level + 1, audio.size)
    return _int16(audio + noise)


async def events_of(
    pcm: Pcm,
    *,
    frame_ms: int = 20,
    rate_hz: int = RATE_HZ,
    ending: Callable[[stt.RecognizeStream], None] = lambda stream: stream.end_input(),
    pace: float | None = None,
) -> list[stt.SpeechEvent]:
    """What a MoonshineSTT stream says about `pcm`, fed at `pace` times real time, else as fast as can be."""
    stream = MoonshineSTT().stream()
    heard: list[stt.SpeechEvent] = []

    async def listen() -> None:
        async for event in stream:
            heard.append(event)
            if event.type is stt.SpeechEventType.END_OF_SPEECH:
                ended.set()

    ended = asyncio.Event()
    listening = asyncio.create_task(listen())
    begun_s, fed_s = time.perf_counter(), 0.0
    for frame in np.split(pcm, range(size := rate_hz * frame_ms // 1000, pcm.size, size)):
        stream.push_frame(rtc.AudioFrame(frame.tobytes(), rate_hz, 1, frame.size))
        fed_s += frame.size / rate_hz
        await asyncio.sleep(0 if pace is None else begun_s + fed_s / pace - time.perf_counter())
    ending(stream)
    async with asyncio.timeout(10):
        await (ended.wait() if not stream._input_ch.closed else listening)
    await stream.aclose()
    await listening
    return heard


def kinds(events: list[stt.SpeechEvent]) -> list[str]:
    return [event.type.value for event in events]


def finals(events: list[stt.SpeechEvent]) -> list[stt.SpeechData]:
    return [e.alternatives[0] for e in events if e.type is stt.SpeechEventType.FINAL_TRANSCRIPT]
