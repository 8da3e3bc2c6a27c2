"""Join links: derived from call, invitee and revision, so that one can be sent again without being stored.

A link's secret is base64url(call 16 B ‖ invitee 16 B ‖ revision 2 B ‖ HMAC-SHA-256 truncated to 16 B): 128 bits that
only the holder of our secret can make. Source: RFC 2104 §5 on truncation.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from uuid import UUID

from domain.errors import LinkUnknown
from domain.ids import CallId, InviteeId

PURPOSE = b"parley join link 1"
IDS_BYTES = 34
TAG_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    call_id: CallId
    invitee_id: InviteeId
    revision: int


class Links:
    def __init__(self, *, secret: str, public_url: str) -> None:
        self._key = hmac.digest(secret.encode(), PURPOSE, "sha256")
        self._public_url = public_url.rstrip("/")

    def address(self, link: Link) -> str:
        """The address to send. The secret stands after `#`: browsers keep that part to themselves."""
        return f"{self._public_url}/join#{self.secret_of(link)}"

    def secret_of(self, link: Link) -> str:
        ids = link.call_id.bytes + link.invitee_id.bytes + link.revision.to_bytes(2, "big")
        return base64.urlsafe_b64encode(ids + self._tag(ids)).decode().rstrip("=")

    def read(self, secret: str) -> Link:
        """Raises LinkUnknown unless this is, to the bit, a secret that we made.

        Comparing the text and not only the tag refuses what base64 decoders pass over: strange characters, unused bits.
        """
        try:
            raw = base64.urlsafe_b64decode(secret.encode("ascii") + b"=" * (-len(secret) % 4))
        except (ValueError, binascii.Error, UnicodeEncodeError):
            raise LinkUnknown from None
        if len(raw) != IDS_BYTES + TAG_BYTES:
            raise LinkUnknown
        link = Link(
            call_id=CallId(UUID(bytes=raw[:16])),
            invitee_id=InviteeId(UUID(bytes=raw[16:32])),
            revision=int.from_bytes(raw[32:IDS_BYTES], "big"),
        )
        if not hmac.compare_digest(secret.encode(), self.secret_of(link).encode()):
            raise LinkUnknown
        return link

    def _tag(self, ids: bytes) -> bytes:
        return hmac.digest(self._key, ids, "sha256")[:TAG_BYTES]
