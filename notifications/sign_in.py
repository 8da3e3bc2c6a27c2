"""To one of us: the link that signs in, whether they asked for it or were invited."""

from dataclasses import dataclass
from datetime import datetime

from domain.people import User, UserRole
from notifications.letter import Letter, Stationery
from notifications.times import day_of, zone_of

AS_A = {UserRole.REP: "a rep", UserRole.MANAGER: "a manager", UserRole.ADMIN: "an admin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkByMail:
    user: User
    link: str  # whoever has it comes in as the user, once
    lasts_minutes: int
    expires_at: datetime
    time_zone: str  # the organization's, IANA


def letter(mail: LinkByMail, stationery: Stationery) -> Letter:
    """For somebody who asked for a link on the sign-in page."""
    facts = {
        "organization_name": mail.user.organization_name,
        "link": mail.link,
        "lasts_minutes": mail.lasts_minutes,
        "email": mail.user.email,
    }
    return stationery.render("sign_in", f"Your link to sign in to {mail.user.organization_name}", facts)


def invitation(mail: LinkByMail, stationery: Stationery) -> Letter:
    """For somebody who has been given an account and has not come yet."""
    user = mail.user
    facts = {
        "name": user.name,
        "organization_name": user.organization_name,
        "as_a": AS_A[user.role],
        "link": mail.link,
        "good_until": day_of(mail.expires_at.astimezone(zone_of(user.time_zone, mail.time_zone))),
        "email": user.email,
    }
    return stationery.render("invitation", f"{user.organization_name} invites you to Parley", facts)
