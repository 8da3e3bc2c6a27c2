"""Text that only we can make: base64url(ids ‖ HMAC-SHA-256 of them, truncated to 16 B), 128 bits that nobody guesses.

**Source:** RFC 2104 §5 on truncation.
"""

import base64
import binascii
import hmac

TAG_BYTES = 16


def tagged(key: bytes, ids: bytes) -> str:
    return base64.urlsafe_b64encode(ids + hmac.digest(key, ids, "sha256")[:TAG_BYTES]).decode().rstrip("=")


def untagged(key: bytes, text: str, ids_bytes: int) -> bytes | None:
    """The ids; None unless this is, to the bit, a text that was made with this key.

    Comparing the text and not only the tag refuses what base64 decoders pass over: strange characters, unused bits.
    """
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, binascii.Error, UnicodeEncodeError):
        return None
    ids = raw[:ids_bytes]
    is_ours = len(raw) == ids_bytes + TAG_BYTES and hmac.compare_digest(text.encode(), tagged(key, ids).encode())
    return ids if is_ours else None
