"""The review of a staged call in the field names of the labels, each claim with the turn its segment belongs to."""

from collections.abc import Mapping
from typing import Any

CLAIMS = (
    "pain_points", "buying_signals", "objections", "decision_makers", "next_steps", "upsells", "coaching_moments",
)  # fmt: skip


def review_reported(review: Mapping[str, Any], turn_of: Mapping[str, int | None]) -> dict[str, Any]:
    """`review` as the API gives it (`domain.review.Review`); `turn_of` by segment id. Source: shared/calls/README."""

    def with_turn(claim: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in claim.items() if k != "segment_id"} | {"turn": turn_of.get(claim["segment_id"])}

    return {
        "summary": list(review["summary"]),
        "qualification_status": review["qualification"],
        "qualification_reason": review["qualification_reason"],
        "lead_score": review["lead_score"],
        "score_reasons": [
            {"points": reason["points"], "text": reason["text"], "turn": turn_of.get(reason["segment_id"])}
            for reason in review["score_reasons"]
        ],
        **{name: [with_turn(claim) for claim in review[name]] for name in CLAIMS},
        "budget": with_turn(review["budget"]) if review["budget"] else None,
        "timeline": with_turn(review["timeline"]) if review["timeline"] else None,
        "competitors": [claim["text"] for claim in review["competitors"]],
        **({"sentiment": review["sentiment"]} if review["sentiment"] is not None else {}),
        "engagement_level": review["engagement"],
        "follow_up_priority": review["follow_up_priority"],
        "made_by": review["made_by"],
    }
