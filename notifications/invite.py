"""The invite: who, why, when in the invitee's own time, and their personal link."""

from dataclasses import dataclass
from datetime import datetime

from domain.call import AGENT_DISPLAY_NAME, Call, CallKind, Invitee, Switches
from domain.people import User
from notifications import calendar
from notifications.letter import Letter, Stationery
from notifications.times import both_spans, length_of, zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    call: Call
    invitee: Invitee
    owner: User
    link: str  # personal: whoever has it comes in as the invitee
    booked_at: datetime


def letter(invite: Invite, stationery: Stationery) -> Letter:
    """The invitee must have an address."""
    call, invitee = invite.call, invite.invitee
    assert invitee.email is not None
    reader, host = zone_of(invitee.time_zone, call.time_zone), zone_of(call.time_zone)
    local = call.starts_at.astimezone(reader)
    when = both_spans(call.starts_at, call.duration_minutes, reader, host)
    facts = {
        "invitee_name": invitee.name,
        "owner_name": invite.owner.name,
        "organization_name": call.organization_name,
        "title": call.title,
        "when": when,
        "length": length_of(call.duration_minutes),
        "link": invite.link,
        "ai": who_takes_part(call),
        "consent": what_is_kept(call.switches),
    }
    booking = calendar.Booking(
        call_id=call.call_id,
        invitee_id=invitee.invitee_id,
        title=call.title,
        description=f"Join: {invite.link}\n\n{facts['ai']} {facts['consent']}",
        starts_at=call.starts_at,
        duration_minutes=call.duration_minutes,
        zone=reader,
        link=invite.link,
        organizer=(invite.owner.name, invite.owner.email),
        attendee=(invitee.name, invitee.email),
        booked_at=invite.booked_at,
    )
    return stationery.render(
        "invite",
        f"Invitation: {call.title}, {local:%a} {local.day} {local:%b}, {local:%H:%M}",
        facts,
        calendar=calendar.request(booking),
        reply_to=(invite.owner.name, invite.owner.email),
    )


def who_takes_part(call: Call) -> str:
    does = "leads the call" if call.kind is CallKind.DISCOVERY else "listens and helps your host"
    return f"An AI assistant, {AGENT_DISPLAY_NAME}, takes part and {does}."


def what_is_kept(switches: Switches) -> str:
    """What the join page will ask, said beforehand."""
    match switches.transcript, switches.recording:
        case True, True:
            return "What you say is transcribed and recorded only if you agree; you are asked before you join."
        case True, False:
            return "What you say is transcribed only if you agree; nothing is recorded."
        case False, True:
            return "You are recorded only if you agree; nothing is transcribed."
    return "Nothing is transcribed or recorded."
