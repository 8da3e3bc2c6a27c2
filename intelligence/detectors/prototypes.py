"""Families of example utterances: what belongs together, what it means, and what a rep may be told then."""

import json
from dataclasses import dataclass
from pathlib import Path

from domain.insight import InsightKind
from domain.nudge import NudgeKind

FILE = Path(__file__).parent / "prototypes.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    nudge_kind: NudgeKind
    title: str
    message: str  # at most 30 words


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    topic: str
    insight_kind: InsightKind | None  # None: small talk and other harmless things, to be told apart from the rest
    advice: Advice | None  # None when there is no insight
    examples: tuple[str, ...]


def load() -> tuple[Family, ...]:
    """The families of the packaged file, in its order."""
    return tuple(
        Family(
            topic=entry["topic"],
            insight_kind=InsightKind(entry["insight"]) if entry["insight"] else None,
            advice=Advice(
                nudge_kind=NudgeKind(entry["nudge"]["kind"]),
                title=entry["nudge"]["title"],
                message=entry["nudge"]["message"],
            )
            if entry["nudge"]
            else None,
            examples=tuple(entry["examples"]),
        )
        for entry in json.loads(FILE.read_text())
    )
