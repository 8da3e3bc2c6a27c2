"""Cookies, the demo, and requests that another site's page makes with our cookie."""

import asyncio
import base64
import json
import re
import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from api import demo
from api.auth import ALGORITHM, AUDIENCE, KEY_PERIOD, TOKEN_TYPE, SignIn
from db.pool import Pool, transaction
from domain.ids import uuid7
from tests.api.conftest import (
    ACCESS_COOKIE,
    NOBODY_THERE,
    PUBLIC_URL,
    SECRET,
    Start,
    app_of,
    booked,
    cookie_of,
    is_problem,
    settings,
    signed_in,
)
from tests.conftest import Database
from tests.sample import Tenant, add_tenant, device_of

pytestmark = pytest.mark.db

FOR_ANYBODY = {
    "/health", "/demo/sign-ins", "/demo", "/livekit/webhooks", "/joins", "/joins/room-tokens", "/joins/consent",
    "/joins/messages", "/joins/management", "/joins/moves", "/joins/cancellations", "/joins/preferences",
    "/joins/unsubscriptions", "/joins/places/departures", "/sign-in", "/sign-in/refreshes", "/sign-in/links",
    "/sign-in/link-views", "/sign-in/link-uses", "/sign-in/google", "/sign-in/google/callback",
}  # fmt: skip


def claims(tenant: Tenant, **other: Any) -> dict[str, Any]:
    return {
        "iss": PUBLIC_URL, "aud": AUDIENCE, "sub": str(tenant.rep.user_id), "org": str(tenant.organization_id),
        "dev": str(device_of(tenant.rep)), "iat": 0, "exp": 2**40, **other,
    }  # fmt: skip


def token(claims: dict[str, Any], key: str = "any secret that is not the key", algorithm: str = "HS256") -> str:
    header = {"alg": algorithm, "typ": TOKEN_TYPE, "kid": str(int(time.time() // KEY_PERIOD.total_seconds()))}
    return jwt.encode(header, claims, OctKey.import_key(key), algorithms=[algorithm])


def ours(tenant: Tenant, **other: Any) -> str:
    """Signed with our own key."""
    signing = SignIn(secret=SECRET, public_url=PUBLIC_URL)
    period = int(time.time() // KEY_PERIOD.total_seconds())
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": str(period)}
    return jwt.encode(header, claims(tenant, **other), signing._key(period))


async def test_without_a_cookie_nothing_of_an_organization_answers(client: httpx.AsyncClient) -> None:
    asked = 0
    for path, operations in app_of(client).openapi()["paths"].items():
        if path.removeprefix("/api/v1") in FOR_ANYBODY:
            continue
        for method in operations:
            address = re.sub(r"\{[^}]*\}", str(uuid7()), path)
            is_problem(await client.request(method.upper(), address), 401, "not-signed-in")
            asked += 1
    assert asked > 25


async def test_a_cookie_opens_what_its_organization_has(client: httpx.AsyncClient, tenant: Tenant) -> None:
    me = (await signed_in(client, tenant.manager).get("/api/v1/me")).json()
    assert (me["user_id"], me["role"]) == (str(tenant.manager.user_id), "manager")
    assert me["organization_name"] == "Acme"


async def test_a_cookie_that_we_did_not_make_or_that_is_over_opens_nothing(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    good = cookie_of(tenant.rep)
    head, body, signature = good.split(".")
    for bad in (
        token(claims(tenant)),
        token(claims(tenant), algorithm="HS512"),
        ours(tenant, exp=1),
        ours(tenant, aud="another"),
        ours(tenant, iss="https://elsewhere.example"),
        ours(tenant, org=str(stranger.organization_id)),
        ours(tenant, sub=str(uuid7())),
        ours(tenant, dev=str(uuid7())),
        ours(tenant, sub=7),
        ours(tenant, org=None),
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{head}.{body}.",
        good[:-2],
        "", ".", "..", "a.b.c", "W10.W10.W10", "é", "\xff\xfe", "x" * 5_000,
    ):  # fmt: skip
        answer = await client.get("/api/v1/me", headers=[(b"cookie", f"{ACCESS_COOKIE}={bad}".encode("latin-1"))])
        is_problem(answer, 401, "not-signed-in")
    client.cookies.clear()
    assert (await client.get("/api/v1/me", headers={"Cookie": f"{ACCESS_COOKIE}={good}"})).status_code == 200


async def test_the_demo_signs_in_with_a_cookie_that_scripts_and_other_sites_do_not_get(
    client: httpx.AsyncClient,
) -> None:
    for role in ("manager", "rep", "admin"):
        answer = await client.post("/api/v1/demo/sign-ins", json={"as": role})
        assert answer.json()["role"] == role
        assert answer.json()["local_mode"] is True
        access, refresh = (cookie.lower() for cookie in answer.headers.get_list("set-cookie"))
        assert "httponly" in access
        assert "samesite=lax" in access
        assert "httponly" in refresh
        assert "samesite=strict" in refresh
        assert "path=/api/v1/sign-in;" in refresh
        assert (await client.get("/api/v1/me")).json() == answer.json()
    assert (await client.delete("/api/v1/sign-in")).status_code == 204
    is_problem(await client.get("/api/v1/me"), 401, "not-signed-in")


async def test_over_https_the_cookie_travels_over_https_only(start: Start, database: Database, tmp_path: Any) -> None:
    there = settings(database, NOBODY_THERE, tmp_path, PARLEY_PUBLIC_URL="https://parley.test")
    answer = await (await start(there)).post("/api/v1/demo/sign-ins", json={"as": "rep"})
    access, refresh = answer.headers.get_list("set-cookie")
    assert access.startswith("__Host-parley_access=")
    assert refresh.startswith("__Secure-parley_refresh=")
    assert all("secure" in cookie.lower() for cookie in (access, refresh))


async def test_where_strangers_come_there_is_no_demo(start: Start, database: Database, tmp_path: Any) -> None:
    public = await start(settings(database, NOBODY_THERE, tmp_path, PARLEY_LOCAL_MODE=False))
    is_problem(await public.post("/api/v1/demo/sign-ins", json={"as": "rep"}), 404, "not-found")
    is_problem(await public.get("/api/v1/demo"), 404, "not-found")


async def test_who_is_no_longer_there_is_signed_out_at_once(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    signed_in(client, tenant.manager)
    assert (await client.get("/api/v1/me")).status_code == 200
    await owner.execute("DELETE FROM users WHERE id = $1", tenant.manager.user_id)
    is_problem(await client.get("/api/v1/me"), 401, "not-signed-in")


async def test_however_many_ask_for_the_demo_call_at_once_there_is_one_until_it_has_ended(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    async with transaction(pool, demo.ORGANIZATION_ID) as connection:
        await demo.ensure_people(connection)
        await connection.execute("UPDATE calls SET status = 'ended', ended_at = now() WHERE ended_at IS NULL")
    answers = await asyncio.gather(*(client.get("/api/v1/demo") for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["call"]["call_id"] for answer in answers}) == 1
    first = answers[0].json()
    view = await client.post("/api/v1/joins", json={"link": first["join_link"].partition("#")[2]})
    assert view.json()["may_join"] is True
    async with transaction(pool, demo.ORGANIZATION_ID) as connection:
        await connection.execute("UPDATE calls SET status = 'ended', ended_at = now() WHERE ended_at IS NULL")
    assert (await client.get("/api/v1/demo")).json()["call"]["call_id"] != first["call"]["call_id"]


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:5173"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC_URL}, False),
        ({"Origin": PUBLIC_URL}, True),
        ({"Origin": "http://192.168.0.7:8000", "Host": "192.168.0.7:8000"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://parley.test.evil.example"}, False),
        ({"Origin": "http://["}, False),
    ],
)
async def test_what_another_sites_page_sends_with_our_cookie_changes_nothing(
    client: httpx.AsyncClient, tenant: Tenant, headers: dict[str, str], is_ours: bool
) -> None:
    await booked(client, tenant)
    answer = await client.post("/api/v1/leads", json={"name": "Ken", "company": "Joinery"}, headers=headers)
    if is_ours:
        assert answer.status_code == 201
    else:
        is_problem(answer, 403, "cross-site")
        assert len((await client.get("/api/v1/leads", headers=headers)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("parley.test", True),
        ("PARLEY.test.:8000", True),
        ("localhost:8000", True),
        ("127.0.0.1", True),
        ("[::1]:8000", True),
        ("192.168.0.7:8000", True),
        ("evil.example", False),
        ("parley.test.evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
    ],
)
async def test_a_name_that_was_made_to_point_at_a_local_copy_signs_nobody_in_and_reads_nothing(
    client: httpx.AsyncClient, host: str, is_ours: bool
) -> None:
    """The page of that name is of the same origin for the browser, and no cookie is needed for the demo."""
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    signed = await client.post("/api/v1/demo/sign-ins", json={"as": "admin"}, headers=headers)
    read = await client.get("/api/v1/demo", headers=headers)
    if is_ours:
        assert (signed.status_code, read.status_code) == (200, 200)
    else:
        for answer in (signed, read):
            is_problem(answer, 421, "unknown-host")


async def test_a_public_copy_answers_to_every_name(start: Start, database: Database, tmp_path: Any) -> None:
    public = await start(settings(database, NOBODY_THERE, tmp_path, PARLEY_LOCAL_MODE=False))
    assert (await public.get("/api/v1/sign-in", headers={"Host": "behind-a-proxy"})).status_code == 200


async def test_what_people_made_of_the_demo_stays_when_somebody_signs_in_again(client: httpx.AsyncClient) -> None:
    await client.post("/api/v1/demo/sign-ins", json={"as": "manager"})
    lead = f"/api/v1/leads/{demo.LEADS[1].lead_id}"
    name = (await client.get(lead)).json()["name"]
    assert (await client.patch(lead, json={"name": "Somebody else"})).status_code == 200
    path = f"/api/v1/question-sets/{demo.QUESTION_SET.question_set_id}"
    before = (await client.get(path)).json()
    questions = [{key: value for key, value in one.items() if key != "position"} for one in before["questions"]]
    fewer = {"title": before["title"], "version": 1, "questions": questions[:0:-1]}
    assert (await client.put(path, json=fewer)).status_code == 200
    assert (await client.post("/api/v1/demo/sign-ins", json={"as": "rep"})).status_code == 200
    assert (await client.get("/api/v1/demo")).status_code == 200
    assert (await client.get(lead)).json()["name"] == "Somebody else"
    assert [one["text"] for one in (await client.get(path)).json()["questions"]] == [
        one["text"] for one in questions[:0:-1]
    ]
    await client.patch(lead, json={"name": name})
    whole = {
        "title": before["title"],
        "version": 2,
        "questions": [questions[0] | {"question_id": None}, *questions[1:]],
    }
    assert (await client.put(path, json=whole)).status_code == 200
