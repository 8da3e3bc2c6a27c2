"""Nobody of those invited came: to the owner, and to each guest."""

from domain.call import Call
from domain.people import User
from notifications.guest_mail import GuestMail
from notifications.letter import Letter, Stationery
from notifications.times import both_spans, zone_of


def to_owner(call: Call, owner: User, link: str, stationery: Stationery) -> Letter:
    """`link` leads to the call's page."""
    zone = zone_of(owner.time_zone, call.time_zone)
    facts = {
        "title": call.title,
        "when": both_spans(call.starts_at, call.duration_minutes, zone, zone),
        "with_whom": ", ".join(invitee.name for invitee in call.invitees) or "nobody",
        "link": link,
    }
    return stationery.render("no_show_owner", f"Nobody came: {call.title}", facts)


def to_guest(mail: GuestMail, stationery: Stationery) -> Letter:
    return stationery.render("no_show", f"Missed: {mail.said.title}", mail.facts(), reply_to=mail.reply_to)
