"""What somebody said as a short line for a reader: without fillers, in the third person."""

import re

from intelligence.reviewing.evidence import shortened

FILLERS = re.compile(
    r"(?:(?<=^)|(?<=[\s,]))(?:um+|uh+|erm?|hmm?|oh|ah|well|so|yeah|okay|ok|look|right"
    r"|honestly|actually|basically|literally"
    r"|you know|I mean|like|and|but|because|then)(?=,)\s*,\s*",
    re.I,
)
STUTTER = re.compile(r"\b([\w']+(?: \w+)?), \1\b", re.I)
HESITATION = re.compile(r",?(?:^|\s)(?:um+|uh+|erm?|hmm?)\b[,.]?|, like,", re.I)
LEADING = re.compile(
    r"^(?:(?:and|but|so|well|yeah|yes|no|okay|ok|oh|right|because|then|honestly|look"
    r"|listen|you know|I mean)\b[\s,.]+)+",
    re.I,
)
PERSONS = (
    (r"\b(?:I|we)'m\b", "they are"), (r"\bwe're\b", "they are"), (r"\b(?:I|we) am\b", "they are"),
    (r"\bI was\b", "they were"), (r"\bam I\b", "are they"), (r"\bwas I\b", "were they"),
    (r"\b(?:I|we)('ve|'d|'ll)\b", r"they\1"), (r"\b(?:my|our)self\b|\bourselves\b", "themselves"),
    (r"\b(?:I|we)\b", "they"), (r"\b(?:my|our)\b", "their"), (r"\b(?:mine|ours)\b", "theirs"),
    (r"\b(?:me|us)\b", "them"),
)  # fmt: skip
THIRD = tuple((re.compile(pattern, re.I), by) for pattern, by in PERSONS)


def told(clause: str) -> str:
    """At most 20 words, with a capital and no full stop; a question stays one, in quotation marks."""
    text = cleaned(clause)
    if text.endswith("?"):
        return shortened(f"Asks: “{text}”")
    for pattern, by in THIRD:
        text = pattern.sub(by, text)
    return shortened(capital(text.rstrip(".,;: ")))


def cleaned(clause: str) -> str:
    """Without hesitation and empty first words, as a sentence of the speaker's own."""
    text = re.sub(r"\s+", " ", clause).strip()
    text = HESITATION.sub(" ", text)
    text = STUTTER.sub(r"\1", text)
    for _ in range(3):
        text = FILLERS.sub("", text).strip(" ,")
    text = LEADING.sub("", text).strip(" ,")
    return capital(re.sub(r"\s+([,.?!])", r"\1", re.sub(r"\s+", " ", text)) or clause.strip())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
