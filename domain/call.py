"""The call: the encounter that everything else hangs on, and who may come in when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from domain.errors import CallBegun, CallEnded, CallNotOpen
from domain.ids import CallId, Identity, InviteeId, LeadId, OrganizationId, QuestionSetId, UserId


class CallKind(StrEnum):
    DISCOVERY = "discovery"
    ASSISTED = "assisted"
    VISIT = "visit"
    REHEARSAL = "rehearsal"


class CallStatus(StrEnum):
    SCHEDULED = "scheduled"
    PREPARED = "prepared"  # its room is there and its agent in it, before anybody came
    LIVE = "live"
    ENDED = "ended"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"  # nobody of those invited came


NOT_BEGUN = frozenset({CallStatus.SCHEDULED, CallStatus.PREPARED})
"""A call in one of these can be moved, changed and cancelled."""


class CalendarAnswer(StrEnum):
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


DOORS_OPEN_BEFORE = timedelta(minutes=15)
"""People may come in this long before the scheduled start."""

DOORS_CLOSE_AFTER = timedelta(hours=12)
"""A call that was never started expires this long after its scheduled start."""

AGENT_DISPLAY_NAME = "Nova"
"""How our AI is called on screen and how it introduces itself."""

MOST_PARTICIPANTS = 10
"""Humans in one room at most, and as long as nobody says less. Source: product.md row A."""

COLLEAGUE_ROLES = ("rep", "manager")
"""What a colleague can be in a room; an admin is a manager there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOwner:
    user_id: UserId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLead:
    lead_id: LeadId
    name: str
    company: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    invitee_id: InviteeId
    name: str
    email: str | None
    link_revision: int  # a new revision makes every older link of this invitee worthless
    time_zone: str | None = None  # IANA; None: not known, the call's is shown
    opened_at: datetime | None = None  # when the link was first opened in a browser
    joined_at: datetime | None = None  # when they were first let in
    prefers_text: bool = False  # they said so by their link
    calendar_answer: CalendarAnswer | None = None  # by mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What is done in a call; off is off for everybody in it, whatever they would agree to."""

    recording: bool = True
    transcript: bool = True  # off: nobody has an ear, so there is neither coaching nor a review
    coaching: bool = True
    sentiment: bool = True
    mail: bool = True

    @property
    def problem(self) -> str | None:
        """Why these do not go together, in words for people, or None."""
        if not self.transcript and (self.coaching or self.sentiment):
            return "Coaching and sentiment need the transcript."
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What one person agreed to. Without transcription they have no ear; without recording no track is written."""

    transcription: bool
    recording: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    call_id: CallId
    organization_id: OrganizationId
    organization_name: str
    title: str
    kind: CallKind
    status: CallStatus
    starts_at: datetime
    duration_minutes: int
    owner: CallOwner
    lead: CallLead | None
    question_set_id: QuestionSetId | None
    started_at: datetime | None  # when the agent began to listen
    ended_at: datetime | None
    staged_as_text: bool  # a scripted call whose clock is the script's own
    time_zone: str = "UTC"  # IANA, as it was booked
    switches: Switches = Switches()
    agent_dismissed_at: datetime | None = None  # somebody asked the agent to leave
    agent_missing_at: datetime | None = None  # its people were told that the agent cannot come
    revision: int = 0  # rises with everything its guests must learn; SEQUENCE of their calendar files
    most_participants: int = MOST_PARTICIPANTS  # humans
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None  # in the words of whoever cancelled; None: they gave none
    question_set_version: int | None = None  # fixed when its agent starts; None: not yet, or no set
    invitees: tuple[Invitee, ...]
    last_seq: int  # of the newest event

    @property
    def room(self) -> str:
        """Name of its LiveKit room; carries nothing about people."""
        return room_of(self.call_id)

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - DOORS_OPEN_BEFORE

    @property
    def ends_at(self) -> datetime:
        """As it was planned."""
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    def is_expired(self, now: datetime) -> bool:
        return self.status in NOT_BEGUN and now > self.starts_at + DOORS_CLOSE_AFTER

    def closed_reason(self, now: datetime) -> Literal["ended", "cancelled", "expired"] | None:
        """Why nobody may come in any more, or None. A call that nobody came to has expired."""
        if self.status is CallStatus.NO_SHOW:
            return "expired"
        if self.status is CallStatus.ENDED:
            return "ended"
        if self.status is CallStatus.CANCELLED:
            return "cancelled"
        return "expired" if self.is_expired(now) else None

    def is_early(self, now: datetime) -> bool:
        return self.status in NOT_BEGUN and now < self.opens_at

    def must_admit(self, now: datetime) -> None:
        """Raises CallEnded or CallNotOpen when nobody may come in at `now`."""
        self.must_not_be_over(now)
        if self.is_early(now):
            raise CallNotOpen(self.opens_at)

    def must_not_be_over(self, now: datetime) -> None:
        """Raises CallEnded when nobody may come in any more."""
        if reason := self.closed_reason(now):
            raise CallEnded(reason)

    def must_be_changeable(self) -> None:
        """Raises CallBegun when the call cannot be moved, changed or cancelled any more."""
        if self.status not in NOT_BEGUN:
            raise CallBegun(self.status.value)


def room_of(call_id: CallId) -> str:
    return f"call-{call_id}"


def prospect_identity(invitee_id: InviteeId) -> Identity:
    return Identity(f"prospect-{invitee_id}")


def colleague_identity(role: str, user_id: UserId) -> Identity:
    return Identity(f"{role}-{user_id}")


def colleague_identities(user_id: UserId) -> tuple[Identity, ...]:
    """All that one person may be known by: a role may have changed since they came in."""
    return tuple(colleague_identity(role, user_id) for role in COLLEAGUE_ROLES)


def colleague_of(identity: Identity) -> UserId | None:
    """Whose identity this is; None when it is no colleague's."""
    role, _, user_id = identity.partition("-")
    if role not in COLLEAGUE_ROLES:
        return None
    try:
        return UserId(UUID(user_id))
    except ValueError:
        return None


def agent_identity(call_id: CallId, epoch: int) -> Identity:
    """Each epoch has its own identity: a rejoin under an old one would end its own predecessor's job."""
    return Identity(f"agent-{call_id}-{epoch}")
