"""What the buyer says is available. A price that was quoted, what they pay today or what the problem costs is none."""

import re
from collections.abc import Sequence

from domain.transcript import Segment
from intelligence.reviewing.amounts import Amount, amounts_in, currency_in, period_in
from intelligence.reviewing.evidence import BudgetDraft
from intelligence.reviewing.readable import told
from intelligence.reviewing.utterances import cut, is_buyer

SET_ASIDE = re.compile(
    r"\bbudget|(?:set|put|laid) (?:it |that |\w+ )?aside|earmarked|allocated"
    r"|in the (?:plan|pot|books)\b|planned (?:for|with|in)\b"
    r"|\bapproved\b|\b(?:can|could|would|to|'d|want to) (?:spend|invest|go (?:up )?to"
    r"|stretch to|find|afford|do up to)\b"
    r"|\bI'd (?:look at|go (?:up )?to|say)\b|\bstay (?:under|below|within)"
    r"|\bno more than\b|\bat (?:the )?most\b|\btops\b"
    r"|\bmax(?:imum)?\b|\b(?:ceiling|cap|limit)\b|\b(?:comfortable|okay|ok|fine) (?:with"
    r"|at|around)|\bhappy to (?:pay|spend)|\bthinking of (?:around|about|maybe|something)"
    r"|\bwe(?:'ve| have) got (?:about |around |maybe |roughly |up to )?(?=\S+(?: \S+){0,4} (?:thousand|hundred|k\b))",
    re.I,
)
"""Words of money that is there to be spent."""

ASKED = re.compile(
    r"\bbudget|set aside|put aside|\bspend\b|\binvest(?:ment)?\b|price range|stay (?:under"
    r"|below|within)|how much (?:were|are|would|do) you"
    r"|feel comfortable|(?:figure|number|amount|sum|range)\b[^?]*\bmind|afford\b",
    re.I,
)
"""A question whose answer may be a budget."""

NOT_AVAILABLE = re.compile(
    r"\b(?:couldn't|could not|can't|cannot|wouldn't|won't|not going to)\b[^.?!]{0,40}\b(?:do|pay|spend|afford|find)\b"
    r"|\b(?:costs?|costing|fine[sd]?|lost|lose|losing|charge[sd]?|charging|bill(?:ed)?"
    r"|invoice|penalt\w+|refund|turnover|revenue"
    r"|margin|rent|salary|storage)\b"
    r"|\bwe(?:'re)? (?:pay|paid|paying|spent|spend)\b|\b(?:pays?|paid) (?:\w+ )?(?:today"
    r"|now|currently|at the moment)\b"
    r"|\bover (?:fifty|\w+) thousand\b[^.]*\btender",
    re.I,
)
AT_MOST = re.compile(
    r"\btops\b|\bmost\b|\bup to\b|\bmax(?:imum)?\b|\bno more than\b|\bunder\b|\bbelow\b"
    r"|\bwithin\b|\bceiling\b|\bcap\b|\blimit\b|\babove (?:it|that)\b|in the plan",
    re.I,
)
AT_LEAST = re.compile(r"\bat least\b|\bminimum\b|\bfrom\b(?! the)|\bupwards\b", re.I)
STANDS_ALONE = re.compile(r"\s*(?:[,.;!?]|$|tops|max|at (?:the )?most|a (?:year|month)|in the|or so|for )", re.I)
"""After a bare number that stands for thousands: "twenty-five, tops"."""

LEAST_MONEY = 100
"""A smaller sum without a currency is more likely a count of something."""


def budget_of(segments: Sequence[Segment]) -> BudgetDraft | None:
    """The last one that was said: people correct each other, and the one who pays comes last."""
    found: BudgetDraft | None = None
    for number, segment in enumerate(segments):
        if not is_buyer(segment):
            continue
        was_asked = _was_asked(segments, number)
        for clause in cut(segment.text):
            if NOT_AVAILABLE.search(clause) and not re.search(r"\bbudget|aside|in the plan", clause, re.I):
                continue
            if not (SET_ASIDE.search(clause) or was_asked):
                continue
            amount = _sum_in(clause, segments, number)
            if amount:
                found = _draft(segment, number, clause, amount, segments)
    return found


def _was_asked(segments: Sequence[Segment], number: int) -> bool:
    """The last thing another side said before was a question about money that is there."""
    before = [segment for segment in segments[:number] if not is_buyer(segment)][-1:]
    return bool(before) and bool(ASKED.search(before[0].text)) and "?" in before[0].text


def _sum_in(clause: str, segments: Sequence[Segment], number: int) -> Amount | None:
    sums = [amount for amount in amounts_in(clause) if not amount.is_counted and amount.high > 0]
    if not sums:
        return None
    amount = max(sums, key=lambda found: (found.currency is not None, found.high))
    if amount.currency is None and amount.high < LEAST_MONEY:
        spoken = [
            other.high
            for segment in segments[max(0, number - 6) : number + 1]
            for other in amounts_in(segment.text)
            if other.high >= 1_000 and other.high % 1_000 == 0
        ]
        if not spoken or amount.high < 5 or not STANDS_ALONE.match(clause[amount.end :]):
            return None
        return Amount(  # "fifty thousand" … "no, twenty-five"
            low=amount.low * 1_000, high=amount.high * 1_000, currency=None, is_counted=False,
            start=amount.start, end=amount.end,
        )  # fmt: skip
    return amount


def _draft(segment: Segment, number: int, clause: str, amount: Amount, segments: Sequence[Segment]) -> BudgetDraft:
    nearest = [segment, *reversed(segments[:number]), *segments[number + 1 :]]
    currency = amount.currency or next((found for s in nearest if (found := currency_in(s.text))), None)
    is_single = amount.low == amount.high
    return BudgetDraft(
        text=told(clause),
        segment=number,
        quote=clause,
        amount_min=None if is_single and AT_MOST.search(clause) else round(amount.low),
        amount_max=None if is_single and AT_LEAST.search(clause) else round(amount.high),
        currency=currency,
        period=period_in(clause),
    )
