"""LiveKit frames of any rate and number of channels as what the models of this machine hear."""

import numpy as np
import numpy.typing as npt
from livekit import rtc

from providers.local.recognizer import SAMPLE_RATE_HZ


def mono(frame: rtc.AudioFrame) -> rtc.AudioFrame:
    if frame.num_channels == 1:
        return frame
    channels = np.frombuffer(frame.data, np.int16).reshape(-1, frame.num_channels)
    mixed = channels.mean(axis=1).astype(np.int16)
    return rtc.AudioFrame(mixed.tobytes(), frame.sample_rate, 1, mixed.size)


def samples_of(frame: rtc.AudioFrame) -> npt.NDArray[np.int16]:
    """Mono int16 samples at 16 kHz."""
    frame = mono(frame)
    if frame.sample_rate == SAMPLE_RATE_HZ:
        return np.frombuffer(frame.data, np.int16)
    resampler = rtc.AudioResampler(frame.sample_rate, SAMPLE_RATE_HZ, quality=rtc.AudioResamplerQuality.HIGH)
    frames = [*resampler.push(frame), *resampler.flush()]
    return np.concatenate([np.frombuffer(f.data, np.int16) for f in frames])
