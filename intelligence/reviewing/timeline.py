"""When the buyer decides, buys or goes live: a point in time that matters to them, weeks away, not in the past."""

import re
from collections.abc import Sequence

from domain.transcript import Segment
from intelligence.reviewing.evidence import ClaimDraft
from intelligence.reviewing.readable import told
from intelligence.reviewing.times import FAR, NEAR, PAST
from intelligence.reviewing.utterances import cut, is_buyer

MATTERS = re.compile(
    r"\b(?:live|running|go(?:es|ing)? live|roll(?:ed|ing)? (?:it )?out|switch|decide"
    r"|decision|sign|launch|open(?:s|ing)?|start(?:s|ing)?"
    r"|deadline|due|needs?|want(?:s|ed)?|must|have to|has to|committee|board|vote|leav(?:e"
    r"|es|ing)|retir\w+|renew\w*|expires?|runs out|ends?"
    r"|ready|done|finished|in place|bedded|trained|tender|move|moving|build(?:ing)?"
    r"|inspect\w+|audit|meets?|meeting|filing|go-live|before|by|until"
    r"|ideally|earliest|latest|could see|possible|maybe|perhaps|every|from|come|coming"
    r"|go(?:es)? (?:to|away|off|back)|more|grow\w*|trial|pilot|install(?:ed)?|replace)\b",
    re.I,
)
ASKED = re.compile(
    r"\bwhen\b|\bhow soon\b|\bby what (?:date|time)|\bdeadline|\btimeline|\btime ?frame"
    r"|\btiming\b|\bstart date|\bgo(?:ing)? live\b",
    re.I,
)
BARE = re.compile(r"^\w+,? (?:yes|yeah|right|exactly)\b", re.I)
""""November, yes.": agrees about a date, which may be one of the past."""

LEAST = 3


def timeline_of(segments: Sequence[Segment]) -> ClaimDraft | None:
    """The clause that says it best; the later of two that say it equally well."""
    best: tuple[int, ClaimDraft] | None = None
    for number, segment in enumerate(segments):
        if not is_buyer(segment):
            continue
        before = [other for other in segments[:number] if not is_buyer(other)][-1:]
        was_asked = bool(before) and "?" in before[0].text and bool(ASKED.search(before[0].text.split(".")[-1]))
        for clause in cut(segment.text):
            when = FAR.search(clause)
            if not when and was_asked:
                when = NEAR.search(clause)
            if not when or (not was_asked and BARE.match(clause)):
                continue
            points = (
                1
                + 2 * was_asked
                + 2 * bool(MATTERS.search(clause))
                - 3 * bool(PAST.search(clause if len(clause.split()) > 4 else segment.text))
            )
            points += bool(MATTERS.search(segment.text)) + bool(
                re.search(r"\b(?:want|need|have to|live|decid|sign)", clause, re.I)
            )
            if points >= LEAST and (best is None or points >= best[0]):
                best = points, ClaimDraft(text=told(clause), segment=number, quote=clause)
    return best[1] if best else None
