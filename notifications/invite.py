"""The invite: who, why, when in the invitee's own time, and their personal link."""

from notifications.calendar import Method
from notifications.guest_mail import GuestMail
from notifications.letter import Letter, Stationery


def letter(mail: GuestMail, stationery: Stationery) -> Letter:
    return stationery.render(
        "invite",
        f"Invitation: {mail.said.title}, {mail.short_when}",
        mail.facts(),
        calendar=mail.calendar_file(Method.REQUEST),
        reply_to=mail.reply_to,
    )
