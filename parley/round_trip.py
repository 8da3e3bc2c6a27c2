"""A real round trip through a LiveKit room: a tone heard and a text read by a second participant."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass

import numpy as np
from livekit import api, rtc

from parley.plan import LiveKitAccess

SAMPLE_RATE = 48_000
FRAME_SAMPLES = 480
TONE_HZ = 440.0
TONE_AMPLITUDE = 8_000
HEARD_RMS = 400.0
TOPIC = "parley.doctor"


@dataclass(frozen=True)
class RoundTrip:
    """What one participant's tone and text took to reach another, in milliseconds."""

    connected_ms: float
    heard_ms: float
    read_ms: float


async def round_trip(access: LiveKitAccess, within_s: float = 15.0) -> RoundTrip:
    """Two participants join a room of their own; one sends, the other receives.

    Raises TimeoutError when nothing arrives, rtc.ConnectError when the server does not let them in.
    """
    name = f"parley-doctor-{secrets.token_hex(4)}"
    speaker, listener = rtc.Room(), rtc.Room()
    try:
        async with asyncio.timeout(within_s):
            began = time.monotonic()
            heard: asyncio.Queue[rtc.Track] = asyncio.Queue()
            listener.on("track_subscribed", lambda track, *_: heard.put_nowait(track))
            await asyncio.gather(_join(listener, access, name), _join(speaker, access, name))
            connected_ms = _ms_since(began)
            return RoundTrip(connected_ms, await _tone(speaker, heard), await _text(speaker, listener))
    finally:
        await asyncio.gather(speaker.disconnect(), listener.disconnect(), return_exceptions=True)


async def _join(room: rtc.Room, access: LiveKitAccess, name: str) -> None:
    grants = api.VideoGrants(room_join=True, room=name)
    token = api.AccessToken(access.api_key, access.api_secret).with_identity(secrets.token_hex(4))
    await room.connect(access.url, token.with_grants(grants).to_jwt())


async def _tone(speaker: rtc.Room, heard: asyncio.Queue[rtc.Track]) -> float:
    """Milliseconds from the first sample of a tone to the first loud frame at the other side."""
    source = rtc.AudioSource(SAMPLE_RATE, 1, queue_size_ms=50)
    track = rtc.LocalAudioTrack.create_audio_track("tone", source)
    await speaker.local_participant.publish_track(track)
    stream = rtc.AudioStream(await heard.get(), sample_rate=SAMPLE_RATE, num_channels=1)
    began = time.monotonic()
    playing = asyncio.create_task(_play(source))
    try:
        async for event in stream:
            samples = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64)
            if samples.size and float(np.sqrt(np.mean(samples**2))) > HEARD_RMS:
                return _ms_since(began)
        raise TimeoutError("the track ended before its tone was heard")
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        await stream.aclose()
        await source.aclose()


async def _play(source: rtc.AudioSource) -> None:
    at = np.arange(FRAME_SAMPLES)
    tone = (np.sin(2 * np.pi * TONE_HZ * at / SAMPLE_RATE) * TONE_AMPLITUDE).astype(np.int16).tobytes()
    while True:
        await source.capture_frame(rtc.AudioFrame(tone, SAMPLE_RATE, 1, FRAME_SAMPLES))


async def _text(speaker: rtc.Room, listener: rtc.Room) -> float:
    """Milliseconds from the sending of a text to its being read at the other side."""
    readers: asyncio.Queue[rtc.TextStreamReader] = asyncio.Queue()
    listener.register_text_stream_handler(TOPIC, lambda reader, _identity: readers.put_nowait(reader))
    sent = secrets.token_hex(16)
    began = time.monotonic()
    await speaker.local_participant.send_text(sent, topic=TOPIC)
    if await (await readers.get()).read_all() != sent:
        raise TimeoutError("another text than the one sent arrived")
    return _ms_since(began)


def _ms_since(began: float) -> float:
    return (time.monotonic() - began) * 1000
