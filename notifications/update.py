"""What has changed since the guest was last written to: the time, the length, the title, the host."""

from domain.notices import Said
from notifications.calendar import Method
from notifications.guest_mail import GuestMail
from notifications.letter import Letter, Stationery


def letter(mail: GuestMail, before: Said, stationery: Stationery) -> Letter:
    """`before`: what the last mail that reached them said."""
    return stationery.render(
        "update",
        f"Changed: {mail.said.title}, {mail.short_when}",
        {**mail.facts(), "changes": changes(mail, before)},
        calendar=mail.calendar_file(Method.REQUEST),
        reply_to=mail.reply_to,
    )


def changes(mail: GuestMail, before: Said) -> list[str]:
    """Sentences; none when only something that nobody sees has changed."""
    now, found = mail.said, []
    if (now.starts_at, now.duration_minutes) != (before.starts_at, before.duration_minutes):
        found.append(f"It was planned for {mail.when(before)}.")
    if now.title != before.title:
        found.append(f"It was called “{before.title}” before.")
    if now.owner_id != before.owner_id:
        found.append(f"Your host is {now.owner_name}; it was {before.owner_name}.")
    return found
