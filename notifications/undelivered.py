"""To the owner: a guest did not get a mail, in the words of the server that refused it."""

from dataclasses import dataclass

from domain.call import Call
from domain.email import EmailKind
from domain.people import User
from notifications.letter import Letter, Stationery
from notifications.times import both_spans, zone_of

MAILS = {
    EmailKind.INVITE: "the invitation",
    EmailKind.UPDATE: "the mail about the change",
    EmailKind.CANCEL: "the cancellation",
    EmailKind.REMINDER: "the reminder",
    EmailKind.NO_SHOW: "the mail after the missed call",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    call: Call
    owner: User
    guest_name: str
    guest_email: str
    kind: EmailKind  # of the mail that was refused
    reply: str  # why, in the words of a server or ours
    link: str  # of the call's page


def letter(mail: Undelivered, stationery: Stationery) -> Letter:
    zone, what = zone_of(mail.owner.time_zone, mail.call.time_zone), MAILS.get(mail.kind, "a mail")
    facts = {
        "guest_name": mail.guest_name,
        "guest_email": mail.guest_email,
        "what": what,
        "reply": mail.reply,
        "title": mail.call.title,
        "when": both_spans(mail.call.starts_at, mail.call.duration_minutes, zone, zone),
        "link": mail.link,
    }
    subject = f"{mail.guest_name} did not get {what}: {mail.call.title}"
    return stationery.render("undelivered", subject, facts)
