"""A segment as sentences: the unit that is compared with prototypes."""

import re

END = re.compile(r"(?<=[.?!])\s+")
LEAST_WORDS = 3
"""Shorter sentences ("Yeah.", "Okay then.") say nothing on their own."""


def sentences_of(text: str) -> list[str]:
    """The sentences of three words or more, in order."""
    return [part for part in END.split(text.strip()) if len(part.split()) >= LEAST_WORDS]
