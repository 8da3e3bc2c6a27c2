"""Signed heads of the audit logs, outside the database: one file of JSON lines for each organization.

Each line is a JWS (RFC 7515 §7.2.2, Ed25519 of RFC 9864) over a head, its organization, the instant and the SHA-256 of
the line before. The key is made at first use; who signs needs `key.json`, who reads only `key.public.json`.
"""

import fcntl
import hashlib
import json
import os
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Literal

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OKPKey

from domain.audit import Head
from domain.audit_verifying import SignedHead, SignedHeads
from domain.canonical_json import canonical
from domain.ids import OrganizationId

ALGORITHM: Literal["Ed25519"] = "Ed25519"
PARTS = ("protected", "payload", "signature")
NO_LINE = bytes(32)
PRIVATE_KEY, PUBLIC_KEY = "key.json", "key.public.json"


class SignedHeadsFolder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, organization_id: OrganizationId) -> SignedHeads:
        """Every head up to the first line that cannot be believed, and why. Raises OSError when it cannot be read."""
        try:
            written = self._file(organization_id).read_bytes()
        except FileNotFoundError:
            return SignedHeads()
        if not written:
            return SignedHeads()
        key = self._public_key()
        if key is None:
            return SignedHeads(problem="The key of the signed heads, key.public.json, is missing or damaged.")
        heads: list[SignedHead] = []
        before = NO_LINE
        *lines, rest = written.split(b"\n")
        for number, line in enumerate(lines, start=1):
            try:
                heads.append(head_in(line, key, organization_id, before))
            except LineRefused as refused:
                return SignedHeads(tuple(heads), f"Line {number} of the file of signed heads {refused}.")
            before = hashlib.sha256(line).digest()
        return SignedHeads(tuple(heads), "The last line of the file of signed heads was cut off." if rest else None)

    def append(self, organization_id: OrganizationId, head: Head, signed_at: datetime) -> None:
        """Signs, and writes one line wholly or not at all. Raises OSError, and ValueError when the keys are damaged."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = self._key()
        with open(self._file(organization_id), "a+b", buffering=0, opener=private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            written = file.readall()
            before = hashlib.sha256(written.splitlines()[-1]).digest() if written else NO_LINE
            line = signed_line(key, organization_id, head, signed_at, before)
            try:
                if file.write(line) != len(line):
                    raise OSError("there is no room for the line")
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), len(written))
                raise

    def _file(self, organization_id: OrganizationId) -> Path:
        return self._path / f"{organization_id}.jsonl"

    def _public_key(self) -> OKPKey | None:
        try:
            return OKPKey.import_key(json.loads((self._path / PUBLIC_KEY).read_bytes()))
        except (OSError, ValueError, TypeError, KeyError, JoseError):
            return None

    def _key(self) -> OKPKey:
        """Several processes may come here at once: the first link wins, and all read the same file."""
        path = self._path / PRIVATE_KEY
        if not path.exists():
            write_once(path, OKPKey.generate_key(ALGORITHM).as_dict(private=True))
        try:
            key = OKPKey.import_key(json.loads(path.read_bytes()))
        except (ValueError, TypeError, KeyError, JoseError) as error:
            raise ValueError("the key of the signed heads is damaged") from error
        write_once(self._path / PUBLIC_KEY, key.as_dict(private=False))
        kept = self._public_key()
        if kept is None or kept.thumbprint() != key.thumbprint():
            raise ValueError("key.public.json does not belong to key.json")
        return key


class LineRefused(Exception):
    """Why, in words that follow on the number of the line."""


def signed_line(key: OKPKey, organization_id: OrganizationId, head: Head, signed_at: datetime, before: bytes) -> bytes:
    payload = canonical(
        {
            "organization_id": str(organization_id),
            "seq": head.seq,
            "hash": head.hash.hex(),
            "signed_at": signed_at.astimezone(UTC).isoformat(),
            "line_before": before.hex(),
        }
    )
    header: dict[str, object] = {"alg": ALGORITHM, "kid": key.thumbprint()}
    signed = jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])
    return json.dumps(dict(zip(PARTS, signed.split("."), strict=True))).encode() + b"\n"


def head_in(line: bytes, key: OKPKey, organization_id: OrganizationId, before: bytes) -> SignedHead:
    """Raises LineRefused."""
    try:
        parts = json.loads(line)
        if type(parts) is not dict or parts.keys() != set(PARTS):
            raise ValueError
        signed = jws.deserialize_compact(".".join(parts[part] for part in PARTS), key, algorithms=[ALGORITHM])
        said = json.loads(signed.payload)
        head = Head(int(said["seq"]), bytes.fromhex(said["hash"]))
        signed_at = datetime.fromisoformat(said["signed_at"])
        line_before = bytes.fromhex(said["line_before"])
    except BadSignatureError:
        if key_id_in(parts["protected"]) == key.thumbprint():
            raise LineRefused("was changed: its signature does not fit") from None
        raise LineRefused("was signed with another key than the one that is kept here") from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise LineRefused("is not whole") from None
    if said["organization_id"] != str(organization_id):
        raise LineRefused("is about another organization")
    if line_before != before:
        raise LineRefused("does not follow on the one before it: lines were taken out")
    return SignedHead(head, signed_at)


def key_id_in(protected: str) -> object:
    """Whose signature a line says it has; `protected` was read once already."""
    return json.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4))).get("kid")


def write_once(path: Path, key: object) -> None:
    """Whole or not at all, for its owner alone; leaves what is there."""
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{token_hex(4)}")
    with open(fresh, "x", opener=private, encoding="utf-8") as file:
        json.dump(key, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
