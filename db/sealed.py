"""Secrets of an organization, encrypted before they reach the database. Only the holder of PARLEY_SECRET reads them."""

import hashlib

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

HEADER = {"alg": "dir", "enc": "A256GCM"}


class Seal:
    def __init__(self, secret: str) -> None:
        key = hashlib.sha256(b"parley sealed settings 1 " + secret.encode()).digest()
        self._key = OctKey.import_key(key)

    def close(self, plain: str) -> str:
        return jwe.encrypt_compact(HEADER, plain.encode(), self._key)

    def open(self, sealed: str) -> str:
        """Raises SealBroken when it was sealed under another secret or has been changed."""
        try:
            plain = jwe.decrypt_compact(sealed, self._key, algorithms=["dir", "A256GCM"]).plaintext
        except (JoseError, ValueError) as error:
            raise SealBroken from error
        return (plain or b"").decode()


class SealBroken(Exception):
    """Kept under another PARLEY_SECRET: it has to be entered again."""
