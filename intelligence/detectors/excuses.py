"""Why something that was noticed need not be told: what was said before it makes it right."""

from collections.abc import Sequence

from domain.insight import Insight
from domain.transcript import ParticipantRole
from intelligence.window import Heard

MONEY_TOPICS = frozenset({"price", "fairness", "ask_price", "terms", "budget_ceiling", "churn_threat"})
ABOUT_MONEY = frozenset({"price_defence", "unasked_discount"})
CLOSING = frozenset({"closing_condition", "asks_addon"})
RECENT_SEGMENTS = 8


def excuse_for(insight: Insight, heard: Sequence[Heard]) -> str | None:
    """In words for a log, or None."""
    recent = [
        before
        for past in heard[-RECENT_SEGMENTS:]
        if past.segment.role is ParticipantRole.PROSPECT
        for before in past.insights
    ]
    if insight.topic in ABOUT_MONEY and any(before.topic in MONEY_TOPICS for before in recent):
        return "they had brought up the price themselves"
    if insight.topic == "pushing" and any(before.topic in CLOSING for before in recent):
        return "they had offered to go ahead"
    return None
