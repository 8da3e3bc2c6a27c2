"""The one way to write a value as JSON, so that a hash or a signature over it can be made again.

**Source:** RFC 8785 (JSON Canonicalization Scheme), for the values that we hash: no fractions, and names in ASCII,
whose order by character is their order by UTF-16 unit.
"""

import json
from collections.abc import Mapping, Sequence

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

LARGEST_INTEGER = 2**53 - 1
"""Beyond this a reader that counts in doubles sees another number. Source: RFC 7493 §2.2."""


def canonical(value: Json) -> bytes:
    """Raises ValueError for what has no canonical form here: fractions, large numbers, half characters, other types."""
    check(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def check(value: object) -> None:
    match value:
        case None | bool() | str():
            pass
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise ValueError("a number too large to be written the same way everywhere")
        case list() | tuple():
            for part in value:
                check(part)
        case dict():
            for name, part in value.items():
                if not (isinstance(name, str) and name.isascii()):
                    raise ValueError("a name that is not ASCII")
                check(part)
        case _:
            raise ValueError(f"no canonical form for {type(value).__name__}")
