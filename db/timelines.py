"""What happened between us and one invitee of a call: their mails, and what they did; and whom else we write to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from db.people import user_of
from db.pool import Connection, queries
from domain.email import EmailKind
from domain.ids import CallId, InviteeId, OrganizationId, UserId
from domain.people import User


class What(StrEnum):
    MAIL_WAITING = "mail_waiting"
    MAIL_SENT = "mail_sent"
    MAIL_BOUNCED = "mail_bounced"
    MAIL_EXPIRED = "mail_expired"
    MAIL_SUPERSEDED = "mail_superseded"
    MAIL_FAILED = "mail_failed"
    LINK_OPENED = "link_opened"
    JOINED = "joined"
    CONSENT_GIVEN = "consent_given"
    CALENDAR_ANSWERED = "calendar_answered"
    REMOVED = "removed"
    PREFERS_TEXT = "prefers_text"


DEEDS = {
    "opened_at": What.LINK_OPENED,
    "joined_at": What.JOINED,
    "prefers_text_at": What.PREFERS_TEXT,
    "removed_at": What.REMOVED,
}
"""The columns of an invitee that say when they did it, or it was done to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`kind`, `server_host` and `reply` are those of a mail."""

    at: datetime | None  # of a mail that waits: when it is due; None: not known
    what: What
    detail: str | None = None  # a mail's subject, or why it failed; an answer; what was agreed to
    kind: EmailKind | None = None
    server_host: str | None = None
    reply: str | None = None  # what that server said last


async def of_invitee(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, invitee_id: InviteeId
) -> list[Moment] | None:
    """In the order of time, what has no time last; also of somebody who was removed. None: there is no such invitee."""
    whose = {"organization_id": organization_id, "call_id": call_id, "invitee_id": invitee_id}
    deeds = await queries.deeds_of_invitee(connection, **whose)
    if deeds is None:
        return None
    found = [_mail(row) async for row in queries.mails_of_invitee(connection, **whose)]
    found += [
        Moment(at=row["decided_at"], what=What.CONSENT_GIVEN, detail=_agreed(row))
        async for row in queries.consents_of_invitee(connection, organization_id=organization_id, invitee_id=invitee_id)
    ]
    found += [Moment(at=deeds[at], what=what) for at, what in DEEDS.items() if deeds[at]]
    if deeds["calendar_answer"]:
        found.append(Moment(at=deeds["answered_at"], what=What.CALENDAR_ANSWERED, detail=deeds["calendar_answer"]))
    return sorted(found, key=lambda moment: moment.at or datetime.max.replace(tzinfo=UTC))


def _mail(row: Mapping[str, Any]) -> Moment:
    status = "waiting" if row["status"] == "sending" else row["status"]
    return Moment(
        at=row["due_at"] if status == "waiting" else row["ended_at"],
        what=What(f"mail_{status}"),
        detail=row["problem"] or row["subject"],
        kind=EmailKind(row["kind"]),
        server_host=row["server_host"],
        reply=row["reply"],
    )


def _agreed(row: Mapping[str, Any]) -> str:
    if row["transcription"]:
        return "transcribed and recorded" if row["recording"] else "transcribed, not recorded"
    return "recorded, not transcribed" if row["recording"] else "neither transcribed nor recorded"


async def who_answer_for(connection: Connection, organization_id: OrganizationId, owner_id: UserId) -> list[User]:
    rows = queries.users_who_answer_for(connection, organization_id=organization_id, owner_id=owner_id)
    return [user_of(row) async for row in rows]
