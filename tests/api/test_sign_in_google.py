"""Signing in by OpenID Connect, against a provider on the loopback that can also lie."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.arrival import page_of_ours
from api.openid import CALLBACK, Attempt, Attempts
from api.settings import ApiSettings
from db import people
from db.pool import Pool, transaction
from domain.people import User, UserRole, UserStatus
from tests.api.conftest import NOBODY_THERE, PUBLIC_URL, SECRET, Start, is_problem, settings
from tests.conftest import Database
from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, OpenId, running_openid
from tests.sample import Tenant, a_user, add_tenant

pytestmark = pytest.mark.db

COOKIE = "parley_openid"


@pytest.fixture
async def provider() -> AsyncIterator[OpenId]:
    async with running_openid() as running:
        running.callbacks = {PUBLIC_URL + CALLBACK}
        yield running


def with_provider(database: Database, web_dir: Path, provider: OpenId, **other: Any) -> ApiSettings:
    return settings(
        database,
        NOBODY_THERE,
        web_dir,
        PARLEY_OPENID_ISSUER=provider.url,
        PARLEY_OPENID_CLIENT_ID=CLIENT_ID,
        PARLEY_OPENID_CLIENT_SECRET=CLIENT_SECRET,
        **other,
    )


@pytest.fixture
async def client(start: Start, database: Database, web_dir: Path, provider: OpenId) -> httpx.AsyncClient:
    return await start(with_provider(database, web_dir, provider))


@dataclass(frozen=True)
class Walk:
    """A browser's way to the provider and back."""

    left: httpx.Response  # our redirect to the provider
    back: str  # where the provider redirects to


async def go(client: httpx.AsyncClient, provider: OpenId, next: str | None = None) -> Walk:
    left = await client.get("/api/v1/sign-in/google", params={"next": next} if next is not None else {})
    assert left.status_code == 303, left.text
    assert left.headers["location"].startswith(f"{provider.url}/authorize?"), left.headers["location"]
    async with httpx.AsyncClient(trust_env=False) as browser:
        there = await browser.get(left.headers["location"])
    assert there.status_code == 302, there.text
    return Walk(left, there.headers["location"])


async def sign_in(client: httpx.AsyncClient, provider: OpenId, next: str | None = None) -> str:
    """Where it ends."""
    answer = await client.get((await go(client, provider, next)).back)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def is_somebody(provider: OpenId, user: User, subject: str, **more: Any) -> None:
    provider.who = {"sub": subject, "email": user.email, "name": user.name, **more}


async def who_am_i(client: httpx.AsyncClient) -> str | None:
    answer = await client.get("/api/v1/me")
    return str(answer.json()["user_id"]) if answer.status_code == 200 else None


async def as_it_is(pool: Pool, user: User) -> User:
    async with transaction(pool, user.organization_id) as connection:
        found = await people.get(connection, user.organization_id, user.user_id)
    assert found is not None
    return found


async def identities_of(owner: Any, user: User) -> list[tuple[str, str]]:
    rows = await owner.fetch("SELECT issuer, subject FROM user_identities WHERE user_id = $1", user.user_id)
    return [(row["issuer"], row["subject"]) for row in rows]


async def keep_domain(owner: Any, tenant: Tenant, domain: str) -> None:
    await owner.execute(
        "INSERT INTO organization_settings (organization_id, google_domain) VALUES ($1, $2)",
        tenant.organization_id, domain,
    )  # fmt: skip


async def test_somebody_with_a_verified_address_comes_in_and_goes_on_to_the_page_they_wanted(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, owner: Any
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    assert await sign_in(client, provider, "/calls?status=live") == "/calls?status=live"
    assert await who_am_i(client) == str(tenant.rep.user_id)
    assert await identities_of(owner, tenant.rep) == [(provider.url, "sub-1")]
    entry = await owner.fetchrow(
        "SELECT actor_id, facts::text AS facts FROM audit_entries WHERE organization_id = $1 AND action = 'signed_in'",
        tenant.organization_id,
    )
    assert entry["actor_id"] == tenant.rep.user_id
    assert "google" in entry["facts"]
    assert (await client.get("/api/v1/sign-in")).json()["google"] is True


async def test_what_goes_out_asks_for_a_code_with_pkce_state_and_nonce_and_stays_with_this_browser(
    client: httpx.AsyncClient, provider: OpenId
) -> None:
    walks = [await go(client, provider) for _ in range(2)]
    asked = [parse_qs(urlsplit(walk.left.headers["location"]).query) for walk in walks]
    for one in asked:
        assert one["response_type"] == ["code"]
        assert one["code_challenge_method"] == ["S256"]
        assert one["redirect_uri"] == [f"{PUBLIC_URL}{CALLBACK}"]
        assert set(one["scope"][0].split()) == {"openid", "email", "profile"}
        assert not {"client_secret", "code_verifier"} & set(one)
        assert len(one["state"][0]) >= 43
        assert len(one["nonce"][0]) >= 43
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    (cookie,) = walks[0].left.headers.get_list("set-cookie")
    assert cookie.startswith(f"{COOKIE}=")
    for word in ("httponly", "samesite=lax", "path=/;", "max-age=600"):
        assert word in cookie.lower()


async def test_the_cookie_is_gone_after_the_way_back_and_the_way_cannot_be_gone_twice(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    walk = await go(client, provider)
    kept = client.cookies.get(COOKIE)
    answer = await client.get(walk.back)
    assert answer.headers["location"] == "/"
    assert client.cookies.get(COOKIE) is None
    client.cookies.clear()
    for cookie in ({}, {"Cookie": f"{COOKIE}={kept}"}):
        again = await client.get(walk.back, headers=cookie)
        assert again.headers["location"] == "/sign-in?problem=google-failed"
    assert await who_am_i(client) is None
    assert provider.redeemed == 1


async def test_somebody_is_known_by_their_account_and_not_by_an_address_that_passed_to_another(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, pool: Pool, owner: Any
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    await sign_in(client, provider)
    provider.who["email"] = "moved@elsewhere.example"
    client.cookies.clear()
    assert await sign_in(client, provider) == "/"
    assert await who_am_i(client) == str(tenant.rep.user_id)
    client.cookies.clear()
    is_somebody(provider, tenant.rep, "another-person")
    assert await sign_in(client, provider) == "/sign-in?problem=not-invited"
    assert await who_am_i(client) is None
    assert await identities_of(owner, tenant.rep) == [(provider.url, "sub-1")]


async def test_an_account_that_is_bound_to_one_is_not_bound_to_a_colleague(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, owner: Any
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    await sign_in(client, provider)
    is_somebody(provider, tenant.manager, "sub-1")
    await sign_in(client, provider)
    assert await who_am_i(client) == str(tenant.rep.user_id)
    assert await identities_of(owner, tenant.manager) == []


async def test_an_invited_person_becomes_active(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, pool: Pool
) -> None:
    user = a_user(tenant.organization_id, UserRole.MANAGER)
    async with transaction(pool, tenant.organization_id) as connection:
        assert await people.add_invited(connection, user)
    is_somebody(provider, replace(user, email=user.email.upper()), "sub-2", name="Somebody Else")
    assert await sign_in(client, provider) == "/profile"
    now = await as_it_is(pool, user)
    assert (now.status, now.name, now.role) == (UserStatus.ACTIVE, user.name, UserRole.MANAGER)
    assert await who_am_i(client) == str(user.user_id)


async def test_strangers_and_disabled_people_stay_out(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, owner: Any
) -> None:
    provider.who = {"sub": "stranger", "email": "stranger@nowhere.example"}
    assert await sign_in(client, provider) == "/sign-in?problem=not-invited"
    is_somebody(provider, tenant.rep, "sub-1")
    await sign_in(client, provider)
    await owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", tenant.rep.user_id)
    assert await who_am_i(client) is None
    for subject, problem in (("sub-1", "disabled"), ("sub-9", "not-invited")):
        is_somebody(provider, tenant.rep, subject)
        assert await sign_in(client, provider) == f"/sign-in?problem={problem}", "only they themselves are told so"
        assert await who_am_i(client) is None


async def test_an_organization_lets_in_its_own_hosted_domain_only(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, owner: Any
) -> None:
    await keep_domain(owner, tenant, "Acme.example")
    for wrong in ({}, {"hd": "evil.example"}, {"hd": ""}, {"hd": "acme.example.evil.example"}):
        is_somebody(provider, tenant.rep, "sub-1", **wrong)
        assert await sign_in(client, provider) == "/sign-in?problem=wrong-domain"
    assert await identities_of(owner, tenant.rep) == []
    is_somebody(provider, tenant.rep, "sub-1", hd="acme.example")
    assert await sign_in(client, provider) == "/"
    client.cookies.clear()
    is_somebody(provider, tenant.rep, "sub-1")
    assert await sign_in(client, provider) == "/sign-in?problem=wrong-domain", "also for whoever was in before"
    assert await who_am_i(client) is None


async def test_of_several_organizations_it_is_the_first_that_takes_them(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, pool: Pool, owner: Any
) -> None:
    other = await add_tenant(pool)
    twin = replace(a_user(other.organization_id, UserRole.ADMIN), email=tenant.rep.email)
    async with transaction(pool, other.organization_id) as connection:
        await people.add_user(connection, twin)
    await keep_domain(owner, tenant, "acme.example")
    is_somebody(provider, twin, "sub-1")
    assert await sign_in(client, provider) == "/"
    assert await who_am_i(client) == str(twin.user_id)
    assert await identities_of(owner, tenant.rep) == []


async def test_the_same_new_person_in_two_tabs_at_once_comes_in_twice(
    client: httpx.AsyncClient, start: Start, database: Database, web_dir: Path, provider: OpenId, tenant: Tenant,
    owner: Any,
) -> None:  # fmt: skip
    other = await start(with_provider(database, web_dir, provider))
    is_somebody(provider, tenant.rep, "sub-1")
    walks = [await go(one, provider) for one in (client, other)]
    answers = await asyncio.gather(*(one.get(walk.back) for one, walk in zip((client, other), walks, strict=True)))
    assert [answer.headers["location"] for answer in answers] == ["/", "/"]
    assert await identities_of(owner, tenant.rep) == [(provider.url, "sub-1")]


LIES: dict[str, tuple[str, dict[str, Any]]] = {
    "the nonce of another attempt": ("RS256", {"nonce": "another"}),
    "no nonce": ("RS256", {"nonce": None}),
    "meant for another client": ("RS256", {"aud": "another-client"}),
    "meant for another client as well": ("RS256", {"aud": [CLIENT_ID, "another-client"]}),
    "meant for nobody": ("RS256", {"aud": None}),
    "another issuer": ("RS256", {"iss": "https://accounts.google.com.evil.example"}),
    "no issuer": ("RS256", {"iss": None}),
    "over": ("RS256", {"exp": 1_700_000_000, "iat": 1_600_000_000}),
    "without an end": ("RS256", {"exp": None}),
    "from the future": ("RS256", {"iat": 2**33}),
    "an address that nobody has verified": ("RS256", {"email_verified": False}),
    "an address of which nothing is said": ("RS256", {"email_verified": None}),
    "an address that is verified in words only": ("RS256", {"email_verified": "true"}),
    "no address": ("RS256", {"email": None}),
    "nobody": ("RS256", {"sub": None}),
    "a number for a person": ("RS256", {"sub": 7}),
    "no signature": ("none", {}),
    "a signature with the public key as a secret": ("HS256", {}),
    "a signature with the modulus as a secret": ("HS256 with the modulus", {}),
    "a stranger's signature": ("stranger", {}),
}


@pytest.mark.parametrize("name", LIES)
async def test_an_id_token_that_lies_is_refused(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, owner: Any, name: str
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    provider.signs, provider.lies = LIES[name]
    walk = await go(client, provider)
    answer = await client.get(walk.back)
    assert answer.headers["location"] == "/sign-in?problem=google-failed"
    assert provider.redeemed == 1, "it was the id_token that was refused"
    assert await who_am_i(client) is None
    assert await identities_of(owner, tenant.rep) == []


async def test_both_kinds_of_good_signatures_are_taken(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant
) -> None:
    for provider.signs, provider.lies in (("ES256", {}), ("RS256", {"aud": [CLIENT_ID]})):
        client.cookies.clear()
        is_somebody(provider, tenant.rep, "sub-1")
        assert await sign_in(client, provider) == "/"
        assert await who_am_i(client) == str(tenant.rep.user_id)


async def test_a_provider_whose_keys_have_changed_since_is_believed(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    await sign_in(client, provider)
    provider.rsa = type(provider.rsa).generate_key(2048, {"kid": "rsa", "use": "sig"})
    assert await sign_in(client, provider) == "/"
    assert provider.discovered == 1, "the endpoints are kept"


@pytest.mark.parametrize("state", ["", "another", None])
async def test_a_state_that_is_not_this_browsers_never_reaches_the_provider(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, state: str | None
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    walk = await go(client, provider)
    code = parse_qs(urlsplit(walk.back).query)["code"][0]
    answer = await client.get(CALLBACK, params={"code": code} | ({"state": state} if state is not None else {}))
    assert answer.headers["location"] == "/sign-in?problem=google-failed"
    assert (provider.redeemed, provider.refusals) == (0, [])


async def test_a_way_back_that_somebody_else_began_signs_nobody_in(
    client: httpx.AsyncClient, start: Start, database: Database, web_dir: Path, provider: OpenId, tenant: Tenant
) -> None:
    """Or a stranger could sign others in as themselves, and read what they then write."""
    stranger = await start(with_provider(database, web_dir, provider))
    is_somebody(provider, tenant.admin, "stranger")
    theirs = await go(stranger, provider)
    await go(client, provider)
    assert (await client.get(theirs.back)).headers["location"] == "/sign-in?problem=google-failed"
    assert await who_am_i(client) is None
    assert provider.redeemed == 0


async def test_a_stolen_code_is_worth_nothing_without_its_verifier(
    client: httpx.AsyncClient, start: Start, database: Database, web_dir: Path, provider: OpenId, tenant: Tenant
) -> None:
    is_somebody(provider, tenant.admin, "sub-1")
    theirs = parse_qs(urlsplit((await go(client, provider)).back).query)["code"][0]
    thief = await start(with_provider(database, web_dir, provider))
    mine = parse_qs(urlsplit((await go(thief, provider)).back).query)["state"][0]
    answer = await thief.get(CALLBACK, params={"code": theirs, "state": mine})
    assert answer.headers["location"] == "/sign-in?problem=google-failed"
    assert provider.refusals == ["the verifier does not fit the challenge"]
    assert await who_am_i(thief) is None


async def test_a_cookie_that_we_did_not_make_is_no_attempt(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    attempt = Attempt.begin("/")
    good = Attempts(secret=SECRET).close(attempt)
    assert Attempts(secret=SECRET).open(good, attempt.state) == attempt
    for bad in (
        Attempts(secret="t" * 32).close(attempt), good[:-2], good.rpartition(".")[0] + ".", "", "a.b.c", "é", "." * 9,
    ):  # fmt: skip
        assert Attempts(secret=SECRET).open(bad, attempt.state) is None
        answer = await client.get(
            CALLBACK, params={"code": "c", "state": attempt.state}, headers=[(b"cookie", f"{COOKIE}={bad}".encode())]
        )
        assert answer.headers["location"] == "/sign-in?problem=google-failed"
    assert provider.refusals == []


async def test_an_attempt_is_over_after_ten_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempt, attempts = Attempt.begin("/"), Attempts(secret=SECRET)
    monkeypatch.setattr("api.openid.ATTEMPT_LIFETIME_S", -1)
    assert attempts.open(attempts.close(attempt), attempt.state) is None


async def test_a_person_who_says_no_there_comes_back_to_the_sign_in_page(
    client: httpx.AsyncClient, provider: OpenId
) -> None:
    state = parse_qs(urlsplit((await go(client, provider)).back).query)["state"][0]
    answer = await client.get(CALLBACK, params={"error": "access_denied", "state": state})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?problem=google-failed")


async def test_a_provider_that_is_away_or_is_not_itself_is_an_answer_and_no_accident(
    start: Start, database: Database, web_dir: Path, provider: OpenId
) -> None:
    client = await start(with_provider(database, web_dir, provider))
    for provider.is_away, provider.says_it_is in ((True, ""), (False, "https://evil.example")):
        answer = await client.get("/api/v1/sign-in/google")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?problem=google-failed")
        assert "set-cookie" not in answer.headers
    provider.says_it_is = ""
    walk = await go(client, provider)
    provider.is_away = True
    assert (await client.get(walk.back)).headers["location"] == "/sign-in?problem=google-failed"


@pytest.mark.parametrize(
    "answer", [{}, [], "x", 7, {"access_token": "a"}, {"error": "server_error"}, {"id_token": 7, "access_token": "a"},
               {"id_token": "a.b.c", "access_token": "a"}, {"id_token": {}, "access_token": "a"}],
    ids=str,
)  # fmt: skip
async def test_whatever_the_provider_answers_to_a_code_is_no_accident(
    client: httpx.AsyncClient, provider: OpenId, answer: Any
) -> None:
    provider.answer = answer
    assert await sign_in(client, provider) == "/sign-in?problem=google-failed"


async def test_without_a_client_id_there_is_no_such_way_in(
    start: Start, database: Database, web_dir: Path, provider: OpenId
) -> None:
    client = await start(settings(database, NOBODY_THERE, web_dir, PARLEY_OPENID_ISSUER=provider.url))
    for address in ("/api/v1/sign-in/google", f"{CALLBACK}?code=a&state=b"):
        is_problem(await client.get(address), 404, "not-found")
    assert provider.discovered == 0


async def test_over_https_the_attempt_travels_over_https_only(
    start: Start, database: Database, web_dir: Path, provider: OpenId
) -> None:
    client = await start(with_provider(database, web_dir, provider, PARLEY_PUBLIC_URL="https://parley.test"))
    (cookie,) = (await client.get("/api/v1/sign-in/google")).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-parley_openid=")
    attributes = [one.strip() for one in cookie.lower().split(";")[1:]]
    assert {"secure", "path=/"} <= set(attributes), "or a browser refuses the prefix"
    assert not any(one.startswith("domain") for one in attributes)


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
             "/\t/evil.example", "/%0d\r\nSet-Cookie: a=b", "calls", "", "/x" * 400, "/api/v1/sign-in/google", "/é",
             "http:evil.example", " //evil.example", "/\x00", "/.//evil.example", "/calls/..//evil.example",
             "/%2e//evil.example?next=/calls"],
)  # fmt: skip
async def test_nobody_is_sent_to_a_strangers_page_from_here(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, next: str
) -> None:
    assert page_of_ours(next) == "/"
    is_somebody(provider, tenant.rep, "sub-1")
    assert await sign_in(client, provider, next) == "/"


async def test_neither_codes_nor_tokens_nor_addresses_are_logged(
    client: httpx.AsyncClient, provider: OpenId, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    is_somebody(provider, tenant.rep, "sub-1")
    good = await go(client, provider)
    await client.get(good.back)
    provider.lies = {"nonce": "another"}
    bad = await go(client, provider)
    await client.get(bad.back)
    told = "".join(capsys.readouterr())
    assert "sign-in with the provider failed" in told
    for walk in (good, bad):
        for value in parse_qs(urlsplit(walk.back).query).values():
            assert value[0] not in told
    assert tenant.rep.email not in told
    assert CLIENT_SECRET not in told
