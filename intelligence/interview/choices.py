"""Which option of a choice or a rating somebody means, by its words or by a number that falls into it. For English."""

import re

from domain.question_set import Question
from intelligence.interview.forms import expected_of, forms_in
from intelligence.interview.judging import fits, names_option, words_of
from intelligence.reviewing.amounts import amounts_in

BELOW = re.compile(r"\b(?:under|below|less than|fewer than)\b|<")
UP_TO = re.compile(r"\b(?:up to|at most|no more than)\b")
ABOVE = re.compile(r"\b(?:over|above|more than)\b|>")
FROM = re.compile(r"\b(?:at least|or more|and more|and up)\b|\d\s*\+")
STOP = re.compile(r"[,.;:!?]|\bbut\b")
NOT = r"\b(?:not|no|isn't|rather than|instead of)\W+(?:\w+\W+){0,2}"
JUST_OVER = 1e-9


def is_clear_choice(question: Question, text: str) -> bool:
    """True when the words point to one of the options, or to a number on the scale."""
    if not question.options or names_option(question, text):
        return True
    return fits(question, forms_in(text)) if expected_of(question) else False


def chosen(question: Question, text: str) -> str | None:
    """The option that these words mean; None when they name none of them, or several."""
    named = [option for option in question.options if is_named(option, text)]
    within = [option for option in named if not any(is_part(option, other) for other in named)]
    if len(within) == 1:
        return within[0]
    for amount in amounts_in(text):
        for number in dict.fromkeys((amount.low, amount.high, (amount.low + amount.high) / 2)):
            holding = [option for option in question.options if holds(option, number)]
            if len(holding) == 1:
                return holding[0]
    return None


def is_named(option: str, text: str) -> bool:
    """Its words are said, and not behind a "not"; a bare number is found as one."""
    words = re.escape(" ".join(words_of(option)))
    if not words or words.isdigit():
        return False
    parts = [" ".join(words_of(part)) for part in STOP.split(text)]
    is_said = re.search(rf"\b{words}\b", " ".join(parts))
    return bool(is_said) and not any(re.search(rf"{NOT}{words}\b", part) for part in parts)


def is_part(option: str, other: str) -> bool:
    """Of "desk" and "desk and floor", both said, the longer one is meant."""
    return len(option) < len(other) and option.casefold() in other.casefold()


def holds(option: str, number: float) -> bool:
    """Whether a number lies in an option such as "under ten", "10–50", "more than fifty" or "7"."""
    lower = option.casefold()
    amounts = amounts_in(lower)
    if len(amounts) == 2:
        return min(amount.low for amount in amounts) <= number <= max(amount.high for amount in amounts)
    if len(amounts) != 1:
        return False
    low, high = amounts[0].low, amounts[0].high
    if BELOW.search(lower):
        return number < low
    if UP_TO.search(lower):
        return number <= high
    if FROM.search(lower):
        return number >= low
    if ABOVE.search(lower):
        return number > high
    return low - JUST_OVER <= number <= high + JUST_OVER
