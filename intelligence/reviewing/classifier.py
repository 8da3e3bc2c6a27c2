"""Which labels a sentence carries, learnt from example sentences when constructed, by kernel ridge regression.

A few hundred examples and 384 dimensions leave nothing to iterate over, so there is neither a weights file nor a seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intelligence.embedding import Embedder

Floats = npt.NDArray[np.float64]

SHARPNESS = 2.0
"""Of the kernel exp(SHARPNESS·(cosine − 1)·2): how fast an example's influence falls with distance."""

RIDGE = 0.3
"""Source for both: leave-one-out error over our own examples, flat around these values (benchmarks/review.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    text: str
    labels: frozenset[str]


def read(path: Path) -> tuple[Example, ...]:
    """Lines below a heading `[label label:detail]`; `#` is a remark. `[-]` has no label; `a:b` counts as `a` too."""
    found: list[Example] = []
    labels: frozenset[str] = frozenset()
    for line in path.read_text().splitlines():
        if line.startswith("["):
            names = line.strip("[]").split()
            labels = frozenset(names) - {"-"} | {name.partition(":")[0] for name in names if ":" in name}
        elif line and not line.startswith("#"):
            found.append(Example(text=line, labels=labels))
    return tuple(found)


class Classifier:
    """Holds the embedded examples; construction takes about 3 ms an example."""

    def __init__(self, examples: Sequence[Example], embedder: Embedder) -> None:
        self.labels = tuple(sorted({label for example in examples for label in example.labels}))
        self._examples = embedder.embed([plain(example.text) for example in examples]).astype(np.float64)
        similarities = kernel(self._examples, self._examples)
        self._weights = np.empty((len(examples), len(self.labels)))
        for column, label in enumerate(self.labels):
            wanted = np.array([1.0 if label in example.labels else -1.0 for example in examples])
            share = (wanted > 0).mean()
            weight = np.where(wanted > 0, 0.5 / share, 0.5 / (1 - share))  # both sides count alike
            self._weights[:, column] = np.linalg.solve(similarities + RIDGE * np.diag(1 / weight), wanted)

    def scores(self, embedded: npt.NDArray[np.float32]) -> Floats:
        """float64[n, labels], about −1…1; above 0 the sentence is nearer to the examples that carry the label."""
        result: Floats = kernel(embedded.astype(np.float64), self._examples) @ self._weights
        return result


def kernel(left: Floats, right: Floats) -> Floats:
    result: Floats = np.exp(2 * SHARPNESS * (left @ right.T - 1))
    return result


def plain(text: str) -> str:
    """Lower case without marks: speech models are not to be trusted with either."""
    return " ".join(word.strip('.,;:!?…"“”()').lower() for word in text.split())
