"""Inviting a colleague: a link by mail with which somebody who was given an account comes in for the first time."""

from api.deps import Parts
from db import audit, emails, sign_in_links
from db.pool import Connection
from domain.audit import Actor, Subject
from domain.links import LinkPurpose
from domain.people import User


async def invite(connection: Connection, held: Parts, user: User, inviter: User) -> None:
    """The link and its mail, in the caller's transaction; the link of an earlier invitation is dead from then on.

    It opens nothing unless `user` has the status `invited`.
    """
    link_id = await sign_in_links.add(connection, user, LinkPurpose.INVITATION)
    await emails.queue_link(connection, user, LinkPurpose.INVITATION, link_id)
    await audit.write(
        connection,
        user.organization_id,
        Actor.user(inviter.user_id),
        "link_sent",
        Subject("user", str(user.user_id)),
        purpose=LinkPurpose.INVITATION,
    )
