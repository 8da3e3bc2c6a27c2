"""To a guest: the call is cancelled, or goes on without them. The calendar file takes it out of their calendar."""

from notifications.calendar import Method
from notifications.guest_mail import GuestMail
from notifications.letter import Letter, Stationery


def letter(mail: GuestMail, reason: str, *, is_call: bool, stationery: Stationery) -> Letter:
    """`reason`: in the words of whoever cancelled, may be empty. `is_call`: for all, not only for this guest."""
    return stationery.render(
        "cancel",
        f"Cancelled: {mail.said.title}, {mail.short_when}",
        {**mail.facts(), "reason": reason, "is_call": is_call},
        calendar=mail.calendar_file(Method.CANCEL, reason),
        method=Method.CANCEL,
        reply_to=mail.reply_to,
    )
