"""A mail about a call, made of what its notice said and what the database knows, if it still has a reason.

Mail about a change says what its notice said, so that one Message-ID always stands for the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from db.reviews import ReviewRecord
from domain.call import NOT_BEGUN, Call, CallStatus, Invitee
from domain.email import Email, EmailKind, EmailStatus
from domain.links import Link, Links
from domain.notices import Said
from domain.people import User
from notifications import (
    agent_joined,
    agent_missing,
    cancel,
    changed_by_guest,
    invite,
    no_show,
    reminder,
    summary,
    undelivered,
    update,
)
from notifications.guest_mail import GuestMail
from notifications.letter import Letter, Stationery
from notifications.smtp import NotSent

INVITING = (EmailKind.INVITE, EmailKind.UPDATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A mail about a call, and what the database knows when it is made."""

    email: Email
    call: Call
    owner: User
    reader: User | None  # None: it is to a guest
    record: ReviewRecord | None
    heard: Said | None  # what the last invite or update that reached this guest said

    @property
    def said(self) -> Said:
        """What the notice said; of one without facts, what is so now."""
        return Said.read(self.email.facts) if "title" in self.email.facts else Said.of(self.call)

    @property
    def guest(self) -> Invitee | None:
        """None: they were removed, or it is to one of us."""
        return next((there for there in self.call.invitees if there.invitee_id == self.email.invitee_id), None)


class Composer:
    def __init__(self, stationery: Stationery, links: Links, public_url: str) -> None:
        self._stationery = stationery
        self._links = links
        self._public_url = public_url.rstrip("/")

    def letter(self, about: About) -> Letter:
        """Raises NotSent when there is no reason any more to send it."""
        if not about.call.switches.mail:
            raise NotSent("Mail was switched off for the call before this one could be sent.", may_work_later=False)
        return self._to_user(about, about.reader) if about.reader else self._to_guest(about)

    def _to_guest(self, about: About) -> Letter:
        kind, call, facts = about.email.kind, about.call, about.email.facts
        if kind is EmailKind.CANCEL:
            mail = self._guest_mail(about, about.guest or removed(about.email))
            is_call = facts.get("is_call", call.status is CallStatus.CANCELLED)
            return cancel.letter(mail, facts.get("reason", ""), is_call=is_call, stationery=self._stationery)
        if about.guest is None:
            raise NotSent("The invitee is no longer there.", may_work_later=False)
        mail = self._guest_mail(about, about.guest)
        if kind is EmailKind.NO_SHOW:
            return no_show.to_guest(mail, self._stationery)
        must_lie_ahead(call)
        if kind is EmailKind.REMINDER:
            must_be_current(about)
            secret = mail.link.partition("#")[2]
            unsubscribe = f"{self._public_url}/api/v1/joins/unsubscriptions?link={secret}"
            return reminder.letter(mail, unsubscribe, self._stationery)
        if about.heard is None or about.heard == mail.said:
            return invite.letter(mail, self._stationery)
        return update.letter(mail, about.heard, self._stationery)

    def _guest_mail(self, about: About, guest: Invitee) -> GuestMail:
        link = Link(call_id=about.call.call_id, invitee_id=guest.invitee_id, revision=guest.link_revision)
        return GuestMail(
            call=about.call,
            invitee=replace(guest, name=about.email.to_name, email=about.email.to_email),
            owner=about.owner,
            said=about.said,
            sequence=about.email.facts.get("sequence", about.email.revision),
            link=self._links.address(link),
            manage_link=f"{self._public_url}/manage#{self._links.secret_of(link)}",
            written_at=about.email.created_at,
        )

    def _to_user(self, about: About, reader: User) -> Letter:
        email, call, owner = about.email, about.call, about.owner
        page = f"{self._public_url}/calls/{call.call_id}"
        match email.kind:
            case EmailKind.REMINDER:
                must_lie_ahead(call)
                must_be_current(about)
                return reminder.to_owner(call, owner, page, self._stationery)
            case EmailKind.AGENT_JOINED:
                return agent_joined.letter(call, reader, email.created_at, page, self._stationery)
            case EmailKind.AGENT_MISSING:
                return agent_missing.letter(call, owner, page, self._stationery)
            case EmailKind.NO_SHOW:
                return no_show.to_owner(call, owner, page, self._stationery)
            case EmailKind.CHANGED_BY_GUEST:
                return changed_by_guest.letter(change_in(about, page), self._stationery)
            case EmailKind.UNDELIVERED:
                return undelivered.letter(refused(about, reader, page), self._stationery)
        if about.record is None or about.record.review is None:
            raise NotSent("The review is no longer there.", may_work_later=False)
        was = about.record.lead.score_before
        made = summary.Summary(call=call, reader=reader, review=about.record.review, score_before=was, link=page)
        return summary.letter(made, self._stationery)


def last_heard(email: Email, earlier: Sequence[Email]) -> Said | None:
    """What this guest knows of the call. None: no invite has reached them. An ambiguous one may have."""
    reached = [
        other
        for other in earlier
        if other.invitee_id == email.invitee_id
        and other.kind in INVITING
        and other.revision < email.revision
        and (other.status is EmailStatus.SENT or other.ambiguous_ends > 0)
        and "title" in other.facts
    ]
    return Said.read(max(reached, key=lambda other: other.revision).facts) if reached else None


def change_in(about: About, page: str) -> changed_by_guest.Change:
    facts = about.email.facts
    return changed_by_guest.Change(
        call=about.call,
        owner=about.owner,
        guest_name=facts["guest_name"],
        did=facts["did"],
        said=about.said,
        was_at=datetime.fromisoformat(facts["was_at"]),
        reason=facts["reason"],
        link=page,
    )


def refused(about: About, reader: User, page: str) -> undelivered.Undelivered:
    facts = about.email.facts
    return undelivered.Undelivered(
        call=about.call,
        owner=reader,
        guest_name=facts["guest_name"],
        guest_email=facts["guest_email"],
        kind=EmailKind(facts["kind"]),
        reply=facts["reply"],
        link=page,
    )


def removed(email: Email) -> Invitee:
    """Somebody who is no longer invited, as the notice had them; no link of theirs is good any more."""
    assert email.invitee_id is not None
    zone = email.facts.get("time_zone")
    return Invitee(
        invitee_id=email.invitee_id, name=email.to_name, email=email.to_email, link_revision=0, time_zone=zone
    )


def must_lie_ahead(call: Call) -> None:
    """Raises NotSent when the call is over: nobody needs a link to that any more."""
    if call.status not in NOT_BEGUN | {CallStatus.LIVE}:
        raise NotSent("The call was over before the mail could be sent.", may_work_later=False)


def must_be_current(about: About) -> None:
    """Raises NotSent for a reminder of what is no longer so, or to somebody who is no longer the owner."""
    to_another = about.email.user_id is not None and about.email.user_id != about.owner.user_id
    if to_another or about.said != Said.of(about.call):
        raise NotSent("The call has changed since; newer mail says so.", may_work_later=False)
