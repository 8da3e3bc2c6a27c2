"""How written text is read aloud: what hibari's own normalisation gets wrong, spelled out before it."""

import re
from collections.abc import Callable

_SYMBOL_WORDS = {".": " dot ", "/": " slash ", "@": " at ", "_": " underscore ", "-": " dash "}
_CURRENCY_WORDS = {"£": "pounds", "$": "dollars", "€": "euros"}
_PER = "second|minute|hour|day|week|month|year|quarter|user|seat|person|head|container|vehicle|call|mo|yr"
_SHORT_PER = {"mo": "month", "yr": "year"}


def _spell_address(match: re.Match[str]) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0])
    return "".join(_SYMBOL_WORDS.get(c, c) for c in bare)


def _spell_digits(match: re.Match[str]) -> str:
    """Digit by digit, with a comma as a breath at each gap."""
    digits = re.sub(r"\D+", ", ", match[0].lstrip("+")).strip(", ")
    spaced = re.sub(r"(?<=\d)(?=\d)", " ", digits)
    return ("plus " if match[0].startswith("+") else "") + spaced


def _money_range(match: re.Match[str]) -> str:
    thousand = " thousand" if match[4] else ""
    return f"{match[2]} to {match[3]}{thousand} {_CURRENCY_WORDS[match[1]]}"


_RULES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _spell_address),
    (re.compile(r"\b(?:https?://|www\.)[\w-]+(?:\.[\w-]+)+(?:/[\w-]+)*"), _spell_address),
    # A telephone number begins with 0 or + and has nine digits or more.
    (re.compile(r"(?<![\w.,])(?:\+\d|0)(?:[ -]?\d){8,14}(?!\w)"), _spell_digits),
    (re.compile(r"([£$€])(\d[\d,.]*)\s?(?:-|–|to)\s?[£$€]?(\d[\d,.]*\d|\d)([kK]?)\b"), _money_range),
    (re.compile(r"(?<=\d)[kK]?\s?[-–]\s?(\d+)[kK]\b"), r" to \1 thousand"),
    (re.compile(r"(?<=\d)[kK]\b"), " thousand"),
    (re.compile(r"(?<=\d)%\s?[-–]\s?(?=\d)"), "% to "),
    (re.compile(rf"\s?/\s?({_PER})s?\b"), lambda match: f" per {_SHORT_PER.get(match[1], match[1])}"),
    (
        re.compile(r"\b(24)/(7)\b|\b(50)/(50)\b"),
        lambda match: f"{match[1] or match[3]} {match[2] or match[4]}",
    ),
    (re.compile(r"\b[Ee]\.g\.,?"), "for example"),
    (re.compile(r"\b[Ii]\.e\.,?"), "that is"),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\bNo\. ?(?=\d)"), "number "),
]


def readable(text: str) -> str:
    """`text` with addresses, telephone numbers, sums, ranges and rates written as they are said."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return re.sub(r" {2,}", " ", text)
