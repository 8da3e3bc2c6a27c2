"""Which topic a stretch of speech is about: one layer over sentence embeddings, trained on our own utterances.

The weights come from `python -m benchmarks.nudge_weights`, which says how.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "classifier.npz"

HARMLESS = "none"

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """`labels` are "kind/topic", kind "none" for harmless talk; there are t of them."""

    labels: tuple[str, ...]
    weights: Floats  # [d, t]
    bias: Floats  # [t]

    def probabilities(self, embeddings: Floats) -> Floats:
        """float32[n, t] for float32[n, d]; each row sums to 1."""
        scores = embeddings @ self.weights + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Floats = powers / powers.sum(axis=1, keepdims=True)
        return shares

    @property
    def is_harmless(self) -> NDArray[np.bool_]:
        """bool[t]: which labels are harmless talk."""
        return np.array([label.startswith(f"{HARMLESS}/") for label in self.labels])


def load() -> dict[str, Classifier]:
    """One for what a `prospect` says and one for what a `rep` says."""
    with np.load(FILE) as file:
        return {
            role: Classifier(
                labels=tuple(str(label) for label in file[f"{role}_labels"]),
                weights=file[f"{role}_weights"].astype(np.float32),
                bias=file[f"{role}_bias"].astype(np.float32),
            )
            for role in ("prospect", "rep")
        }
