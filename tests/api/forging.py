"""Access tokens made by hand, so that every part of one can be wrong."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from api.auth import ALGORITHM, AUDIENCE, TOKEN_TYPE, SignIn
from domain.people import User
from tests.api.conftest import PUBLIC_URL, Clock
from tests.sample import device_of

Json = dict[str, Any]
Sign = Callable[[bytes], bytes]


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def packed(value: object) -> str:
    return text(json.dumps(value).encode())


def token(header: object, claims: object, sign: Sign) -> str:
    signed = f"{packed(header)}.{packed(claims)}"
    return f"{signed}.{text(sign(signed.encode()))}"


def by_hmac(key: bytes, name: str = "sha256") -> Sign:
    return lambda signed: hmac.digest(key, signed, name)


def by_key(key: ECKey) -> Sign:
    """ES256: r ‖ s, 32 bytes each."""
    private = key.private_key
    assert private is not None

    def sign(signed: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(signed, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def by_us(signing: SignIn, week: int) -> Sign:
    """With the real key of that week."""
    return by_key(signing._key(week))


def header_of(clock: Clock, **other: Any) -> Json:
    return {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": str(clock.week), **other}


def claims_of(clock: Clock, user: User, **other: Any) -> Json:
    return {
        "iss": PUBLIC_URL, "aud": AUDIENCE, "sub": str(user.user_id), "org": str(user.organization_id),
        "dev": str(device_of(user)), "iat": clock.seconds, "exp": clock.seconds + 300, **other,
    }  # fmt: skip


def without(values: Json, name: str) -> Json:
    return {key: value for key, value in values.items() if key != name}
