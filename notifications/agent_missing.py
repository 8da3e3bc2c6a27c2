"""To the owner: people are in the room, and the agent cannot come."""

from domain.call import AGENT_DISPLAY_NAME, Call
from domain.people import User
from notifications.letter import Letter, Stationery
from notifications.times import both_spans, zone_of


def letter(call: Call, owner: User, link: str, stationery: Stationery) -> Letter:
    """`link` leads to the call's page."""
    zone = zone_of(owner.time_zone, call.time_zone)
    facts = {
        "agent": AGENT_DISPLAY_NAME,
        "title": call.title,
        "when": both_spans(call.starts_at, call.duration_minutes, zone, zone),
        "with_whom": ", ".join(invitee.name for invitee in call.invitees) or "nobody yet",
        "link": link,
    }
    return stationery.render("agent_missing", f"{AGENT_DISPLAY_NAME} cannot come: {call.title}", facts)
