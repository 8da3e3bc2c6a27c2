"""Reminders, to a guest and to the owner. They name the time and no distance to it: mail may take a while."""

from domain.call import AGENT_DISPLAY_NAME, Call, CallKind
from domain.people import User
from notifications.guest_mail import GuestMail
from notifications.letter import Letter, Stationery
from notifications.times import both_spans, length_of, short_time, zone_of


def letter(mail: GuestMail, unsubscribe: str, stationery: Stationery) -> Letter:
    """`unsubscribe`: takes a POST, after which this address gets no reminders any more."""
    return stationery.render(
        "reminder",
        f"Reminder: {mail.said.title}, {mail.short_when}",
        mail.facts(),
        reply_to=mail.reply_to,
        unsubscribe=unsubscribe,
    )


def to_owner(call: Call, owner: User, link: str, stationery: Stationery) -> Letter:
    """`link` leads to the call's page."""
    zone = zone_of(owner.time_zone, call.time_zone)
    facts = {
        "title": call.title,
        "when": both_spans(call.starts_at, call.duration_minutes, zone, zone),
        "length": length_of(call.duration_minutes),
        "with_whom": ", ".join(invitee.name for invitee in call.invitees) or "nobody yet",
        "agent": AGENT_DISPLAY_NAME,
        "does": "leads the call" if call.kind is CallKind.DISCOVERY else "listens and coaches",
        "link": link,
    }
    subject = f"Reminder: {call.title}, {short_time(call.starts_at, zone)}"
    return stationery.render("reminder_owner", subject, facts)
