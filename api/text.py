"""Text that people may send: what the database, a mail and a page can all hold."""

from typing import Annotated

from pydantic import AfterValidator, Field


def is_storable(text: str) -> str:
    """Refuses lone surrogates and control characters other than tab and line break; PostgreSQL cannot hold NUL."""
    if any((ord(c) < 32 and c not in "\t\n\r") or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("The text has characters that cannot be stored.")
    return text


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(is_storable)]
LineOrNothing = Annotated[str, Field(max_length=200), AfterValidator(is_storable)]
Paragraph = Annotated[str, Field(max_length=5000), AfterValidator(is_storable)]
EmailAddress = Annotated[
    str, Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$"), AfterValidator(is_storable)
]
LinkSecret = Annotated[str, Field(min_length=1, max_length=200)]
