"""Who must learn what about a call, by when, and until when it is worth sending. Each notice becomes one mail."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from domain.call import NOT_BEGUN, Call, CallStatus, Invitee
from domain.email import EmailKind
from domain.people import User, UserStatus

GUEST_LEADS_MINUTES = (24 * 60, 15)
"""How long before the start guests are reminded. Source: product.md row B."""

OWNER_LEADS_MINUTES = (15,)

QUIET = {24 * 60: timedelta(hours=12), 15: timedelta(minutes=15)}
"""By lead in minutes: whoever was told of the call less than this before needs no such reminder."""

WORTH_SENDING = timedelta(days=3)
"""What has no end of its own is not tried for longer."""

SHORTEST_TRY = timedelta(hours=1)
"""An invite to a call that runs over its time is still tried for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """To an invitee or to one of us, never both. One mail for each call, kind, recipient, revision and lead."""

    kind: EmailKind
    invitee: Invitee | None
    user: User | None
    revision: int  # of the call; for calendars the SEQUENCE of the event
    lead_minutes: int  # of a reminder: so long before the start; 0 otherwise
    due_at: datetime
    expires_at: datetime
    facts: dict[str, Any]  # JSON: what is not to be found elsewhere any more when the mail is made


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What guests learn of a call. When it changes they are written to."""

    title: str
    starts_at: datetime
    duration_minutes: int
    owner_id: str
    owner_name: str = field(compare=False)  # a new name is no news

    @classmethod
    def of(cls, call: Call) -> "Said":
        return cls(
            title=call.title,
            starts_at=call.starts_at,
            duration_minutes=call.duration_minutes,
            owner_id=str(call.owner.user_id),
            owner_name=call.owner.name,
        )

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Said":
        """From the facts of a notice. Raises KeyError when they do not say it."""
        known = {name: facts[name] for name in ("title", "duration_minutes", "owner_id", "owner_name")}
        return cls(starts_at=datetime.fromisoformat(facts["starts_at"]), **known)

    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "starts_at": self.starts_at.astimezone(UTC).isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who would be written to, for people to read before anything is sent."""

    notice: EmailKind
    name: str
    email: str
    why: Literal["invitee", "owner", "manager"]


def notices(before: Call | None, after: Call, owner: User, now: datetime) -> list[Notice]:
    """All that becomes due by this change, reminders included. `before` is None: it was booked. `owner`: of `after`."""
    if not after.switches.mail:
        return []
    if before is not None and not before.switches.mail:
        before = None  # nobody has been told of it yet
    if after.status is CallStatus.CANCELLED:
        whole = {**_said(after), "reason": after.cancel_reason or "", "is_call": True}
        is_news = before is not None and before.status is not CallStatus.CANCELLED
        return [_cancel(guest, after.revision, now, whole) for guest in _guests(after)] if is_news else []
    if after.status not in NOT_BEGUN | {CallStatus.LIVE}:
        return []
    known = {guest.invitee_id for guest in _guests(before)} if before else set()
    has_changed = before is not None and Said.of(before) != Said.of(after)
    made = [
        notice
        for guest in _guests(after)
        if has_changed or guest.invitee_id not in known
        for notice in _to_guest(guest, after, now, is_new=guest.invitee_id not in known)
    ]
    if (before is None or has_changed) and owner.status is not UserStatus.DISABLED:
        told_at = now if before is None else None
        made += _reminders(after, OWNER_LEADS_MINUTES, now, told_at, user=owner)
    if before is not None:
        left = known - {guest.invitee_id for guest in after.invitees}
        above = max(after.revision, before.revision + 1)  # all that they were sent
        over = {**_said(before, above), "reason": "", "is_call": False}
        made += [_cancel(guest, above, now, over) for guest in _guests(before) if guest.invitee_id in left]
    return made


def changed_by_guest(
    before: Call, after: Call, owner: User, guest: Invitee, now: datetime, reason: str = ""
) -> list[Notice]:
    """To the owner: that a guest has moved or cancelled the call by their link, or given up their own place."""
    has_left = guest.invitee_id not in {there.invitee_id for there in after.invitees}
    did = "cancelled" if after.status is CallStatus.CANCELLED else "left" if has_left else "moved"
    facts = {
        **_said(after),
        "guest_name": guest.name,
        "did": did,
        "was_at": before.starts_at.isoformat(),
        "reason": reason,
    }
    return _to_owner(EmailKind.CHANGED_BY_GUEST, after, owner, now, facts)


def agent_missing(call: Call, owner: User, now: datetime) -> list[Notice]:
    """To the owner: people are there, and the agent cannot come."""
    return _to_owner(EmailKind.AGENT_MISSING, call, owner, now, {})


def no_show(call: Call, owner: User, now: datetime) -> list[Notice]:
    """To the owner and the guests: nobody of those invited came."""
    if not call.switches.mail:
        return []
    told = [
        _notice(EmailKind.NO_SHOW, call.revision, now, now + WORTH_SENDING, _said(call), invitee=guest)
        for guest in _guests(call)
    ]
    return _to_owner(EmailKind.NO_SHOW, call, owner, now, {}) + told


def recipients(call: Call, owner: User, answering: Sequence[User]) -> list[Recipient]:
    """Who is written to about a call that goes its usual way. `answering`: those who answer for the owner."""
    if not call.switches.mail:
        return []
    guests = [
        Recipient(notice=kind, name=guest.name, email=guest.email or "", why="invitee")
        for guest in _guests(call)
        for kind in (EmailKind.INVITE, EmailKind.REMINDER)
    ]
    to_owner = (EmailKind.REMINDER, EmailKind.AGENT_JOINED, EmailKind.SUMMARY)
    own = [Recipient(notice=kind, name=owner.name, email=owner.email, why="owner") for kind in to_owner]
    managers = [
        Recipient(notice=EmailKind.SUMMARY, name=user.name, email=user.email, why="manager")
        for user in answering
        if user.user_id != owner.user_id and user.status is not UserStatus.DISABLED
    ]
    return guests + (own if owner.status is not UserStatus.DISABLED else []) + managers


def _said(call: Call, sequence: int | None = None) -> dict[str, Any]:
    return {**Said.of(call).facts(), "sequence": call.revision if sequence is None else sequence}


def _guests(call: Call) -> list[Invitee]:
    return [invitee for invitee in call.invitees if invitee.email]


def _to_guest(guest: Invitee, call: Call, now: datetime, *, is_new: bool) -> list[Notice]:
    kind = EmailKind.INVITE if is_new else EmailKind.UPDATE
    until = max(call.ends_at, now + SHORTEST_TRY)
    news = _notice(kind, call.revision, now, until, _said(call), invitee=guest)
    return [news, *_reminders(call, GUEST_LEADS_MINUTES, now, now, invitee=guest)]


def _reminders(
    call: Call, leads: tuple[int, ...], now: datetime, told_at: datetime | None, **to: Invitee | User
) -> list[Notice]:
    """`told_at`: when they learned of the call as it is now. Each is worth sending until the next one is due."""
    made = []
    for lead, next_lead in zip(leads, (*leads[1:], 0), strict=True):
        due_at = call.starts_at - timedelta(minutes=lead)
        if due_at <= now or (told_at is not None and due_at - told_at < QUIET[lead]):
            continue
        until = call.starts_at - timedelta(minutes=next_lead)
        facts = _said(call)
        made.append(_notice(EmailKind.REMINDER, call.revision, due_at, until, facts, lead_minutes=lead, **to))
    return made


def _cancel(guest: Invitee, revision: int, now: datetime, facts: dict[str, Any]) -> Notice:
    known = {**facts, "time_zone": guest.time_zone}  # somebody who was removed is not there any more
    return _notice(EmailKind.CANCEL, revision, now, now + WORTH_SENDING, known, invitee=guest)


def _to_owner(kind: EmailKind, call: Call, owner: User, now: datetime, facts: dict[str, Any]) -> list[Notice]:
    if not call.switches.mail or owner.status is UserStatus.DISABLED:
        return []
    return [_notice(kind, call.revision, now, now + WORTH_SENDING, facts, user=owner)]


def _notice(
    kind: EmailKind, revision: int, due_at: datetime, expires_at: datetime, facts: dict[str, Any], **to: Any
) -> Notice:
    """`to`: an invitee or a user, and the lead of a reminder."""
    whom = {"invitee": None, "user": None, "lead_minutes": 0, **to}
    return Notice(kind=kind, revision=revision, due_at=due_at, expires_at=expires_at, facts=facts, **whom)
