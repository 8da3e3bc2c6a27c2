"""Which topic a stretch of speech is about: one layer over its embedding and its words, trained on our own utterances.

The weights come from `python -m benchmarks.nudge_weights`, which says how.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intelligence.detectors.grams import grams_of

FILE = Path(__file__).parent / "classifier.npz"

HARMLESS = "none"

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """`labels` are "kind/topic", kind "none" for harmless talk; there are t of them."""

    labels: tuple[str, ...]
    weights: Floats  # [d, t], over embeddings
    gram_weights: Floats  # [g, t], over weighted grams
    rarity: Floats  # [g]: the log of how rare a gram is
    bias: Floats  # [t]

    def probabilities(self, embeddings: Floats, texts: list[str]) -> Floats:
        """float32[n, t] for n texts and their embeddings, float32[n, d]; each row sums to 1."""
        grams = weighted(grams_of(texts), self.rarity)
        scores = embeddings @ self.weights + grams @ self.gram_weights + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares

    @property
    def is_harmless(self) -> NDArray[np.bool_]:
        """bool[t]: which labels are harmless talk."""
        return np.array([label.startswith(f"{HARMLESS}/") for label in self.labels])


def weighted(grams: Floats, rarity: Floats) -> Floats:
    """float32[n, g]: rare grams count more, and each row has unit length."""
    rows: Floats = grams * rarity
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return rows


def load() -> dict[str, Classifier]:
    """One for what a `prospect` says and one for what a `rep` says."""
    with np.load(FILE) as file:
        return {
            role: Classifier(
                labels=tuple(str(label) for label in file[f"{role}_labels"]),
                weights=file[f"{role}_weights"].astype(np.float32),
                gram_weights=file[f"{role}_gram_weights"].astype(np.float32),
                rarity=file[f"{role}_rarity"].astype(np.float32),
                bias=file[f"{role}_bias"].astype(np.float32),
            )
            for role in ("prospect", "rep")
        }
