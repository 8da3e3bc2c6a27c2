"""Sentence embeddings: all-MiniLM-L6-v2 in numpy, no torch.

The process that uses it sets OPENBLAS_NUM_THREADS=1 before numpy is imported: BLAS threads that spin
double the CPU time of a sentence, and on a busy core they make it thirteen times slower.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from providers.local.model_files import verified

DIMENSIONS = 384

_LAYERS, _HEADS = 6, 12
_HEAD_SIZE = DIMENSIONS // _HEADS

# Source: sentence_bert_config.json of all-MiniLM-L6-v2: what is longer was not seen in training.
_MAX_TOKENS = 256

# Sentences whose tokens share one matrix product; more would only cost memory.
_BATCH = 32

_EPSILON = 1e-12

_DEEP = range(3, _LAYERS + 1)

DEEP_DIMENSIONS = DIMENSIONS * len(_DEEP)

Floats = npt.NDArray[np.float32]


class MiniLM:
    """Holds 91 MB of weights. Raises ModelFileBroken when constructed."""

    def __init__(self) -> None:
        self._weights = load_file(verified("minilm.weights"))
        self._tokenizer = Tokenizer.from_file(str(verified("minilm.tokens")))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)

    def embed(self, sentences: list[str]) -> Floats:
        """float32[n, 384] of unit length, one row a sentence; what follows its 256th token is ignored.

        The dot product of two rows is their similarity, -1 to 1. Blocks, for about 3 ms a sentence.
        """
        return self.embed_deep(sentences)[:, -DIMENSIONS:]

    def embed_deep(self, sentences: list[str]) -> Floats:
        """float32[n, 1536]: the means of layers 3 to 6, each of unit length; the last 384 are `embed`'s.

        The last layer knows what is talked about, those before it more of how it is said. Takes as long as `embed`.
        """
        batches = [self._embed(sentences[at : at + _BATCH]) for at in range(0, len(sentences), _BATCH)]
        return np.concatenate([np.zeros((0, DEEP_DIMENSIONS), np.float32), *batches])

    def _embed(self, sentences: list[str]) -> Floats:
        """Sentences one behind the other in one matrix: no padding; only attention keeps them apart."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(sentences)]
        bounds = list(pairwise(np.cumsum([0, *map(len, ids)]).tolist()))
        table = self._weights["embeddings.word_embeddings.weight"]
        positions = self._weights["embeddings.position_embeddings.weight"]
        kinds = self._weights["embeddings.token_type_embeddings.weight"]
        hidden = table[np.concatenate(ids)] + np.concatenate([positions[: len(i)] for i in ids]) + kinds[0]
        hidden = self._normalise(hidden, "embeddings.LayerNorm")
        layers = []
        for layer in range(_LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}", bounds)
            if layer + 1 in _DEEP:
                means = np.stack([hidden[begin:end].mean(axis=0) for begin, end in bounds])
                layers.append(means / np.linalg.norm(means, axis=1, keepdims=True))
        return np.concatenate(layers, axis=1)

    def _layer(self, hidden: Floats, name: str, bounds: list[tuple[int, int]]) -> Floats:
        query, key, value = (
            self._linear(hidden, f"{name}.attention.self.{part}").reshape(-1, _HEADS, _HEAD_SIZE)
            for part in ("query", "key", "value")
        )
        mixed = np.concatenate([_attend(query[b:e], key[b:e], value[b:e]) for b, e in bounds])
        hidden = self._normalise(
            hidden + self._linear(mixed, f"{name}.attention.output.dense"),
            f"{name}.attention.output.LayerNorm",
        )
        inner = _gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._normalise(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        product: Floats = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return product

    def _normalise(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        normal: Floats = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normal


def _attend(query: Floats, key: Floats, value: Floats) -> Floats:
    """Softmax attention of one sentence, each argument float32[tokens, 12, 32]; float32[tokens, 384]."""
    scores = query.transpose(1, 0, 2) @ key.transpose(1, 2, 0) / np.float32(np.sqrt(_HEAD_SIZE))
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    mixed: Floats = (weights @ value.transpose(1, 0, 2)).transpose(1, 0, 2).reshape(-1, DIMENSIONS)
    return mixed


def _gelu(x: Floats) -> Floats:
    """Source: Hendrycks and Gimpel 2016, the tanh approximation; embeddings differ by less than 1e-3."""
    cubic = x + np.float32(0.044715) * x * x * x  # numpy's x**3 takes four times the whole rest
    activated: Floats = np.float32(0.5) * x * (1 + np.tanh(np.float32(0.79788456) * cubic))
    return activated
