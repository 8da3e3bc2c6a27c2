"""Access tokens that are forged, bent, mixed up, late or early, and room tokens at the wrong door.

The sections named are those of RFC 8725, JSON Web Token Best Current Practices.
"""

import asyncio
import base64
import hashlib
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from api.auth import ACCESS_LIFETIME, ALGORITHM, KEY_PERIOD, P256_ORDER, TOKEN_TYPE, Refresh, SignedIn, SignIn
from db.pool import Pool
from domain.call import Consent
from domain.ids import Identity, uuid7
from domain.links import Link, Links
from domain.people import User
from domain.transcript import ParticipantRole
from parley.plan import LiveKitAccess
from providers.rooms import Rooms
from tests.api.conftest import ACCESS_COOKIE, PUBLIC_URL, SECRET, WEEK_S, Clock, is_problem
from tests.api.forging import (
    by_hmac,
    by_key,
    by_us,
    claims_of,
    header_of,
    packed,
    text,
    token,
    without,
)
from tests.sample import Tenant, add_tenant, device_of

pytestmark = pytest.mark.room

BENT = 3_000
SEED = 8725


def who(user: User) -> SignedIn:
    return SignedIn(user_id=user.user_id, organization_id=user.organization_id, device_id=device_of(user))


async def asked(api: httpx.AsyncClient, given: str | bytes) -> list[httpx.Response]:
    """What `GET /me` answers to it as a bearer's token, and in the cookie."""
    api.cookies.clear()
    raw = given if isinstance(given, bytes) else given.encode()
    return [
        await api.get("/api/v1/me", headers=[(b"authorization", b"Bearer " + raw)]),
        await api.get("/api/v1/me", headers=[(b"cookie", f"{ACCESS_COOKIE}=".encode() + raw)]),
    ]


async def must_be_refused(api: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    for what, given in tokens.items():
        for answer in await asked(api, given):
            assert answer.status_code == 401, f"{what}: {answer.status_code} {answer.text}"
            is_problem(answer, 401, "not-signed-in")


async def must_be_good(api: httpx.AsyncClient, given: str) -> None:
    assert [answer.status_code for answer in await asked(api, given)] == [200, 200]


async def test_a_token_of_ours_is_good_in_the_header_and_in_the_cookie(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, tenant: Tenant
) -> None:
    """Ours and one made by hand: without this the refusals below would show nothing."""
    await must_be_good(api, signing.access_token(who(tenant.rep)))
    await must_be_good(api, token(header_of(clock), claims_of(clock, tenant.rep), by_us(signing, clock.week)))


async def test_no_other_algorithm_is_taken(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, tenant: Tenant
) -> None:
    """§2.1, §3.1, §3.2: none in all spellings, the public key as a secret, other keys, an algorithm that is no word."""
    claims = claims_of(clock, tenant.rep)
    _, body, signature = signing.access_token(who(tenant.rep)).split(".")
    tokens: dict[str, str] = {}
    for name in ("none", "None", "NONE", "nOnE", "", "null"):
        head = packed(header_of(clock, alg=name))
        tokens |= {f"alg {name}": f"{head}.{body}.", f"alg {name}, signed": f"{head}.{body}.{signature}"}
    for name, key in public_forms(signing._key(clock.week)).items():
        for size in ("256", "384", "512"):
            sign = by_hmac(key, f"sha{size}")
            tokens[f"HS{size} by {name}"] = token(header_of(clock, alg=f"HS{size}"), claims, sign)
            tokens[f"{ALGORITHM}, but HS{size} by {name}"] = token(header_of(clock), claims, sign)
    others: dict[str, Any] = {
        "ES256": ECKey.generate_key("P-256"), "ES384": ECKey.generate_key("P-384"),
        "ES512": ECKey.generate_key("P-521"), "ES256K": ECKey.generate_key("secp256k1"),
        "RS256": RSAKey.generate_key(2048), "PS256": RSAKey.generate_key(2048),
        "Ed25519": OKPKey.generate_key("Ed25519"),
    }  # fmt: skip
    for name, other in others.items():
        tokens[f"{name} by somebody"] = jwt.encode(header_of(clock, alg=name), dict(claims), other, algorithms=[name])
    for odd in (None, 7, ["ES256"], {"alg": "ES256"}, "es256", "ES256 ", True):
        tokens[f"alg {odd!r}"] = token(header_of(clock, alg=odd), claims, by_us(signing, clock.week))
    await must_be_refused(api, tokens)


def public_forms(key: ECKey) -> dict[str, bytes]:
    """What somebody who knows the public key might try as a secret."""
    public = key.public_key
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "pem": pem,
        "pem without its last line": pem.strip(),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "point": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "short point": public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
        "x": public.public_numbers().x.to_bytes(32, "big"),
        "jwk": json.dumps(key.as_dict(private=False)).encode(),
        "nothing": b"",
    }


async def test_nothing_is_taken_for_a_signature_that_is_none(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, tenant: Tenant
) -> None:
    """§3.3, §3.4: zeros, the order of the curve, another encoding, too short, too long, that of other claims."""
    head, body, signature = signing.access_token(who(tenant.rep)).split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    r, s, order = raw[:32], raw[32:], P256_ORDER.to_bytes(32, "big")
    signatures = {
        "nothing": b"", "zeros": bytes(64), "ones": (1).to_bytes(32, "big") * 2, "order": order + order,
        "no r": bytes(32) + s, "no s": r + bytes(32), "half": r, "turned": s + r, "long": raw + b"\0",
        "der": b"\x30\x44\x02\x20" + r + b"\x02\x20" + s,
        "hash": hashlib.sha256(f"{head}.{body}".encode()).digest() * 2,
    }  # fmt: skip
    sealed = jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256GCM", "typ": TOKEN_TYPE, "kid": str(clock.week)},
        json.dumps(claims_of(clock, tenant.rep)),
        OctKey.import_key(SECRET.encode()[:32]),
    )
    tokens = {name: f"{head}.{body}.{text(value)}" for name, value in signatures.items()}
    await must_be_refused(
        api,
        tokens
        | {
            "other claims": f"{head}.{packed(claims_of(clock, tenant.admin))}.{signature}",
            "no dots": head + body + signature,
            "two parts": f"{head}.{body}",
            "four parts": f"{head}.{body}.{signature}.{signature}",
            "detached": f"{head}..{signature}",
            "no header": f".{body}.{signature}",
            "padding": f"{head}.{body}.{signature}==",
            "one more": f"{head}.{body}.{signature}A",
            "sealed": sealed,
            "its json form": json.dumps({"payload": body, "protected": head, "signature": signature}, indent=0)
            .replace("\n", "")
            .replace(",", "%2c"),
        },
    )


@asynccontextmanager
async def lure() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address that nobody should ever fetch keys from, and the requests that came."""
    visits: list[bytes] = []

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys.json", visits
    finally:
        server.close()


async def test_a_token_does_not_say_which_key_to_trust(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, tenant: Tenant
) -> None:
    """§3.10: kid as a path, a statement or a list; keys that come along; addresses to fetch keys from."""
    claims, mine = claims_of(clock, tenant.rep), ECKey.generate_key("P-256")
    public = dict(mine.as_dict(private=False))
    week = str(clock.week)
    kids: list[object] = [
        "../../../../dev/null", "/dev/null", "' OR '1'='1", "x' UNION SELECT 'key' --", "", " ", "0", "-1", f" {week}",
        f"{week}\0", f"+{week}", f"{week}.0", "9" * 5_000, "٢٩٦٠", clock.week, [week], {"kid": week}, None, True, 1e400,
        str(clock.week + 1), str(clock.week - 1), str(clock.week - 2), week,
    ]  # fmt: skip
    tokens: dict[str, str] = {}
    for kid in kids:
        tokens[f"kid {kid!r:.40}"] = token(header_of(clock, kid=kid), claims, by_key(mine))
        tokens[f"kid {kid!r:.40}, empty secret"] = token(header_of(clock, kid=kid, alg="HS256"), claims, by_hmac(b""))
        if kid != week:
            tokens[f"kid {kid!r:.40}, ours"] = token(header_of(clock, kid=kid), claims, by_us(signing, clock.week))
    async with lure() as (address, visits):
        lures: list[dict[str, Any]] = [
            {"jwk": public}, {"jku": address}, {"x5u": address}, {"kid": address},
            {"x5c": [base64.b64encode(mine.as_der(private=False)).decode()]},
            {"jwk": public, "jku": address, "x5u": address}, {"crit": ["jku"], "jku": address},
        ]  # fmt: skip
        for lured in lures:
            tokens[f"with {lured}"] = token(header_of(clock, **lured), claims, by_key(mine))
            tokens[f"with {lured} and no kid"] = token(
                {"alg": ALGORITHM, "typ": TOKEN_TYPE, **lured}, claims, by_key(mine)
            )
        for crit in (["exp"], ["b64"], [], "jku", [7]):
            header = header_of(clock, crit=crit, b64=False)
            tokens[f"crit {crit}, ours"] = token(header, claims, by_us(signing, clock.week))
        await must_be_refused(api, tokens)
        assert visits == []


async def test_a_token_of_ours_is_for_one_issuer_one_audience_one_kind_and_one_person_on_one_device(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, pool: Pool, tenant: Tenant
) -> None:
    """§3.8, §3.9, §3.11, §3.12. All of these are signed with the real key."""
    stranger = await add_tenant(pool)
    rep, sign = tenant.rep, by_us(signing, clock.week)
    good = claims_of(clock, rep)
    others: list[dict[str, Any]] = [
        {"iss": "https://elsewhere.example"}, {"iss": f"{PUBLIC_URL}/"}, {"iss": ""}, {"iss": [PUBLIC_URL]},
        {"aud": "another"}, {"aud": []}, {"aud": ["another"]}, {"aud": {}}, {"aud": None}, {"aud": "PARLEY-API"},
        {"org": str(stranger.organization_id)}, {"org": None}, {"org": ""}, {"org": "' OR true --"},
        {"sub": str(stranger.rep.user_id)}, {"sub": str(tenant.admin.user_id)}, {"sub": str(uuid7())}, {"sub": 7},
        {"sub": [str(rep.user_id)]}, {"sub": "\0"}, {"sub": "x" * 10_000},
        {"dev": str(device_of(tenant.admin))}, {"dev": str(device_of(stranger.rep))}, {"dev": str(uuid7())},
        {"dev": None}, {"dev": {}},
        {"exp": clock.seconds}, {"exp": clock.seconds - 1}, {"exp": 0}, {"exp": -1}, {"exp": None}, {"exp": True},
        {"exp": str(clock.seconds + 300)}, {"exp": [clock.seconds + 300]}, {"exp": float("nan")},
        {"iat": clock.seconds + 60}, {"iat": None}, {"iat": "now"},
        {"nbf": clock.seconds + 1}, {"nbf": clock.seconds + 10**9}, {"nbf": "later"}, {"nbf": float("inf")},
    ]  # fmt: skip
    tokens = {f"{other!s:.60}": token(header_of(clock), good | other, sign) for other in others}
    tokens |= {f"no {name}": token(header_of(clock), without(good, name), sign) for name in good}
    tokens |= {
        f"typ {typ!r}": token(header_of(clock, typ=typ), good, sign)
        for typ in ("JWT", "jwt", "at+JWT", "application/at+jwt", "secevent+jwt", "", None, 7, ["at+jwt"])
    }
    tokens["no typ"] = token(without(header_of(clock), "typ"), good, sign)
    for odd in ([], "a word", 7, None, [good]):
        tokens[f"claims {odd!s:.20}"] = token(header_of(clock), odd, sign)
        tokens[f"header {odd!s:.20}"] = token(odd, good, sign)
    tokens["a deep header"] = f"{text(b'[' * 50_000)}.{packed(good)}.{text(bytes(64))}"
    await must_be_refused(api, tokens)
    others_secret = SignIn(secret="t" * 32, public_url=PUBLIC_URL, clock=clock)
    elsewhere = SignIn(secret=SECRET, public_url="https://elsewhere.example", clock=clock)
    await must_be_refused(
        api,
        {
            "another installation's": others_secret.access_token(who(rep)),
            "ours under another address": elsewhere.access_token(who(rep)),
        },
    )


async def test_a_token_lives_five_minutes_and_not_a_second_more(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, tenant: Tenant
) -> None:
    given = signing.access_token(who(tenant.rep))
    made = clock.now
    clock.now = made + ACCESS_LIFETIME - timedelta(seconds=1)
    await must_be_good(api, given)
    clock.now = made + ACCESS_LIFETIME
    await must_be_refused(api, {"expired": given})
    clock.now = made - timedelta(seconds=1)
    await must_be_refused(api, {"not yet made": given})


async def test_the_key_of_last_week_still_verifies_and_no_other_does(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, tenant: Tenant
) -> None:
    for week, is_good in ((0, True), (-1, True), (-2, False), (-3, False), (1, False)):
        header = header_of(clock, kid=str(clock.week + week))
        given = token(header, claims_of(clock, tenant.rep), by_us(signing, clock.week + week))
        await (must_be_good(api, given) if is_good else must_be_refused(api, {f"key of week {week}": given}))
    last = token(header_of(clock), claims_of(clock, tenant.rep), by_us(signing, clock.week - 1))
    await must_be_refused(api, {"last week's key under this week's name": last})

    clock.now += timedelta(seconds=WEEK_S / 2 - 1)  # the last second of the week
    given = signing.access_token(who(tenant.rep))
    clock.now += timedelta(minutes=4)
    await must_be_good(api, given)
    assert signing.access_token(who(tenant.rep)).partition(".")[0] != given.partition(".")[0]
    clock.now += KEY_PERIOD
    await must_be_refused(api, {"two weeks later": given})


async def test_no_other_secret_of_ours_is_an_access_token(
    api: httpx.AsyncClient, signing: SignIn, tenant: Tenant, livekit: LiveKitAccess
) -> None:
    """§2.8, cross-JWT confusion: a room token in particular, whose holder is a guest."""
    rooms = Rooms(url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret)
    ours = Rooms(url=livekit.url, api_key=PUBLIC_URL, api_secret=SECRET)
    consent = Consent(transcription=True, recording=False)
    links = Links(secret=SECRET, public_url=PUBLIC_URL)
    link = Link(call_id=uuid7(), invitee_id=uuid7(), revision=1)  # type: ignore[arg-type]
    await must_be_refused(
        api,
        {
            "a room token": rooms.token("call-1", Identity("rep-1"), "Ada", ParticipantRole.REP, consent),
            "a room token signed with our secret": ours.token(
                "call-1", Identity(str(tenant.rep.user_id)), "Ada", ParticipantRole.REP, consent
            ),
            "a refresh token": signing.refresh_token(Refresh(device_id=device_of(tenant.rep), generation=1)),
            "a join link": links.secret_of(link),
            "the secret": SECRET,
        },
    )
    await rooms.aclose()
    await ours.aclose()


async def test_the_media_server_takes_room_tokens_and_nothing_else_of_ours(
    signing: SignIn, clock: Clock, tenant: Tenant, livekit: LiveKitAccess
) -> None:
    rooms = Rooms(url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret)
    consent = Consent(transcription=True, recording=False)
    good = rooms.token("call-1", Identity("rep-1"), "Ada", ParticipantRole.REP, consent)
    await rooms.aclose()
    head, body, signature = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    key = livekit.api_secret.encode()
    bad = {
        "an access token": signing.access_token(who(tenant.rep)),
        "alg none": f"{packed({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "unsigned": f"{head}.{body}.",
        "another's secret": token({"alg": "HS256"}, claims, by_hmac(b"another secret of thirty-two chars")),
        "another's key": token({"alg": "HS256"}, claims | {"iss": "nobody"}, by_hmac(key)),
        "expired": token({"alg": "HS256"}, claims | {"nbf": 1, "exp": 1_000_000_000}, by_hmac(key)),
        "no room": token({"alg": "HS256"}, without(claims, "video"), by_hmac(key)),
        "more room": f"{head}.{packed(claims | {'video': claims['video'] | {'roomAdmin': True}})}.{signature}",
    }
    address = f"{livekit.url.replace('ws', 'http', 1)}/rtc/validate"
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(address, params={"access_token": good})).status_code == 200
        for what, given in bad.items():
            assert (await http.get(address, params={"access_token": given})).status_code == 401, what


async def test_thousands_of_bent_tokens_are_all_refused_and_none_is_an_accident(
    api: httpx.AsyncClient, signing: SignIn, tenant: Tenant
) -> None:
    """Cut off, one to three bits turned over, a character doubled, two parts of two tokens put together."""
    chance = random.Random(SEED)
    good = signing.access_token(who(tenant.rep)).encode()
    other = signing.access_token(who(tenant.admin)).encode().split(b".")
    for number in range(BENT):
        raw = bytearray(good)
        at = chance.randrange(len(raw))
        match number % 4:
            case 0:
                del raw[at:]
            case 1:
                for _ in range(chance.randint(1, 3)):
                    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            case 2:
                raw.insert(at, raw[at])
            case _:
                parts = good.split(b".")
                parts[chance.randrange(1, 3)] = other[1] if chance.random() < 0.5 else other[2][: chance.randrange(86)]
                raw = bytearray(b".".join(parts))
        bent = bytes(raw)
        if bent == good:
            continue
        for answer in await asked(api, bent.replace(b"\r", b"?").replace(b"\n", b"?")):
            assert answer.status_code == 401, bent
            assert answer.headers["content-type"] == "application/problem+json"
