"""What comes back about a mail that a server had taken: noted at the mail, at its address, and for the call's owner."""

from datetime import datetime

from db import emails, suppression
from db.pool import Connection, queries
from domain.email import SuppressionReason, SuppressionScope
from domain.ids import OrganizationId
from domain.inbox import Complaint, Undelivered


async def note_undelivered(
    connection: Connection, organization_id: OrganizationId, report: Undelivered, now: datetime
) -> bool:
    """The mail becomes bounced and the call's owner is told; nobody writes to a dead address any more.

    False: it is about no mail of this organization to such an address, or its end was another, or this one, already.
    """
    row = await queries.note_undelivered(
        connection, organization_id=organization_id, email_id=report.email_id, addresses=list(report.addresses),
        reply=report.reply, now=now,
    )  # fmt: skip
    if row is None:
        return False
    email = emails.from_row(row)
    if report.is_address_dead:
        await suppression.add_bounced(connection, organization_id, {email.to_email: report.reply})
    await emails.queue_undelivered(connection, email, report.reply)
    return True


async def note_complaint(connection: Connection, organization_id: OrganizationId, complaint: Complaint) -> bool:
    """Nobody writes any more to whom that mail went to. False: there is no such mail."""
    address = await queries.address_of_email(connection, organization_id=organization_id, email_id=complaint.email_id)
    if address is None:
        return False
    await suppression.add(
        connection, organization_id, address, SuppressionScope.EVERYTHING, SuppressionReason.COMPLAINED
    )
    return True
