"""What a mail of the outbox says: fetches what it is about. A mail may be sent long after it became due."""

from db import calls, emails, people, reviews, settings, sign_in_links
from db.pool import Pool, transaction
from db.sign_in_links import LIFETIME
from domain.email import Email
from domain.ids import CallId, SignInLinkId
from domain.links import LinkPurpose, Links, SignInLinks
from domain.people import UserStatus
from jobs.composing import About, Composer, last_heard
from notifications import sign_in
from notifications.letter import Letter, Stationery
from notifications.smtp import NotSent


class Letters:
    def __init__(self, pool: Pool, stationery: Stationery, *, secret: str, public_url: str) -> None:
        self._pool = pool
        self._stationery = stationery
        self._composer = Composer(stationery, Links(secret=secret, public_url=public_url), public_url)
        self._sign_in_links = SignInLinks(secret=secret, public_url=public_url)

    async def of(self, email: Email) -> Letter:
        """Raises NotSent when there is no reason any more to send it, and one of DatabaseError."""
        if email.link_id is not None:
            return await self._with_link(email, email.link_id)
        assert email.call_id is not None, "the table wants one of the two"
        return self._composer.letter(await self._about_call(email, email.call_id))

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

    async def _about_call(self, email: Email, call_id: CallId) -> About:
        is_to_guest = email.user_id is None
        async with transaction(self._pool, email.organization_id) as connection:
            call = await calls.get(connection, email.organization_id, call_id)
            owner = await people.get(connection, email.organization_id, call.owner.user_id) if call else None
            reader = await people.get(connection, email.organization_id, email.user_id) if email.user_id else None
            record = await reviews.get(connection, email.organization_id, call_id) if email.user_id else None
            earlier = await emails.of_call(connection, email.organization_id, call_id) if is_to_guest else []
        if call is None or owner is None:
            raise NotSent("The call is no longer there.", may_work_later=False)
        if not is_to_guest and (reader is None or reader.status is UserStatus.DISABLED):
            raise NotSent("The person was disabled before the mail could be sent.", may_work_later=False)
        return About(
            email=email, call=call, owner=owner, reader=reader, record=record, heard=last_heard(email, earlier)
        )
