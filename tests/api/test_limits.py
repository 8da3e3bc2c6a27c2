"""How often something may be asked for, and that nobody is locked out by what somebody else asks."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.limits import GUESSES, LIMITS, LOCAL_FACTOR, MOST_STREAMS, By
from api.settings import ApiSettings
from db import limits
from db.limits import Draw
from db.pool import Pool, transaction
from domain.people import UserRole
from jobs.chores import Chores
from tests.api.conftest import (
    ACCESS_COOKIE,
    NOBODY_THERE,
    Start,
    app_of,
    booked,
    booking,
    cookie_of,
    is_problem,
    link_of,
    settings,
    signed_in,
)
from tests.api.real_server import serving
from tests.conftest import Database, eventually
from tests.sample import Tenant, a_user, add_call, add_tenant, add_user

pytestmark = pytest.mark.db

WRONG = {"link": "A" * 67}
TESTS, TESTED = "/api/v1/settings/providers/tests", {"part": "speech_to_text"}


def public(database: Database, web_dir: Path, **other: Any) -> ApiSettings:
    """An installation that is no local copy, behind a proxy."""
    return settings(
        database, NOBODY_THERE, web_dir, PARLEY_LOCAL_MODE=False, PARLEY_TRUSTED_PROXIES="127.0.0.1", **other
    )


def somewhere() -> dict[str, str]:
    """An address from which nobody has asked yet."""
    number = uuid4().int
    return {"X-Forwarded-For": f"2001:db8:{number & 0xFFFF:x}:{number >> 16 & 0xFFFF:x}::1"}


@pytest.fixture
async def client(start: Start, database: Database, web_dir: Path) -> httpx.AsyncClient:
    client = await start(public(database, web_dir))
    client.headers.update(somewhere())
    return client


def is_too_much(answer: httpx.Response) -> int:
    """The seconds to wait."""
    is_problem(answer, 429, "too-many-requests")
    waiting_s = int(answer.headers["retry-after"])
    assert waiting_s >= 1
    return waiting_s


def test_every_limit_is_of_a_route_that_is_there_and_lets_people_work(client: httpx.AsyncClient) -> None:
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in app_of(client).openapi()["paths"].items()
        for method in operations
    }
    assert set(LIMITS) <= there
    assert GUESSES.burst >= 10
    for limit in chain.from_iterable(LIMITS.values()):
        assert limit.burst >= (5 if limit.by is By.RECIPIENT else 10), limit


async def test_two_processes_hold_one_limit_together(start: Start, database: Database, web_dir: Path) -> None:
    here, there = [await start(public(database, web_dir)) for _ in range(2)]
    address = somewhere()
    answers = [
        await client.post("/api/v1/joins", json=WRONG, headers=address)
        for _ in range(GUESSES.burst // 2)
        for client in (here, there)
    ]
    assert [answer.status_code for answer in answers] == [404] * GUESSES.burst
    for client in (here, there):
        waiting_s = is_too_much(await client.post("/api/v1/joins", json=WRONG, headers=address))
        assert waiting_s <= GUESSES.every_s


async def test_many_at_once_on_two_processes_get_no_more_than_one_after_the_other(
    start: Start, database: Database, web_dir: Path
) -> None:
    clients = [await start(public(database, web_dir)) for _ in range(2)]
    address = somewhere()
    answers = await asyncio.gather(
        *(clients[n % 2].post("/api/v1/joins", json=WRONG, headers=address) for n in range(3 * GUESSES.burst))
    )
    found = [answer.status_code for answer in answers]
    # One more for each time that passes while they are answered.
    assert GUESSES.burst <= found.count(404) <= GUESSES.burst + 2
    assert found.count(404) + found.count(429) == len(found)


async def test_a_family_gets_in_whatever_the_neighbour_behind_the_same_address_guesses(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    family = [
        link_of(await booked(client, tenant, invitees=[{"name": name}])) for name in ("Robin", "Kim", "Lee", "Sam")
    ]
    client.cookies.clear()
    while (await client.post("/api/v1/joins", json=WRONG)).status_code == 404:
        pass
    for link in family:
        for _ in range(5):
            assert (await client.post("/api/v1/joins", json={"link": link})).status_code == 200
    is_too_much(await client.post("/api/v1/joins", json=WRONG))
    elsewhere = await client.post("/api/v1/joins", json=WRONG, headers=somewhere())
    is_problem(elsewhere, 404, "link-unknown")


async def test_guesses_of_join_links_and_of_sign_in_links_are_counted_together(client: httpx.AsyncClient) -> None:
    paths = ("/joins", "/sign-in/link-views", "/sign-in/link-uses")
    for number in range(GUESSES.burst):
        is_problem(await client.post(f"/api/v1{paths[number % 3]}", json=WRONG), 404, "link-unknown")
    for path in paths:
        is_too_much(await client.post(f"/api/v1{path}", json=WRONG))


async def test_a_header_that_no_proxy_of_ours_wrote_gives_nobody_a_new_allowance(
    start: Start, database: Database, web_dir: Path
) -> None:
    client = await start(public(database, web_dir).model_copy(update={"trusted_proxies": ()}))
    for _ in range(2 * GUESSES.burst):
        last = await client.post("/api/v1/joins", json=WRONG, headers=somewhere())
    is_too_much(last)


async def test_a_mailbox_gets_a_few_links_whether_somebody_has_it_or_not(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    for address in (tenant.rep.email, f"{uuid4()}@nobody.example"):
        for number in range(5):
            spelled = address.upper() if number % 2 else address
            answer = await client.post("/api/v1/sign-in/links", json={"email": spelled}, headers=somewhere())
            assert (answer.status_code, answer.json()) == (202, {})
        is_too_much(await client.post("/api/v1/sign-in/links", json={"email": address}, headers=somewhere()))
    another = {"email": tenant.manager.email}
    assert (await client.post("/api/v1/sign-in/links", json=another, headers=somewhere())).status_code == 202


async def test_one_address_asks_for_links_of_a_whole_office_and_not_of_a_whole_town(client: httpx.AsyncClient) -> None:
    found = [
        (await client.post("/api/v1/sign-in/links", json={"email": f"{n}.{uuid4()}@town.example"})).status_code
        for n in range(40)
    ]
    assert found[:30] == [202] * 30
    assert 429 in found[30:]


async def test_one_recipient_is_not_buried_in_invitations_and_others_are_still_invited(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    victim = {"name": "Victim", "email": f"{uuid4()}@finch.example"}
    signed_in(client, tenant.rep)
    for number in range(10):
        wanted = booking(tenant, invitees=[victim, {"name": "Other", "email": f"{number}@finch.example"}])
        assert (await client.post("/api/v1/calls", json=wanted)).status_code == 201
    signed_in(client, tenant.manager)
    refused = await client.post("/api/v1/calls", json=booking(tenant, invitees=[{"name": "Other"}, victim]))
    is_too_much(refused)
    assert (await client.post("/api/v1/calls", json=booking(tenant))).status_code == 201
    assert (await client.post("/api/v1/calls", json=booking(tenant, invitees=[{"name": "Nobody"}]))).status_code == 201


async def test_what_one_organization_sends_is_not_counted_for_another(
    client: httpx.AsyncClient, tenant: Tenant, pool: Pool
) -> None:
    both = {"invitees": [{"name": "Robin", "email": f"{uuid4()}@finch.example"}]}
    signed_in(client, tenant.rep)
    while (answer := await client.post("/api/v1/calls", json=booking(tenant, **both))).status_code == 201:
        pass
    is_too_much(answer)
    stranger = await add_tenant(pool)
    assert (await signed_in(client, stranger.rep).post("/api/v1/calls", json=booking(stranger, **both))).is_success


async def test_tests_of_settings_are_counted_for_each_admin_and_for_the_organization(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    admins = (tenant.admin, *[a_user(tenant.organization_id, UserRole.ADMIN) for _ in range(2)])
    async with transaction(pool, tenant.organization_id) as connection:
        for admin in admins[1:]:
            await add_user(connection, admin)
    for admin in admins[:2]:
        for _ in range(10):
            assert (await signed_in(client, admin).post(TESTS, json=TESTED)).status_code == 200
        is_too_much(await client.post(TESTS, json=TESTED))
    is_too_much(await signed_in(client, admins[2]).post(TESTS, json=TESTED))


@pytest.mark.parametrize(
    ("path", "body", "theirs"),
    [
        (TESTS, TESTED, 200),
        ("/api/v1/audit/verifications", {}, 200),
        ("/api/v1/users", {"name": "Kim", "email": "kim@finch.example", "role": "rep"}, 201),
        ("/api/v1/calls/00000000-0000-7000-8000-000000000000/review/runs", {}, 404),
    ],
)
async def test_who_asks_all_day_for_what_they_may_not_do_leaves_enough_to_the_others(
    client: httpx.AsyncClient, tenant: Tenant, path: str, body: dict[str, str], theirs: int
) -> None:
    signed_in(client, tenant.rep)
    found = [(await client.post(path, json={**body, **nobody(body)})).status_code for _ in range(150)]
    assert set(found) in ({403, 429}, {404, 429})
    for _ in range(5):
        answer = await signed_in(client, tenant.admin).post(path, json={**body, **nobody(body)})
        assert answer.status_code == theirs, answer.text


def nobody(body: dict[str, str]) -> dict[str, str]:
    """Another address each time, where the body has one."""
    return {"email": f"{uuid4()}@finch.example"} if "email" in body else {}


async def test_one_person_is_invited_again_a_few_times_however_their_id_is_spelt(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    wanted = {"name": "Kim", "email": f"{uuid4()}@finch.example", "role": "rep"}
    user_id = (await signed_in(client, tenant.admin).post("/api/v1/users", json=wanted)).json()["user_id"]
    spelt = (user_id, user_id.upper(), user_id.replace("-", ""), f"{{{user_id}}}", f"urn:uuid:{user_id}")
    for one in spelt:
        assert (await client.post(f"/api/v1/users/{one}/invitations", json={})).status_code == 202
    for one in spelt:
        is_too_much(await client.post(f"/api/v1/users/{one}/invitations", json={}))


async def test_a_forged_token_is_not_signed_in_however_often_it_comes_and_counts_for_nobody(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    forged = cookie_of(tenant.admin)[:-4] + "AAAA"
    for _ in range(30):
        answer = await client.post(TESTS, json=TESTED, headers={"Authorization": f"Bearer {forged}"})
        is_problem(answer, 401, "not-signed-in")
    mine = await signed_in(client, tenant.admin).post(TESTS, json=TESTED)
    assert mine.status_code == 200


async def test_a_local_copy_counts_a_hundred_times_as_much(start: Start, database: Database, web_dir: Path) -> None:
    local = settings(database, NOBODY_THERE, web_dir, PARLEY_TRUSTED_PROXIES="127.0.0.1")
    client = await start(local)
    client.headers.update(somewhere())
    for _ in range(3 * GUESSES.burst):
        is_problem(await client.post("/api/v1/joins", json=WRONG), 404, "link-unknown")
    assert LOCAL_FACTOR == 100


async def test_a_body_that_names_everybody_is_counted_for_a_few_and_refused_by_the_route(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    many = [{"name": "x", "email": f"{n}@finch.example"} for n in range(5_000)]
    answer = await signed_in(client, tenant.rep).post("/api/v1/calls", json=booking(tenant, invitees=many))
    is_problem(answer, 422, "malformed-request")


async def test_a_person_has_so_many_streams_open_at_once_and_a_closed_one_makes_place(
    database: Database, pool: Pool, tenant: Tenant, tmp_path: Path
) -> None:
    call = await add_call(pool, tenant.rep)
    path = f"/api/v1/calls/{call.call_id}/events"
    async with serving(database, tmp_path) as server, AsyncExitStack() as streams:
        client = await streams.enter_async_context(
            httpx.AsyncClient(
                base_url=server.url,
                cookies={ACCESS_COOKIE: cookie_of(tenant.rep)},
                trust_env=False,
                limits=httpx.Limits(max_connections=None),
            )
        )
        for _ in range(MOST_STREAMS - 1):
            assert (await streams.enter_async_context(client.stream("GET", path))).status_code == 200
        async with client.stream("GET", path) as last:
            assert last.status_code == 200
            assert (await client.get(path)).status_code == 429
            manager = {"Authorization": f"Bearer {cookie_of(tenant.manager)}"}
            async with client.stream("GET", path, headers=manager) as theirs:
                assert theirs.status_code == 200

        async def there_is_place() -> bool:
            async with client.stream("GET", path) as again:
                return again.status_code == 200

        await eventually(there_is_place, "a closed stream makes place")


async def test_who_asked_is_not_readable_and_is_forgotten_when_it_no_longer_counts(pool: Pool, owner: Any) -> None:
    short = Draw(purpose="test", subject="robin@finch.example", burst=2, every=timedelta(milliseconds=1))
    long = Draw(purpose="test", subject="203.0.113.7", burst=2, every=timedelta(hours=1))
    assert await limits.take(pool, [short, long, long]) == 0
    assert await limits.take(pool, [long]) > 3_000
    keys = [bytes(row["key"]) for row in await owner.fetch("SELECT key FROM rate_limits")]
    assert {len(key) for key in keys} == {32}
    assert {short.key, long.key} <= set(keys)

    async def forgotten() -> bool:
        await Chores(pool).forget_limits()
        return not await owner.fetchval("SELECT count(*) FROM rate_limits WHERE key = $1", short.key)

    await eventually(forgotten, "the short one is forgotten")
    assert await owner.fetchval("SELECT count(*) FROM rate_limits WHERE key = $1", long.key) == 1


async def test_the_table_is_reached_through_its_functions_only(pool: Pool) -> None:
    import asyncpg

    for statement in ("SELECT * FROM rate_limits", "DELETE FROM rate_limits"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)
