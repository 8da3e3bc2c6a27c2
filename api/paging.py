"""Opaque cursors for lists that are ordered by an instant and an id."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from domain.errors import InvalidInput


def cursor(at: datetime, last_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {last_id}".encode()).decode()


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """Raises InvalidInput for a cursor that we did not make."""
    try:
        at, _, last_id = base64.urlsafe_b64decode(text.encode("ascii")).decode().partition(" ")
        return datetime.fromisoformat(at).astimezone(UTC), UUID(last_id)
    except (ValueError, OverflowError, binascii.Error):
        raise InvalidInput("/query/cursor", "This is not a cursor of ours.") from None
