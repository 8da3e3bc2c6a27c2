"""Sums of money in spoken English: "between ten and fifteen thousand pounds", "$4,500 a month", "twenty-five, tops"."""

import re
from dataclasses import dataclass

SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: number * 10 for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = {"thousand": 1_000, "grand": 1_000, "k": 1_000, "million": 1_000_000, "m": 1_000_000}
CURRENCIES = {
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "£": "GBP", "gbp": "GBP", "sterling": "GBP",
    "euro": "EUR", "euros": "EUR", "€": "EUR", "eur": "EUR",
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "$": "USD", "usd": "USD",
    "franc": "CHF", "francs": "CHF", "chf": "CHF",
}  # fmt: skip
PERIODS = (
    (re.compile(r"\b(?:a|per|each|every) month\b|\bmonthly\b", re.I), "month"),
    (re.compile(r"\b(?:a|per|each|every|first) year\b|\b(?:annual|year)ly\b|\bannum\b", re.I), "year"),
)
TOKEN = re.compile(r"[$€£]|\d+(?:[.,]\d+)*|[^\W\d_]+")
NOT_MONEY = frozenset(
    "percent per users user people seats licences licenses sites trucks vans vehicles drivers staff employees students "
    "years year months month weeks week days day hours hour minutes minute times branches shops stores offices rooms "
    "beds calls orders units points containers scanners machines of o'clock am pm st nd rd th".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    low: float  # equal to high when one number was said
    high: float
    currency: str | None
    is_counted: bool  # of things other than money: "forty people"
    start: int  # where it stands in the text
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    value: float
    scale: int  # what it was multiplied with at last: 1, 1,000 or 1,000,000
    first: int  # tokens
    last: int


def amounts_in(text: str) -> list[Amount]:
    """Every number or range of two numbers, in order."""
    tokens = list(TOKEN.finditer(text))
    words = [token.group().lower() for token in tokens]
    numbers = _numbers(words)
    found: list[Amount] = []
    at = 0
    while at < len(numbers):
        low = high = numbers[at]
        value = low.value
        if at + 1 < len(numbers) and _joins(words, low, numbers[at + 1], text, tokens):
            at += 1
            high = numbers[at]
            if low.scale == 1 < high.scale and low.value < high.value / high.scale * 2 and low.value < 1_000:
                value = low.value * high.scale  # "ten to fifteen thousand"
            elif words[high.last] == "hundred" and low.value < 10:
                value = low.value * 100  # "five or six hundred"
        before = words[low.first - 1] if low.first else ""
        after = words[high.last + 1] if high.last + 1 < len(words) else ""
        currency = CURRENCIES.get(before) or CURRENCIES.get(after)
        currency = currency or CURRENCIES.get(words[low.last + 1] if low.last + 1 < len(words) else "")
        found.append(
            Amount(
                low=min(value, high.value),
                high=max(value, high.value),
                currency=currency,
                is_counted=currency is None and after in NOT_MONEY and not _is_period(words, high.last + 1),
                start=tokens[low.first].start(),
                end=tokens[high.last].end(),
            )
        )
        at += 1
    return found


def period_in(text: str) -> str | None:
    return next((name for pattern, name in PERIODS if pattern.search(text)), None)


def currency_in(text: str) -> str | None:
    return next(
        (CURRENCIES[word] for word in (t.group().lower() for t in TOKEN.finditer(text)) if word in CURRENCIES), None
    )


def _is_period(words: list[str], at: int) -> bool:
    return words[at] == "per" and at + 1 < len(words) and words[at + 1] in ("month", "year")


def _joins(words: list[str], low: _Number, high: _Number, text: str, tokens: list[re.Match[str]]) -> bool:
    between = [word for word in words[low.last + 1 : high.first] if word not in CURRENCIES]
    if between == [] and high.first == low.last + 1:
        return bool(re.fullmatch(r"\s*[-–]\s*", text[tokens[low.last].end() : tokens[high.first].start()]))
    if between == ["and"]:
        return "between" in words[max(0, low.first - 3) : low.first]
    return between in (["to"], ["or"], ["or", "maybe"], ["maybe"], ["up", "to"])


def _numbers(words: list[str]) -> list[_Number]:
    found: list[_Number] = []
    at = 0
    while at < len(words):
        number = _number_at(words, at)
        if number is None:
            at += 1
        else:
            found.append(number)
            at = number.last + 1
    return found


def _number_at(words: list[str], first: int) -> _Number | None:
    """The longest number that begins at this word."""
    total, current, scale = 0.0, 0.0, 1
    at, last, room = first, -1, float("inf")
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        if word[0].isdigit() and last < 0:
            current, room, last = _digits(word), 0, at
        elif word in SMALL and (SMALL[word] < room) and room != 1:
            current, room, last = current + SMALL[word], 0, at
        elif word in TENS and TENS[word] < room:
            current, room, last = current + TENS[word], 10, at
        elif word in ("a", "an", "one") and following in ("hundred", "thousand", "million") and last < 0:
            current = 1
        elif word == "half" and following in ("a", "million") and last < 0 and "million" in words[at : at + 3]:
            at = words.index("million", at)
            return _Number(value=500_000, scale=1_000_000, first=first, last=at)
        elif word == "hundred" and 0 < current < 100:
            current, room, last = current * 100, 100, at
        elif word in SCALES and current > 0:
            total, current, scale, room, last = total + current * SCALES[word], 0, SCALES[word], 1_000, at
        elif (
            word == "and" and last == at - 1 and words[at - 1] in ("hundred", "thousand") and following in SMALL | TENS
        ):
            pass
        else:
            break
        at += 1
    return None if last < 0 else _Number(value=total + current, scale=scale, first=first, last=last)


def _digits(word: str) -> float:
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", word).replace(",", ".")
    try:
        return float(plain)
    except ValueError:  # 1.2.3: a version or a date
        return 0.0
