"""What every mail about a call to one of its guests knows, and the facts that its template shares with the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.call import AGENT_DISPLAY_NAME, Call, CallKind, Invitee, Switches
from domain.notices import Said
from domain.people import User
from notifications import calendar
from notifications.times import both_spans, length_of, short_time, zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestMail:
    """The invitee must have an address."""

    call: Call
    invitee: Invitee
    owner: User
    said: Said  # what this mail says of the call, which may have changed since
    sequence: int  # of the guest's calendar event
    link: str  # personal: whoever has it comes in as the invitee
    manage_link: str  # theirs as well, with the secret after `#`
    written_at: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The reader's."""
        return zone_of(self.invitee.time_zone, self.call.time_zone)

    @property
    def host_zone(self) -> ZoneInfo:
        return zone_of(self.owner.time_zone, self.call.time_zone)

    @property
    def reply_to(self) -> tuple[str, str]:
        return self.owner.name, self.owner.email

    @property
    def short_when(self) -> str:
        """For a subject: "Mon 23 Nov, 08:00"."""
        return short_time(self.said.starts_at, self.zone)

    def when(self, said: Said) -> str:
        return both_spans(said.starts_at, said.duration_minutes, self.zone, self.host_zone)

    def facts(self) -> dict[str, Any]:
        page, _, secret = self.manage_link.partition("#")
        return {
            "invitee_name": self.invitee.name,
            "owner_name": self.said.owner_name,
            "organization_name": self.call.organization_name,
            "title": self.said.title,
            "when": self.when(self.said),
            "length": length_of(self.said.duration_minutes),
            "link": self.link,
            "manage_link": self.manage_link,
            "move_link": f"{page}?do=move#{secret}",
            "cancel_link": f"{page}?do=cancel#{secret}",
            "text_link": f"{page}?do=text#{secret}",
            "ai": who_takes_part(self.call),
            "consent": what_is_kept(self.call.switches),
        }

    def calendar_file(self, method: calendar.Method, reason: str = "") -> bytes:
        assert self.invitee.email is not None
        is_on = method is calendar.Method.REQUEST
        about = f"Join: {self.link}\n\n{who_takes_part(self.call)} {what_is_kept(self.call.switches)}"
        change = f"\n\nAnother time, cancel, or in writing: {self.manage_link}"
        booking = calendar.Booking(
            call_id=self.call.call_id,
            invitee_id=self.invitee.invitee_id,
            sequence=self.sequence,
            written_at=self.written_at,
            title=self.said.title,
            description=about + change if is_on else reason,
            starts_at=self.said.starts_at,
            duration_minutes=self.said.duration_minutes,
            zone=self.zone,
            link=self.link if is_on else None,
            organizer=self.reply_to,
            attendee=(self.invitee.name, self.invitee.email),
        )
        return calendar.file(booking, method)


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
