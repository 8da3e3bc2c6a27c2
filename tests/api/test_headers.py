"""What every answer tells the browser, and which other sites' pages may read one."""

import re
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from api.settings import ApiSettings
from tests.api.conftest import NOBODY_THERE, PUBLIC_URL, Start, cookie_of, is_problem, settings, signed_in
from tests.conftest import Database
from tests.sample import Tenant

pytestmark = pytest.mark.db

CRM = "https://crm.example.org"
PATHS = ("/", "/calls/7", "/assets/index-1a2b.js", "/favicon.svg", "/nothing.txt", "/api/v1/me", "/api/v1/nothing")
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


def directives(answer: httpx.Response) -> dict[str, str]:
    policy = answer.headers["content-security-policy"]
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_keeps_the_browser_to_ourselves(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert directives(answer)["frame-ancestors"] == "'none'"
    assert directives(answer)["base-uri"] == "'none'"
    assert directives(answer)["default-src"] in ("'self'", "'none'")
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


async def test_the_styles_of_our_scripts_have_a_nonce_of_each_answers_own(
    client: httpx.AsyncClient, web_dir: Path
) -> None:
    (web_dir / "index.html").write_text('<meta property="csp-nonce" nonce="STYLE_NONCE"><script nonce="STYLE_NONCE">')
    nonces = set()
    for _ in range(3):
        answer = await client.get("/")
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
        assert directives(answer)["style-src"] == f"'self' 'nonce-{nonce}'"
        assert nonce not in directives(answer)["default-src"]
        assert len(nonce) >= 22
        nonces.add(nonce)
    assert len(nonces) == 3


async def test_a_page_may_speak_to_us_and_to_the_media_server_only(client: httpx.AsyncClient) -> None:
    found = directives(await client.get("/"))
    assert found["connect-src"] == f"'self' {NOBODY_THERE.url} {NOBODY_THERE.url.replace('ws', 'http', 1)}"
    assert "script-src" not in found, "scripts are ours alone, by default-src"


async def test_over_https_browsers_are_told_to_stay_there(start: Start, database: Database, web_dir: Path) -> None:
    client = await start(settings(database, NOBODY_THERE, web_dir, PARLEY_PUBLIC_URL="https://calls.example.org"))
    for path in PATHS:
        assert (await client.get(path)).headers["strict-transport-security"] == "max-age=31536000"


@pytest.fixture
async def listed(start: Start, database: Database, web_dir: Path) -> httpx.AsyncClient:
    """With one other site on the list."""
    other = "https://desk.example.org"
    return await start(settings(database, NOBODY_THERE, web_dir, PARLEY_CORS_ORIGINS=f"{CRM}, {other}"))


async def test_no_other_site_may_read_anything_by_default(client: httpx.AsyncClient, tenant: Tenant) -> None:
    for origin in (CRM, PUBLIC_URL, "null", "*"):
        answer = await signed_in(client, tenant.rep).get("/api/v1/me", headers={"Origin": origin})
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers
        asked = await client.options("/api/v1/calls", headers={"Origin": origin, **PREFLIGHT})
        is_problem(asked, 405, "method-not-allowed")
        assert not [name for name in asked.headers if name.startswith("access-control")]


async def test_a_site_on_the_list_may_ask_with_a_token_and_never_with_cookies(
    listed: httpx.AsyncClient, tenant: Tenant
) -> None:
    preflight = await listed.options("/api/v1/leads", headers={"Origin": CRM, **PREFLIGHT})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == CRM
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert preflight.headers["x-content-type-options"] == "nosniff"
    browser = {"Origin": CRM, "Sec-Fetch-Site": "cross-site"}
    token = {"Authorization": f"Bearer {cookie_of(tenant.rep)}"}
    lead = {"name": "Robin Finch", "company": "Harbour"}
    made = await listed.post("/api/v1/leads", json=lead, headers={**browser, **token})
    assert made.status_code == 201, made.text
    for answer in (preflight, made):
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["vary"] == "Origin"
    signed_in(listed, tenant.rep)
    is_problem(await listed.post("/api/v1/leads", json=lead, headers=browser), 403, "cross-site")


async def test_a_site_that_is_not_on_the_list_is_not_named(listed: httpx.AsyncClient) -> None:
    for origin in ("https://evil.example.org", f"{CRM}.evil.example", f"{CRM}:444", "http://crm.example.org", "null"):
        for method in ("GET", "OPTIONS"):
            answer = await listed.request(method, "/api/v1/leads", headers={"Origin": origin, **PREFLIGHT})
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["vary"] == "Origin"


async def test_a_token_in_the_header_wins_over_the_cookie_so_no_other_site_can_ride_on_it(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    """Without this a made-up Bearer header would open the door that Origin keeps shut for cookies."""
    signed_in(client, tenant.rep)
    foreign = {"Origin": CRM, "Sec-Fetch-Site": "cross-site"}
    for authorization in ("Bearer made-up", "bearer made-up", "Bearer", "Bearer "):
        headers = {**foreign, "Authorization": authorization}
        answer = await client.post("/api/v1/leads", json={"name": "a", "company": "b"}, headers=headers)
        assert answer.status_code in (401, 403), f"{authorization!r}: {answer.status_code}"
    for authorization in ("Basic YTpi", "Token x", "", "Bearer\tmade-up"):
        headers = {**foreign, "Authorization": authorization}
        answer = await client.post("/api/v1/leads", json={"name": "a", "company": "b"}, headers=headers)
        is_problem(answer, 403, "cross-site")


@pytest.mark.parametrize("origins", ["*", "crm.example.org", "https://crm.example.org/", "ftp://x", "https://a/b"])
def test_the_list_names_whole_origins(database: Database, web_dir: Path, origins: str) -> None:
    with pytest.raises(ValidationError):
        settings(database, NOBODY_THERE, web_dir, PARLEY_CORS_ORIGINS=origins)


def test_lists_come_from_the_environment_parted_by_commas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PARLEY_CORS_ORIGINS", f"{CRM} ,https://desk.example.org,")
    monkeypatch.setenv("PARLEY_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1")
    for name, value in {
        "PARLEY_PORT": "1", "PARLEY_APP_DATABASE_URL": "x", "LIVEKIT_URL": "ws://x", "LIVEKIT_API_KEY": "x",
        "LIVEKIT_API_SECRET": "x", "PARLEY_SECRET": "s" * 32, "PARLEY_PUBLIC_URL": PUBLIC_URL, "PARLEY_WEB_DIR": "x",
        "PARLEY_AUDIT_DIR": "x",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    found = ApiSettings()
    assert found.cors_origins == (CRM, "https://desk.example.org")
    assert [str(network) for network in found.trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]
