"""Refresh tokens: each is good once, two tabs at once are forgiven for ten seconds, and a copy ends the device."""

import asyncio
import base64
import random
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.auth import REFRESH_OVERLAP, Refresh, SignedIn, SignIn
from db import devices
from db.pool import Pool, transaction
from domain.ids import DeviceId, uuid7
from domain.links import Link, Links
from domain.people import User
from tests.api.conftest import ACCESS_COOKIE, PUBLIC_URL, SECRET, Clock, is_problem
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

REFRESH_COOKIE = "parley_refresh"
REFRESHES = "/api/v1/sign-in/refreshes"
BENT = 2_000
SEED = 6749


async def device(pool: Pool, user: User) -> DeviceId:
    """Another device on which this person is signed in, at its first generation."""
    device_id = DeviceId(uuid7())
    async with transaction(pool, user.organization_id) as connection:
        await devices.add(connection, user.organization_id, user.user_id, device_id, "Firefox on Linux")
    return device_id


async def refreshed(api: httpx.AsyncClient, given: str | bytes) -> httpx.Response:
    api.cookies.clear()
    raw = given if isinstance(given, bytes) else given.encode()
    return await api.post(REFRESHES, headers=[(b"cookie", f"{REFRESH_COOKIE}=".encode() + raw)])


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    """Name and value as set; an empty value takes the cookie away."""
    pairs = (cookie.partition(";")[0].partition("=") for cookie in answer.headers.get_list("set-cookie"))
    return {name: value.strip('"') for name, _, value in pairs}


def newest_of(answer: httpx.Response) -> str:
    assert answer.status_code == 204, answer.text
    return cookies_of(answer)[REFRESH_COOKIE]


def must_be_over(answer: httpx.Response) -> None:
    """401, and both cookies are taken away."""
    is_problem(answer, 401, "not-signed-in")
    assert cookies_of(answer) == {ACCESS_COOKIE: "", REFRESH_COOKIE: ""}


async def is_signed_in(api: httpx.AsyncClient, signing: SignIn, user: User, device_id: DeviceId) -> bool:
    """By a fresh access token of that device."""
    who = SignedIn(user_id=user.user_id, organization_id=user.organization_id, device_id=device_id)
    api.cookies.clear()
    answer = await api.get("/api/v1/me", headers={"Authorization": f"Bearer {signing.access_token(who)}"})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def audited(owner: Any, tenant: Tenant) -> list[tuple[str, str, str]]:
    """Action, kind of actor and subject of each entry."""
    rows = await owner.fetch(
        "SELECT action, actor_kind, subject_id FROM audit_entries WHERE organization_id = $1 ORDER BY seq",
        tenant.organization_id,
    )
    return [tuple(row) for row in rows]


async def state_of(owner: Any, device_id: DeviceId) -> tuple[int, str | None]:
    row = await owner.fetchrow("SELECT generation, end_reason FROM devices WHERE id = $1", device_id)
    return row["generation"], row["end_reason"]


async def test_a_refresh_gives_both_cookies_anew(
    api: httpx.AsyncClient, signing: SignIn, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    device_id = await device(pool, tenant.rep)
    first = signing.refresh_token(Refresh(device_id=device_id, generation=1))
    answer = await refreshed(api, first)
    second = newest_of(answer)
    assert second == signing.refresh_token(Refresh(device_id=device_id, generation=2)) != first
    me = await api.get("/api/v1/me", headers={"Authorization": f"Bearer {cookies_of(answer)[ACCESS_COOKIE]}"})
    assert (me.json()["user_id"], me.json()["device_id"]) == (str(tenant.rep.user_id), str(device_id))
    for cookie in answer.headers.get_list("set-cookie"):
        assert "httponly" in cookie.lower()
    assert await state_of(owner, device_id) == (2, None)


async def test_the_token_before_the_newest_is_answered_with_the_same_newest_for_ten_seconds(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    device_id = await device(pool, tenant.rep)
    first = signing.refresh_token(Refresh(device_id=device_id, generation=1))
    second = newest_of(await refreshed(api, first))
    clock.now += REFRESH_OVERLAP
    assert newest_of(await refreshed(api, first)) == second
    assert newest_of(await refreshed(api, first)) == second
    assert await state_of(owner, device_id) == (2, None)
    assert newest_of(await refreshed(api, second)) != second


async def test_after_ten_seconds_it_is_a_copy_and_ends_the_device_and_no_other(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    device_id, other_id = await device(pool, tenant.rep), await device(pool, tenant.rep)
    first = signing.refresh_token(Refresh(device_id=device_id, generation=1))
    second = newest_of(await refreshed(api, first))
    assert await is_signed_in(api, signing, tenant.rep, device_id)
    clock.now += REFRESH_OVERLAP + timedelta(milliseconds=1)
    for _ in range(2):
        must_be_over(await refreshed(api, first))
    assert await state_of(owner, device_id) == (2, "reuse")
    assert await audited(owner, tenant) == [("device_ended", "system", str(device_id))]
    must_be_over(await refreshed(api, second))
    assert not await is_signed_in(api, signing, tenant.rep, device_id)
    assert await is_signed_in(api, signing, tenant.rep, other_id)
    newest_of(await refreshed(api, signing.refresh_token(Refresh(device_id=other_id, generation=1))))


async def test_whoever_refreshed_with_the_copy_first_loses_it_when_the_other_one_comes(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, pool: Pool, tenant: Tenant
) -> None:
    """The thief is quicker by a minute; the owner's next refresh throws both out."""
    device_id = await device(pool, tenant.rep)
    stolen = signing.refresh_token(Refresh(device_id=device_id, generation=1))
    thiefs = newest_of(await refreshed(api, stolen))
    clock.now += timedelta(minutes=1)
    must_be_over(await refreshed(api, stolen))
    must_be_over(await refreshed(api, thiefs))


@pytest.mark.parametrize("generation", [0, 1, 4, 2**32 - 1])
async def test_within_the_ten_seconds_any_other_generation_ends_the_device(
    api: httpx.AsyncClient, signing: SignIn, pool: Pool, owner: Any, tenant: Tenant, generation: int
) -> None:
    device_id = await device(pool, tenant.rep)
    newest = signing.refresh_token(Refresh(device_id=device_id, generation=1))
    for _ in range(2):
        newest = newest_of(await refreshed(api, newest))
    must_be_over(await refreshed(api, signing.refresh_token(Refresh(device_id=device_id, generation=generation))))
    assert await state_of(owner, device_id) == (3, "reuse")


async def test_however_many_tabs_refresh_at_once_there_is_one_newest_token(
    api: httpx.AsyncClient, signing: SignIn, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    device_id = await device(pool, tenant.rep)
    first = signing.refresh_token(Refresh(device_id=device_id, generation=1))
    answers = await asyncio.gather(*(refreshed(api, first) for _ in range(12)))
    assert len({newest_of(answer) for answer in answers}) == 1
    assert await state_of(owner, device_id) == (2, None)


async def test_who_is_disabled_is_out_with_the_next_request(
    api: httpx.AsyncClient, signing: SignIn, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    """By the status alone: whether the devices were ended as well does not matter."""
    device_id = await device(pool, tenant.rep)
    assert await is_signed_in(api, signing, tenant.rep, device_id)
    for status in ("disabled", "invited"):
        await owner.execute("UPDATE users SET status = $2 WHERE id = $1", tenant.rep.user_id, status)
        assert not await is_signed_in(api, signing, tenant.rep, device_id)
        must_be_over(await refreshed(api, signing.refresh_token(Refresh(device_id=device_id, generation=1))))
    await owner.execute("UPDATE users SET status = 'active' WHERE id = $1", tenant.rep.user_id)
    assert await is_signed_in(api, signing, tenant.rep, device_id)


async def test_a_device_that_was_ended_or_whose_month_is_over_is_out(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    signed_out, late, deleted = [await device(pool, tenant.rep) for _ in range(3)]
    tokens = {it: signing.refresh_token(Refresh(device_id=it, generation=1)) for it in (signed_out, late, deleted)}
    api.cookies.clear()
    for _ in range(3):
        answer = await api.delete("/api/v1/sign-in", headers={"Cookie": f"{REFRESH_COOKIE}={tokens[signed_out]}"})
        assert answer.status_code == 204
    assert await state_of(owner, signed_out) == (1, "signed_out")
    assert await audited(owner, tenant) == [("signed_out", "user", str(tenant.rep.user_id))], "once"
    await owner.execute("UPDATE devices SET expires_at = $2 WHERE id = $1", late, clock.now)
    await owner.execute("DELETE FROM devices WHERE id = $1", deleted)
    for device_id, token in tokens.items():
        must_be_over(await refreshed(api, token))
        assert device_id == late or not await is_signed_in(api, signing, tenant.rep, device_id)


async def test_no_other_secret_of_ours_refreshes(
    api: httpx.AsyncClient, signing: SignIn, clock: Clock, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    device_id = await device(pool, tenant.rep)
    who = SignedIn(user_id=tenant.rep.user_id, organization_id=tenant.organization_id, device_id=device_id)
    first = Refresh(device_id=device_id, generation=1)
    good = signing.refresh_token(first)
    raw = base64.urlsafe_b64decode(good + "==")
    nobodys = Refresh(device_id=DeviceId(uuid7()), generation=1)
    links = Links(secret=SECRET, public_url=PUBLIC_URL)
    for given in (
        signing.access_token(who),
        SignIn(secret="t" * 32, public_url=PUBLIC_URL, clock=clock).refresh_token(first),
        signing.refresh_token(nobodys),
        links.secret_of(Link(call_id=uuid7(), invitee_id=uuid7(), revision=1)),  # type: ignore[arg-type]
        base64.urlsafe_b64encode(stranger.rep.user_id.bytes + raw[16:]).decode().rstrip("="),
        base64.urlsafe_b64encode(raw[:16] + (2).to_bytes(4, "big") + raw[20:]).decode().rstrip("="),
        f"{good}==", f"{good}A", f"{good[:-1]}+", good.swapcase(), good[::-1], "", " ", "é", "A" * 48, "A" * 5_000,
    ):  # fmt: skip
        must_be_over(await refreshed(api, given))
    assert await state_of(owner, device_id) == (1, None), "what is not ours ends nothing"
    newest_of(await refreshed(api, good))


async def test_thousands_of_bent_refresh_tokens_are_all_refused_and_end_nothing(
    api: httpx.AsyncClient, signing: SignIn, pool: Pool, owner: Any, tenant: Tenant
) -> None:
    """Cut off, one to three bits turned over, a character doubled or put in another place."""
    chance = random.Random(SEED)
    device_id = await device(pool, tenant.rep)
    good = signing.refresh_token(Refresh(device_id=device_id, generation=1)).encode()
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
                raw.insert(chance.randrange(len(raw)), raw.pop(at))
        bent = bytes(raw).replace(b"\r", b"?").replace(b"\n", b"?")
        if bent != good:
            must_be_over(await refreshed(api, bent))
    assert await state_of(owner, device_id) == (1, None)
    newest_of(await refreshed(api, good))
