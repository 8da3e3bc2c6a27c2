"""Links that we send: derived, so that none is stored and yet each can be sent again.

A link's secret is what it is about with a tag that only the holder of our secret can make: `domain/tags.py`.
"""

import hmac
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.errors import LinkUnknown
from domain.ids import CallId, InviteeId, SignInLinkId
from domain.tags import tagged, untagged

JOIN = b"parley join link 1"
SIGN_IN = b"parley sign-in link 1"
IDS_BYTES = 34  # call 16, invitee 16, revision 2
SIGN_IN_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    call_id: CallId
    invitee_id: InviteeId
    revision: int


class LinkPurpose(StrEnum):
    """What a link by mail to one of us is for."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"  # the first sign-in of somebody who was invited


class Links:
    """Join links."""

    def __init__(self, *, secret: str, public_url: str) -> None:
        self._key = hmac.digest(secret.encode(), JOIN, "sha256")
        self._public_url = public_url.rstrip("/")

    def address(self, link: Link) -> str:
        """The address to send. The secret stands after `#`: browsers keep that part to themselves."""
        return f"{self._public_url}/join#{self.secret_of(link)}"

    def secret_of(self, link: Link) -> str:
        return tagged(self._key, link.call_id.bytes + link.invitee_id.bytes + link.revision.to_bytes(2, "big"))

    def read(self, secret: str) -> Link:
        """Raises LinkUnknown unless this is, to the bit, a secret that we made."""
        ids = untagged(self._key, secret, IDS_BYTES)
        if ids is None:
            raise LinkUnknown
        return Link(
            call_id=CallId(UUID(bytes=ids[:16])),
            invitee_id=InviteeId(UUID(bytes=ids[16:32])),
            revision=int.from_bytes(ids[32:], "big"),
        )


class SignInLinks:
    """Links by mail that sign one of us in once. Whether one is still good, the database knows."""

    def __init__(self, *, secret: str, public_url: str) -> None:
        self._key = hmac.digest(secret.encode(), SIGN_IN, "sha256")
        self._public_url = public_url.rstrip("/")

    def address(self, link_id: SignInLinkId) -> str:
        """The address to send; the secret stands after `#`, so that whoever only fetches the page learns nothing."""
        return f"{self._public_url}/sign-in#{self.secret_of(link_id)}"

    def secret_of(self, link_id: SignInLinkId) -> str:
        return tagged(self._key, link_id.bytes)

    def read(self, secret: str) -> SignInLinkId:
        """Raises LinkUnknown unless this is, to the bit, a secret that we made."""
        link_id = untagged(self._key, secret, SIGN_IN_ID_BYTES)
        if link_id is None:
            raise LinkUnknown
        return SignInLinkId(UUID(bytes=link_id))
