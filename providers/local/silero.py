"""Silero voice activity, frame by frame, on plain onnxruntime."""

from functools import cache

import numpy as np
import numpy.typing as npt
import onnxruntime

from providers.local.model_files import verified

SAMPLE_RATE_HZ = 16_000
FRAME_SAMPLES = 512
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE_HZ

# Source: silero_vad/utils_vad.py, OnnxWrapper: at 16 kHz the model wants the 64 samples before each frame.
_CONTEXT_SAMPLES = 64
_RATE = np.array(SAMPLE_RATE_HZ, np.int64)


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(verified("silero")), options, providers=["CPUExecutionProvider"])


class Silero:
    """The voice activity of one audio stream; the model is shared by the process, the state is not.

    One call costs about 0.1 ms of CPU, little enough for the event loop. Raises ModelFileBroken when
    constructed.
    """

    def __init__(self) -> None:
        self._model = _session()
        self._state = np.zeros((2, 1, 128), np.float32)
        self._input = np.zeros((1, _CONTEXT_SAMPLES + FRAME_SAMPLES), np.float32)

    def probability(self, frame: npt.NDArray[np.int16]) -> float:
        """The probability 0–1 that someone speaks in `frame`: int16[512], the stream's next 32 ms."""
        self._input[0, :_CONTEXT_SAMPLES] = self._input[0, -_CONTEXT_SAMPLES:]
        np.divide(frame, 32768.0, out=self._input[0, _CONTEXT_SAMPLES:], casting="unsafe")
        output, self._state = self._model.run(None, {"input": self._input, "state": self._state, "sr": _RATE})
        return float(output[0, 0])
