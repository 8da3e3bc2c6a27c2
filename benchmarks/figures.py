"""Figures over the reports of staged calls: who was heard right, how many words wrong, how long everything took."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Any

from parley.stage.script import Script

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
FILLERS = frozenset({"and", "um", "uh", "er", "erm", "hm", "hmm"})


def figures(scripts: Sequence[Script], reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One table over all reports together; delays in ms, from the end of speech (last sample above −40 dBFS)."""
    errors = said = right = segments = 0
    finals: list[int] = []
    late: list[int] = []
    for script, report in zip(scripts, reports, strict=True):
        heard: dict[int | None, list[str]] = {}
        for segment in report["segments"]:
            heard.setdefault(segment["turn"], []).append(segment["text"])
            segments += 1
            if segment["turn"] is not None:
                right += script.turns[segment["turn"]].speaker == segment["participant"]
            if "final_after_ms" in segment:
                finals.append(segment["final_after_ms"])
            if "end_late_ms" in segment:
                late.append(segment["end_late_ms"])
        for number, turn in script.human_turns():
            wanted = words(turn.text)
            errors += edits(wanted, words(" ".join(heard.get(number, []))))
            said += len(wanted)
    nudges = [nudge for report in reports for nudge in report["nudges"]]
    answers = [delay for report in reports for delay in report["timings_ms"]["answers"]]
    colleagues = {p.id for script in scripts for p in script.participants if p.is_colleague} | {"observer"}
    return {
        "calls": len(reports),
        "word_error": ratio(errors, said),
        "words": said,
        "right_speaker": ratio(right, segments),
        "segments": segments,
        "nudges": len(nudges),
        "nudges_seen_by_others": sum(bool(set(nudge["seen_by"]) - colleagues) for nudge in nudges),
        "final_after_ms": spread(finals),
        "segment_end_late_ms": spread(late),
        "nudge_after_turn_ms": spread([nudge["after_turn_ms"] for nudge in nudges if "after_turn_ms" in nudge]),
        "answer_ms": spread(answers),
        "dispatch_to_joined_ms": spread([report["timings_ms"]["dispatch_to_joined"] for report in reports]),
    }


def spread(values: Sequence[int]) -> dict[str, int]:
    ordered = sorted(values)
    if not ordered:
        return {"n": 0}
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"n": len(ordered), "p50": round(median(ordered)), "p95": p95, "min": ordered[0], "max": ordered[-1]}


def ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def words(text: str) -> list[str]:
    """Lower-case words without marks and fillers, figures spelled out: "12,000" equals "twelve thousand"."""
    text = text.lower().replace("%", " percent ").replace("$", " dollars ")
    text = re.sub(r"['’]", "", text).replace(",", "")
    found: list[str] = []
    for word in re.findall(r"[^\W_]+", text):
        if word.isdigit() and len(word) < 10:
            found += spelled(int(word))
        else:
            found.append("ok" if word == "okay" else word)
    return [word for word in found if word not in FILLERS]


def spelled(number: int) -> list[str]:
    """English words of 0 ≤ number < 10⁹, without "and"."""
    if number < 20:
        return [SMALL[number]]
    if number < 100:
        return [TENS[number // 10], *([SMALL[number % 10]] if number % 10 else [])]
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = spelled(number % size) if number % size else []
            return [*spelled(number // size), name, *rest]
    raise ValueError(number)


def edits(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for i, left in enumerate(wanted, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]
