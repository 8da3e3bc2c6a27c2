"""The outbox: rows written in the transaction that makes a mail due, taken in batches by a sender.

A row is unique by call or link, kind, recipient and revision, so nobody is written to twice for one reason.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from db import suppression
from db.pool import Connection, Pool, lookup, queries
from domain.email import Email, EmailKind, EmailStatus, TryResult
from domain.ids import CallId, EmailId, InviteeId, OrganizationId, SignInLinkId, uuid7
from domain.links import LinkPurpose
from domain.notices import Notice
from domain.people import User

CLAIM_SECONDS = 90.0
"""Longer than a batch may take; after that the one who began it is dead, or its results do not count."""

AWAKENED_BY = "mail_due"
"""The channel on which senders hear that there is something to do."""


async def queue(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, notices: Iterable[Notice]
) -> None:
    """Writes down what became due, once for each reason; what is unsent of older revisions becomes superseded.

    A cancel is written down only for somebody who may have had an invite.
    """
    wanted = [notice for notice in notices if notice.user or (notice.invitee and notice.invitee.email)]
    if not wanted:
        return
    about = {
        "organization_id": organization_id,
        "call_id": call_id,
        "kinds": [notice.kind.value for notice in wanted],
        "invitee_ids": [notice.invitee.invitee_id if notice.invitee else None for notice in wanted],
        "user_ids": [notice.user.user_id if notice.user and not notice.invitee else None for notice in wanted],
        "revisions": [notice.revision for notice in wanted],
    }
    people = [notice.invitee or notice.user for notice in wanted]
    await queries.supersede_emails(connection, **about)
    added = queries.add_emails(
        connection,
        **about,
        ids=[uuid7() for _ in wanted],
        names=[person.name if person else "" for person in people],
        addresses=[person.email if person else "" for person in people],
        leads=[notice.lead_minutes for notice in wanted],
        dues=[notice.due_at for notice in wanted],
        ends=[notice.expires_at for notice in wanted],
        facts=[json.dumps(notice.facts) for notice in wanted],
    )
    if [row async for row in added]:
        await _wake(connection)


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
        about = {"organization_id": organization_id, "call_id": call_id, "kind": kind.value}
        if await queries.add_email_to_user(connection, email_id=uuid7(), **about, **to):
            await _wake(connection)


async def queue_undelivered(connection: Connection, email: Email, reply: str) -> None:
    """Tells the call's owner that a guest did not get `email`: once for each guest, revision and sending again.

    `reply`: why, in the words of a server or ours. Nothing for what was to one of us.
    """
    if email.invitee_id is None or email.user_id is not None:
        return
    facts = {"guest_name": email.to_name, "guest_email": email.to_email, "kind": email.kind.value, "reply": reply}
    if await queries.add_undelivered_email(
        connection, email_id=uuid7(), organization_id=email.organization_id, call_id=email.call_id,
        invitee_id=email.invitee_id, revision=email.revision, resent=email.resent, facts=json.dumps(facts),
    ):  # fmt: skip
        await _wake(connection)


async def queue_link(connection: Connection, user: User, purpose: LinkPurpose, link_id: SignInLinkId) -> None:
    """The mail that brings one of us a link that signs in."""
    kind = EmailKind.SIGN_IN if purpose is LinkPurpose.SIGN_IN else EmailKind.INVITATION
    to = {"user_id": user.user_id, "to_name": user.name, "to_email": user.email}
    about = {"organization_id": user.organization_id, "link_id": link_id, "kind": kind.value}
    if await queries.add_email_with_link(connection, email_id=uuid7(), **about, **to):
        await _wake(connection)


async def resend(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, invitee_id: InviteeId, now: datetime
) -> Email | None:
    """The newest notice to this invitee once more; one that is still on its way goes now, and is no second mail.

    None when there was none, or its time is over.
    """
    row = await queries.resend_email(
        connection, email_id=uuid7(), organization_id=organization_id, call_id=call_id, invitee_id=invitee_id, now=now
    )
    if row is None:
        return None
    await _wake(connection)
    return from_row(row)


async def _wake(connection: Connection) -> None:
    [row async for row in queries.wake_sender(connection)]


async def organizations_with_mail_due(pool: Pool, now: datetime) -> list[OrganizationId]:
    """Also those in which a sender died. Looks across organizations."""
    async with lookup(pool) as connection:
        rows = queries.organizations_with_mail_due(connection, now=now)
        return [OrganizationId(row["organization_id"]) async for row in rows]


async def expire(connection: Connection, organization_id: OrganizationId, now: datetime) -> None:
    """Ends what would be late."""
    await queries.expire_emails(connection, organization_id=organization_id, now=now)


async def claim(
    connection: Connection, organization_id: OrganizationId, now: datetime, most: int, *, server_id: UUID | None = None
) -> list[Email]:
    """Begins a try of at most `most` mails that are due, and counts it; those that end first come first.

    Nobody else takes them for CLAIM_SECONDS. `server_id`: by which server those go that are not bound to one already.
    What is late, overtaken or suppressed gets its end here. Empty: nothing is due that could be sent.
    """
    await expire(connection, organization_id, now)
    while True:
        rows = queries.claim_emails(
            connection,
            organization_id=organization_id,
            now=now,
            most=most,
            claim_seconds=CLAIM_SECONDS,
            server_id=server_id,
        )
        found = [from_row(row) async for row in rows]
        for email in found:
            if email.status is EmailStatus.BOUNCED and email.kind is not EmailKind.REMINDER:  # those may be unwanted
                await queue_undelivered(connection, email, email.problem or "")
        if claimed := [email for email in found if email.status is EmailStatus.SENDING]:
            return sorted(claimed, key=lambda email: (email.expires_at, email.email_id))
        if not found:
            return []


async def turn_to(connection: Connection, email: Email, server_id: UUID) -> bool:
    """Writes down by which other server a claimed mail goes now. False: the claim is no longer ours."""
    turned = await queries.turn_to_server(
        connection, organization_id=email.organization_id, email_id=email.email_id, attempts=email.attempts,
        server_id=server_id,
    )  # fmt: skip
    return bool(turned)


async def end_tries(connection: Connection, results: Sequence[TryResult]) -> set[EmailId]:
    """All of one organization. Returns which counted: a claim that had run out and was taken by another does not.

    Addresses that are dead are not written to any more; owners learn which guests could not be written to.
    """
    if not results:
        return set()
    organization_id = results[0].email.organization_id
    ended = queries.end_tries(
        connection,
        organization_id=organization_id,
        ids=[result.email.email_id for result in results],
        attempts=[result.email.attempts for result in results],
        statuses=[result.status.value for result in results],
        ended=[result.ended_at for result in results],
        dues=[result.due_at for result in results],
        problems=[result.problem for result in results],
        subjects=[result.subject for result in results],
        server_ids=[result.server_id for result in results],
        hosts=[result.server_host for result in results],
        replies=[result.reply for result in results],
        ambiguous=[result.is_ambiguous for result in results],
    )
    became = {row["id"]: EmailStatus(row["status"]) async for row in ended}
    for result in results:
        if became.get(result.email.email_id) is EmailStatus.BOUNCED:
            await queue_undelivered(connection, result.email, result.reply or result.problem or "")
    if dead := {result.email.to_email: result.reply or "" for result in results if result.is_address_dead}:
        await suppression.add_bounced(connection, organization_id, dead)
    return set(became)


async def of_call(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> list[Email]:
    """In the order in which they were written down."""
    rows = queries.list_emails(connection, organization_id=organization_id, call_id=call_id)
    return [from_row(row) async for row in rows]


def from_row(row: Mapping[str, Any]) -> Email:
    read = {"kind": EmailKind(row["kind"]), "status": EmailStatus(row["status"]), "facts": json.loads(row["facts"])}
    return Email(**{**row, **read})
