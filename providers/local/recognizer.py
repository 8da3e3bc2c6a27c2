"""Moonshine tiny-en on plain onnxruntime: int16 samples in, words and their probability out.

Moonshine's own library is not used: it leaks 1.7 MB a call and costs four times the CPU.
"""

import re
from collections.abc import Callable, Sequence
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
    tokens: tuple[int, ...] = ()


@cache
def shared_moonshine() -> "Moonshine":
    """The recognizer of this process: 45 MB of weights that all streams share. Raises ModelFileBroken."""
    return Moonshine()


class Moonshine:
    """Greedy decoding with a key-value cache, one thread a call; several threads may call at once.

    About 18 ms of CPU for a second of audio, and linear in its length; half of that with a good draft.
    """

    def __init__(self) -> None:
        self._encoder = _session(verified("moonshine.encoder"))
        self._decoder = _session(verified("moonshine.decoder"))
        self._tokens = _read_tokens(verified("moonshine.tokens"))
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._past = [i.name for i in self._decoder.get_inputs() if i.name.startswith("past_key_values")]

    def transcribe(
        self,
        samples: npt.NDArray[np.int16],
        cancelled: Callable[[], bool] = lambda: False,
        draft: Sequence[int] = (),
    ) -> Hearing:
        """The words in mono int16 samples at 16 kHz.

        `draft`, tokens of an earlier and shorter hearing of the same speech, makes it quicker: those that would have
        been found anyway are found at once. (On 156 turns word error was 7.5 % without and 7.6 % with one: the
        weights are quantized, so several tokens at once are not read exactly as one by one.) `cancelled` is asked
        before each token; once it is true the words found so far are returned.
        """
        audio = samples.astype(np.float32) / 32768.0
        if audio.size < _MIN_SAMPLES:
            audio = np.pad(audio, (0, _MIN_SAMPLES - audio.size))
        limit = int(audio.size / SAMPLE_RATE_HZ * _MAX_TOKENS_A_SECOND) + 2
        if cancelled():
            return Hearing("", 0.0)
        reading = _Reading(self._encoder, self._decoder, self._outputs, self._past, audio)
        draft = draft[: limit - 1]
        likeliest, certain = reading.read([_BEGIN, *draft])
        agreed = next((i for i, token in enumerate(draft) if token != likeliest[i]), len(draft))
        reading.keep(1 + agreed)
        ids, log_probabilities = list(draft[:agreed]), certain[: agreed + 1]
        token = likeliest[agreed]
        while token != _END:
            ids.append(token)
            if (kept := _without_runaway(ids)) is not None:
                ids = kept
                break
            if len(ids) >= limit or cancelled():
                break
            (token,), certain = reading.read([token])
            log_probabilities += certain
        return Hearing(self._text(ids), float(np.exp(np.mean(log_probabilities))), tuple(ids))

    def _text(self, ids: list[int]) -> str:
        spelled = b"".join(self._tokens[i] for i in ids).replace("▁".encode(), b" ")
        joined = re.sub(rb"<0x([0-9A-F]{2})>", lambda match: bytes([int(match[1], 16)]), spelled)
        text = joined.decode("utf-8", "replace").strip()
        return re.sub(r"\b[oO](?=\d{3})", "0", text)  # the "oh" that begins a telephone number


class _Reading:
    """One audio, read token by token; what was read stays in the decoder's cache."""

    def __init__(
        self,
        encoder: onnxruntime.InferenceSession,
        decoder: onnxruntime.InferenceSession,
        outputs: Sequence[str],
        past: Sequence[str],
        audio: npt.NDArray[np.float32],
    ) -> None:
        mask = np.ones((1, audio.size), np.int64)
        hidden = encoder.run(None, {"input_values": audio[None], "attention_mask": mask})[0]
        # The decoder wants the mask in samples, as the encoder does, not in encoder frames.
        self._fixed = {"encoder_attention_mask": mask, "encoder_hidden_states": hidden}
        self._decoder = decoder
        self._outputs = outputs
        self._past = {name: np.zeros((1, _HEADS, 0, _HEAD_SIZE), np.float32) for name in past}
        self._begun = False

    def read(self, tokens: Sequence[int]) -> tuple[list[int], list[float]]:
        """After each of `tokens` the likeliest next one, and the natural log of its probability.

        Several tokens at once are taken by the first call only.
        """
        ids = np.array([tokens], np.int64)
        feed = {**self._fixed, **self._past, "input_ids": ids, "use_cache_branch": np.array([self._begun])}
        out = dict(zip(self._outputs, self._decoder.run(None, feed), strict=True))
        for name in self._past:
            if not self._begun or ".decoder." in name:  # the encoder's half is made once, by the first call
                self._past[name] = out[name.replace("past_key_values", "present")]
        self._begun = True
        logits = out["logits"][0]
        best = logits.argmax(axis=-1)
        above = logits - np.take_along_axis(logits, best[:, None], axis=-1)
        return best.tolist(), (-np.log(np.exp(above).sum(axis=-1))).tolist()

    def keep(self, count: int) -> None:
        """Forgets what was read after the first `count` tokens."""
        for name in self._past:
            if ".decoder." in name:
                self._past[name] = self._past[name][:, :, :count]


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
