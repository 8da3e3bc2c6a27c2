"""Words that nobody said: what Moonshine makes of noise, and how to tell."""

from providers.local.recognizer import Hearing

# Silence scored 0.31 to 0.33 and the worst real segment of 328 words 0.63.
_MIN_CONFIDENCE = 0.45

# The shortest "no" of the local voice has 384 ms of voiced frames; coughs and chairs have less than 250.
_MIN_VOICED_S = 0.25

# What the model falls back on when it hears a voice but no words; people hardly ever say them alone.
_FALLBACK_WORDS = frozenset({"you", "i", "the", "a", "to", "and", "it", "uh", "oh", "hmm", "mm"})
_SURE_CONFIDENCE = 0.8
_SURE_VOICED_S = 0.5


def is_phantom(hearing: Hearing, voiced_s: float) -> bool:
    """Whether `hearing`, from a segment with `voiced_s` seconds of voiced frames, is to be dropped."""
    word = "".join(c for c in hearing.text.lower() if c.isalnum())
    if not word or hearing.confidence < _MIN_CONFIDENCE or voiced_s < _MIN_VOICED_S:
        return True
    is_weak = hearing.confidence < _SURE_CONFIDENCE or voiced_s < _SURE_VOICED_S
    return word in _FALLBACK_WORDS and is_weak
