"""To the owner: the agent is in the room."""

from datetime import datetime

from domain.call import AGENT_DISPLAY_NAME, Call, CallKind
from domain.people import User
from notifications.letter import Letter, Stationery
from notifications.times import zone_and_offset, zone_of


def letter(call: Call, owner: User, joined_at: datetime, link: str, stationery: Stationery) -> Letter:
    """`link` leads to the call's page."""
    zone = zone_of(owner.time_zone, call.time_zone)
    at = f"{joined_at.astimezone(zone):%H:%M} ({zone_and_offset(joined_at, zone)})"
    leads = call.kind is CallKind.DISCOVERY
    facts = {
        "agent": AGENT_DISPLAY_NAME,
        "title": call.title,
        "at": at,
        "with_whom": ", ".join(invitee.name for invitee in call.invitees) or "nobody yet",
        "does": "It leads the call; you can join at any time."
        if leads
        else "It listens and coaches, and does not speak.",
        "link": link,
    }
    return stationery.render("agent_joined", f"{AGENT_DISPLAY_NAME} has joined: {call.title}", facts)
