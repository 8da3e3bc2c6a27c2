"""What people who sell ask about again and again: how it is asked, how it is answered, and what only sounds like it."""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "topics.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    topic: str
    spoken: str  # as it is called to people: "the budget"
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    others: tuple[str, ...]  # the same words or forms about something else


def load() -> tuple[Topic, ...]:
    """The topics of the packaged file, in its order."""
    return tuple(
        Topic(
            topic=entry["topic"],
            spoken=entry["spoken"],
            questions=tuple(entry["questions"]),
            answers=tuple(entry["answers"]),
            others=tuple(entry["others"]),
        )
        for entry in json.loads(FILE.read_text())
    )
