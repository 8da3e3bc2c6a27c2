"""Turns of phrase that speak for a label or against it; the table is `cues.txt`."""

import re
from pathlib import Path

MOST_POINTS = 0.5
SHORT_WORDS = 4
SHORT_POINTS = -0.12
"""A clause of up to four words resembles everything a little."""


def read(path: Path) -> dict[str, tuple[tuple[re.Pattern[str], float], ...]]:
    """By label, the patterns and their points."""
    found: dict[str, list[tuple[str, float]]] = {}
    label = ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line.startswith(" "):
            pattern, points = found[label].pop()
            found[label].append((pattern + line.lstrip(), points))
        elif line and not line.startswith("#"):
            points_said, _, pattern = line.partition(" ")
            found.setdefault(label, []).append((pattern, float(points_said)))
    return {name: tuple((re.compile(text, re.I), points) for text, points in rows) for name, rows in found.items()}


CUES = read(Path(__file__).parent / "cues.txt")


def points(label: str, clause: str) -> float:
    """What its turns of phrase add to a clause's score for a label, at most half a point either way."""
    total = sum(points for pattern, points in CUES.get(label, ()) if pattern.search(clause))
    if len(clause.split()) <= SHORT_WORDS:
        total += SHORT_POINTS
    return max(-MOST_POINTS, min(MOST_POINTS, total))
