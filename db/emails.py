"""The outbox: rows written in the transaction that makes a mail due, sent by a job.

A row is unique by call or link, kind and recipient, so nobody is written to twice for one reason.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db import jobs
from db.pool import Connection, queries
from domain.call import Call
from domain.email import Email, EmailKind, EmailStatus
from domain.ids import CallId, EmailId, OrganizationId, SignInLinkId, uuid7
from domain.links import LinkPurpose
from domain.people import User

CLAIM_SECONDS = 60.0
"""Longer than a try can take; after that the one who began it is dead."""


async def queue_invites(connection: Connection, call: Call) -> None:
    """An invite for each invitee whose address is known; none when the call's mail is switched off."""
    if not call.switches.mail:
        return
    for invitee in call.invitees:
        if invitee.email:
            to = {"invitee_id": invitee.invitee_id, "to_name": invitee.name, "to_email": invitee.email}
            await _queue(connection, call.organization_id, EmailKind.INVITE, call_id=call.call_id, **to)


async def queue_agent_joined(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> None:
    """Tells the owner, the first time only."""
    owner = [row async for row in queries.owner_to_mail(connection, organization_id=organization_id, call_id=call_id)]
    await _queue_to_users(connection, organization_id, call_id, EmailKind.AGENT_JOINED, owner)


async def queue_summary(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> None:
    """To the owner and whoever answers for them, the first time only."""
    found = queries.readers_to_mail(connection, organization_id=organization_id, call_id=call_id)
    await _queue_to_users(connection, organization_id, call_id, EmailKind.SUMMARY, [row async for row in found])


async def _queue_to_users(
    connection: Connection,
    organization_id: OrganizationId,
    call_id: CallId,
    kind: EmailKind,
    users: list[Mapping[str, Any]],
) -> None:
    for user in users:
        to = {"user_id": user["user_id"], "to_name": user["name"], "to_email": user["email"]}
        await _queue(connection, organization_id, kind, call_id=call_id, **to)


async def queue_link(connection: Connection, user: User, purpose: LinkPurpose, link_id: SignInLinkId) -> None:
    """The mail that brings one of us a link that signs in."""
    kind = EmailKind.SIGN_IN if purpose is LinkPurpose.SIGN_IN else EmailKind.INVITATION
    to = {"user_id": user.user_id, "to_name": user.name, "to_email": user.email}
    await _queue(connection, user.organization_id, kind, link_id=link_id, **to)


async def _queue(connection: Connection, organization_id: OrganizationId, kind: EmailKind, **about: Any) -> None:
    """`about`: a call or a link, an invitee or a user, their name and address."""
    row = {"call_id": None, "link_id": None, "invitee_id": None, "user_id": None, **about}
    added: UUID | None = await queries.add_email(
        connection, email_id=uuid7(), organization_id=organization_id, kind=kind.value, **row
    )
    if added:
        await jobs.enqueue(connection, jobs.Entrypoint.SEND_EMAIL, organization_id, added)


async def claim(connection: Connection, organization_id: OrganizationId, email_id: EmailId) -> Email | None:
    """Begins a try and counts it. None when the mail is not to be sent now: see `seconds_claimed`."""
    row = await queries.claim_email(
        connection, organization_id=organization_id, email_id=email_id, claim_seconds=CLAIM_SECONDS
    )
    return from_row(row) if row else None


async def seconds_claimed(connection: Connection, organization_id: OrganizationId, email_id: EmailId) -> float | None:
    """How long somebody else may still be sending it. None when it has been sent, has failed or is not there."""
    found: float | None = await queries.seconds_claimed(connection, organization_id=organization_id, email_id=email_id)
    return found


async def end_try(
    connection: Connection, email: Email, status: EmailStatus, *, problem: str | None = None, subject: str | None = None
) -> None:
    """`QUEUED` with a problem means: it will be tried again."""
    await queries.mark_email(
        connection,
        organization_id=email.organization_id,
        email_id=email.email_id,
        status=status.value,
        problem=problem,
        subject=subject,
    )


async def of_call(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> list[Email]:
    """In the order in which they became due."""
    rows = queries.list_emails(connection, organization_id=organization_id, call_id=call_id)
    return [from_row(row) async for row in rows]


def from_row(row: Mapping[str, Any]) -> Email:
    return Email(**{**row, "kind": EmailKind(row["kind"]), "status": EmailStatus(row["status"])})
