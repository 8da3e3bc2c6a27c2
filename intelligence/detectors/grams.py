"""Which words and pairs of words a text has, hashed into a fixed number of places: what an embedding blurs."""

import re
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PLACES = 4096
"""Some share one; with 20,000 words and pairs in the training lines that costs nothing that was measured."""

WORD = re.compile(r"[a-z']+")
BEGIN, END = "<", ">"


def grams_of(texts: list[str]) -> NDArray[np.float32]:
    """float32[n, PLACES] of 0 and 1; without regard to case and punctuation."""
    found = np.zeros((len(texts), PLACES), np.float32)
    for row, text in enumerate(texts):
        words = [BEGIN, *WORD.findall(text.lower().replace("’", "'")), END]
        for gram in {*words, *(f"{a} {b}" for a, b in pairwise(words))}:
            found[row, zlib.crc32(gram.encode()) % PLACES] = 1.0
    return found
