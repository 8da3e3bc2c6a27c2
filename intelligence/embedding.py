"""What detectors ask of a sentence model."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    def embed(self, sentences: list[str]) -> NDArray[np.float32]:
        """float32[n, d], each row of unit length, so that a dot product is the cosine."""
        ...
