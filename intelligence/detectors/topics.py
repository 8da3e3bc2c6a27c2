"""What can be noticed, and what a rep is told then."""

import json
from dataclasses import dataclass
from pathlib import Path

from domain.nudge import NudgeKind
from domain.review import ObjectionType

FILE = Path(__file__).parent / "topics.json"

MOST_SLOT_WORDS = 6
"""Longer words are not put into a message: they stand in the quote beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    topic: str
    kind: NudgeKind
    urgency: int  # 0–3; 3 does not wait for anything
    title: str
    message: str  # at most 30 words with `{words}` filled in
    objection: ObjectionType | None

    def message_about(self, trigger: str) -> str:
        """The message with the words that set it off where they fit, else with "that"."""
        words = trigger.rstrip(".?!,;: ")
        fits = words and len(words.split()) <= MOST_SLOT_WORDS and "{" not in words
        return self.message.replace("{words}", f"“{words}”" if fits else "that")


def load() -> dict[str, Topic]:
    """By name, in the order of the packaged file."""
    return {
        entry["topic"]: Topic(
            topic=entry["topic"],
            kind=NudgeKind(entry["kind"]),
            urgency=entry["urgency"],
            title=entry["title"],
            message=entry["message"],
            objection=ObjectionType(entry["objection"]) if "objection" in entry else None,
        )
        for entry in json.loads(FILE.read_text())
    }
