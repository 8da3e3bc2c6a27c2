"""What a mail of the outbox says, from what the database knows now: a mail may be sent long after it became due."""

from db import calls, people, reviews, settings, sign_in_links
from db.pool import Pool, transaction
from db.sign_in_links import LIFETIME
from domain.call import Call, CallStatus, Invitee
from domain.email import Email, EmailKind
from domain.ids import CallId, SignInLinkId
from domain.links import Link, LinkPurpose, Links, SignInLinks
from domain.people import UserStatus
from notifications import agent_joined, invite, sign_in, summary
from notifications.letter import Letter, Stationery
from notifications.smtp import NotSent


class Letters:
    def __init__(self, pool: Pool, stationery: Stationery, *, secret: str, public_url: str) -> None:
        self._pool = pool
        self._stationery = stationery
        self._links = Links(secret=secret, public_url=public_url)
        self._sign_in_links = SignInLinks(secret=secret, public_url=public_url)
        self._public_url = public_url.rstrip("/")

    async def of(self, email: Email) -> Letter:
        """Raises NotSent when there is no reason any more to send it, and one of DatabaseError."""
        if email.link_id is not None:
            return await self._with_link(email, email.link_id)
        assert email.call_id is not None, "the table wants one of the two"
        return await self._about_call(email, email.call_id)

    async def _with_link(self, email: Email, link_id: SignInLinkId) -> Letter:
        async with transaction(self._pool, email.organization_id) as connection:
            link = await sign_in_links.get(connection, email.organization_id, link_id)
            user = await people.get(connection, email.organization_id, link.user_id) if link else None
            zone = (await settings.get(connection, email.organization_id)).time_zone
        if link is None or user is None:
            raise NotSent("The link was no longer good before the mail could be sent.", may_work_later=False)
        mail = sign_in.LinkByMail(
            user=user,
            link=self._sign_in_links.address(link_id),
            lasts_minutes=int(LIFETIME[link.purpose].total_seconds() // 60),
            expires_at=link.expires_at,
            time_zone=zone,
        )
        letter = sign_in.letter if link.purpose is LinkPurpose.SIGN_IN else sign_in.invitation
        return letter(mail, self._stationery)

    async def _about_call(self, email: Email, call_id: CallId) -> Letter:
        async with transaction(self._pool, email.organization_id) as connection:
            call = await calls.get(connection, email.organization_id, call_id)
            owner = await people.get(connection, email.organization_id, call.owner.user_id) if call else None
            reader = await people.get(connection, email.organization_id, email.user_id) if email.user_id else None
            record = await reviews.get(connection, email.organization_id, call_id)
        if call is None or owner is None:
            raise NotSent("The call is no longer there.", may_work_later=False)
        if reader and reader.status is UserStatus.DISABLED:
            raise NotSent("The person was disabled before the mail could be sent.", may_work_later=False)
        page = f"{self._public_url}/calls/{call.call_id}"
        if email.kind is EmailKind.AGENT_JOINED:
            return agent_joined.letter(call, email.created_at, page, self._stationery)
        if email.kind is EmailKind.SUMMARY:
            if record is None or record.review is None:
                raise NotSent("The review is no longer there.", may_work_later=False)
            return summary.letter(
                summary.Summary(call=call, review=record.review, score_before=record.lead.score_before, link=page),
                self._stationery,
            )
        invitee = invitee_of(call, email)
        link = Link(call_id=call.call_id, invitee_id=invitee.invitee_id, revision=invitee.link_revision)
        return invite.letter(
            invite.Invite(
                call=call, invitee=invitee, owner=owner, link=self._links.address(link), booked_at=email.created_at
            ),
            self._stationery,
        )


def invitee_of(call: Call, email: Email) -> Invitee:
    """Raises NotSent when the call is over or the invitee is gone: nobody needs a link to that any more."""
    if call.status in (CallStatus.ENDED, CallStatus.CANCELLED):
        raise NotSent("The call was over before the mail could be sent.", may_work_later=False)
    for invitee in call.invitees:
        if invitee.invitee_id == email.invitee_id and invitee.email:
            return invitee
    raise NotSent("The invitee is no longer there.", may_work_later=False)
