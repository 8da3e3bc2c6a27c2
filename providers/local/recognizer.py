"""Moonshine tiny-en on plain onnxruntime: int16 samples in, words and their probability out.

Moonshine's own library is not used: it leaks 1.7 MB a call and costs four times the CPU.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from providers.local.model_files import verified

SAMPLE_RATE_HZ = 16_000

_BEGIN, _END = 1, 2
_HEADS, _HEAD_SIZE = 8, 36

# Shorter inputs give the encoder's strided convolutions nothing to work on.
_MIN_SAMPLES = 3_200

# Source: the model card of UsefulSensors/moonshine-tiny; more than that is a hallucination.
_MAX_TOKENS_A_SECOND = 6.5

# People say "no, no, no, no"; nobody says the same phrase eight times within a few seconds, but a decoder
# in a loop does.
_MAX_REPEATS = 7
_MAX_REPEATED_TOKENS = 8


@dataclass(frozen=True)
class Hearing:
    """The words heard and how sure they are: the geometric mean, 0–1, of the tokens' probabilities."""

    text: str
    confidence: float


@cache
def shared_moonshine() -> "Moonshine":
    """The recognizer of this process: 45 MB of weights that all streams share. Raises ModelFileBroken."""
    return Moonshine()


class Moonshine:
    """Greedy decoding with a key-value cache, one thread a call; several threads may call at once.

    About 18 ms of CPU for a second of audio, and linear in its length.
    """

    def __init__(self) -> None:
        self._encoder = _session(verified("moonshine.encoder"))
        self._decoder = _session(verified("moonshine.decoder"))
        self._tokens = _read_tokens(verified("moonshine.tokens"))
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._past = [i.name for i in self._decoder.get_inputs() if i.name.startswith("past_key_values")]

    def transcribe(self, samples: npt.NDArray[np.int16], cancelled: Callable[[], bool] = lambda: False) -> Hearing:
        """The words in mono int16 samples at 16 kHz.

        `cancelled` is asked before each token; once it is true the words found so far are returned.
        """
        audio = samples.astype(np.float32) / 32768.0
        if audio.size < _MIN_SAMPLES:
            audio = np.pad(audio, (0, _MIN_SAMPLES - audio.size))
        ids: list[int] = []
        log_probabilities: list[float] = []
        limit = int(audio.size / SAMPLE_RATE_HZ * _MAX_TOKENS_A_SECOND) + 2
        step = self._steps(audio)
        token = _BEGIN
        while len(ids) < limit and not cancelled():
            token, log_probability = step(token)
            log_probabilities.append(log_probability)
            if token == _END:
                break
            ids.append(token)
            if (kept := _without_runaway(ids)) is not None:
                ids = kept
                break
        confidence = float(np.exp(np.mean(log_probabilities))) if log_probabilities else 0.0
        return Hearing(self._text(ids), confidence)

    def _steps(self, audio: npt.NDArray[np.float32]) -> Callable[[int], tuple[int, float]]:
        """A function from the last token to the likeliest next one and the natural log of its probability."""
        mask = np.ones((1, audio.size), np.int64)
        hidden = self._encoder.run(None, {"input_values": audio[None], "attention_mask": mask})[0]
        # The decoder wants the mask in samples, as the encoder does, not in encoder frames.
        fixed = {"encoder_attention_mask": mask, "encoder_hidden_states": hidden}
        past = {name: np.zeros((1, _HEADS, 0, _HEAD_SIZE), np.float32) for name in self._past}
        begun = False

        def step(last: int) -> tuple[int, float]:
            nonlocal begun
            feed = {
                **fixed,
                **past,
                "input_ids": np.array([[last]], np.int64),
                "use_cache_branch": np.array([begun]),
            }
            out = dict(zip(self._outputs, self._decoder.run(None, feed), strict=True))
            for name in self._past:
                if not begun or ".decoder." in name:  # the encoder's half is made once, by the first call
                    past[name] = out[name.replace("past_key_values", "present")]
            begun = True
            logits = out["logits"][0, -1]
            best = int(logits.argmax())
            return best, -float(np.log(np.exp(logits - logits[best]).sum()))

        return step

    def _text(self, ids: list[int]) -> str:
        spelled = b"".join(self._tokens[i] for i in ids).replace("▁".encode(), b" ")
        joined = re.sub(rb"<0x([0-9A-F]{2})>", lambda match: bytes([int(match[1], 16)]), spelled)
        text = joined.decode("utf-8", "replace").strip()
        return re.sub(r"\b[oO](?=\d{3})", "0", text)  # the "oh" that begins a telephone number


def _without_runaway(ids: list[int]) -> list[int] | None:
    """`ids` with one copy of a phrase that fills their end more than seven times, or None when none does."""
    for size in range(1, _MAX_REPEATED_TOKENS + 1):
        length = size * (_MAX_REPEATS + 1)
        if len(ids) >= length and ids[-length:] == ids[-size:] * (_MAX_REPEATS + 1):
            return ids[: len(ids) - length + size]
    return None


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _read_tokens(path: Path) -> list[bytes]:
    """Length-prefixed byte strings; a length of 128 or more takes two bytes."""
    data = path.read_bytes()
    tokens: list[bytes] = []
    at = 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length += data[at] * 128 - 128
            at += 1
        tokens.append(data[at : at + length])
        at += length
    return tokens
