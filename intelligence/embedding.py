"""What is asked of a sentence model."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    def embed(self, sentences: list[str]) -> NDArray[np.float32]:
        """float32[n, d], each row of unit length, so that a dot product is the cosine."""
        ...


class DeepEmbedder(Protocol):
    def embed_deep(self, sentences: list[str]) -> NDArray[np.float32]:
        """float32[n, k·d]: k layers of the model, each of unit length; the middle ones tell how a thing is said."""
        ...
