"""To the owner and the managers: what came of a call."""

from dataclasses import dataclass

from domain.call import Call
from domain.people import User
from domain.review import Review
from notifications.letter import Letter, Stationery
from notifications.times import day_of, span_of, zone_of

MOST_REASONS = 5
MOST_STEPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    call: Call
    reader: User
    review: Review
    score_before: int | None  # the lead's; None: no call of theirs had been reviewed, or there is no lead
    link: str  # of the call's page


def letter(summary: Summary, stationery: Stationery) -> Letter:
    call, review = summary.call, summary.review
    zone = zone_of(summary.reader.time_zone, call.time_zone)
    began = call.started_at or call.starts_at
    minutes = round((call.ended_at - began).total_seconds() / 60) if call.ended_at else call.duration_minutes
    status = review.qualification.value.replace("_", " ")
    who = f"{call.lead.name}, {call.lead.company}" if call.lead else call.title
    was = "" if summary.score_before is None else f" (was {summary.score_before})"
    facts = {
        "title": call.title,
        "headline": f"{who}: score {review.lead_score} of 100{was}, {status}.",
        "sentences": review.summary,
        "reasons": [f"{reason.points:+d} {reason.text}" for reason in review.score_reasons[:MOST_REASONS]],
        "steps": [
            f"{step.text} ({', '.join(part for part in (step.owner, step.due) if part)})"
            for step in review.next_steps[:MOST_STEPS]
        ],
        "when": f"{day_of(began.astimezone(zone))}, {span_of(began, max(minutes, 1), zone)}",
        "owner_name": call.owner.name,
        "made_by": review.made_by,
        "link": summary.link,
    }
    return stationery.render("summary", f"Summary: {call.title}, score {review.lead_score}, {status}", facts)
