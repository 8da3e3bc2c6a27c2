"""To the owner: a guest has moved or cancelled the call by their link, or given up their place."""

from dataclasses import dataclass
from datetime import datetime

from domain.call import Call
from domain.notices import Said
from domain.people import User
from notifications.letter import Letter, Stationery
from notifications.times import both_spans, length_of, short_time, zone_of

SUBJECTS = {
    "moved": "{guest} has moved the call: {title}, {when}",
    "cancelled": "{guest} has cancelled the call: {title}",
    "left": "{guest} cannot come: {title}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    call: Call
    owner: User
    guest_name: str
    did: str  # moved, cancelled or left
    said: Said  # what is so now
    was_at: datetime
    reason: str  # in the guest's words; may be empty
    link: str  # of the call's page


def letter(change: Change, stationery: Stationery) -> Letter:
    said, zone = change.said, zone_of(change.owner.time_zone, change.call.time_zone)
    facts = {
        "guest_name": change.guest_name,
        "did": change.did,
        "title": said.title,
        "when": both_spans(said.starts_at, said.duration_minutes, zone, zone),
        "was": both_spans(change.was_at, said.duration_minutes, zone, zone),
        "length": length_of(said.duration_minutes),
        "reason": change.reason,
        "link": change.link,
    }
    when = short_time(said.starts_at, zone)
    subject = SUBJECTS[change.did].format(guest=change.guest_name, title=said.title, when=when)
    return stationery.render("changed_by_guest", subject, facts)
