"""Signing in by a link from a mail: who gets one, that looking at it changes nothing, and that it opens once."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.deps import Parts
from api.invitations import invite
from db import people, sign_in_links
from db.pool import Pool, transaction
from domain.ids import SignInLinkId, uuid7
from domain.links import LinkPurpose, SignInLinks
from domain.people import User, UserRole, UserStatus
from tests.api.conftest import ACCESS_COOKIE, PUBLIC_URL, SECRET, app_of, is_problem
from tests.sample import Tenant, a_user, add_tenant

pytestmark = pytest.mark.db

LINKS = SignInLinks(secret=SECRET, public_url=PUBLIC_URL)


async def link_for(pool: Pool, user: User, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> str:
    """Its secret."""
    async with transaction(pool, user.organization_id) as connection:
        return LINKS.secret_of(await sign_in_links.add(connection, user, purpose))


async def add_invited(pool: Pool, tenant: Tenant) -> User:
    user = a_user(tenant.organization_id, UserRole.REP)
    async with transaction(pool, tenant.organization_id) as connection:
        assert await people.add_invited(connection, user)
    return await as_it_is(pool, user)


async def as_it_is(pool: Pool, user: User) -> User:
    async with transaction(pool, user.organization_id) as connection:
        found = await people.get(connection, user.organization_id, user.user_id)
    assert found is not None
    return found


async def disable(owner: Any, user: User) -> None:
    await owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", user.user_id)


async def mails_to(owner: Any, email: str) -> list[Any]:
    rows: list[Any] = await owner.fetch(
        "SELECT kind, link_id, organization_id, user_id FROM emails WHERE lower(to_email) = lower($1)", email
    )
    return rows


async def audited(owner: Any, user: User) -> list[tuple[str, str, str]]:
    """Who, what, and the facts as text."""
    rows = await owner.fetch(
        "SELECT actor_kind, action, facts::text AS facts FROM audit_entries WHERE subject_id = $1 ORDER BY seq",
        str(user.user_id),
    )
    return [(row["actor_kind"], row["action"], row["facts"]) for row in rows]


async def ask(client: httpx.AsyncClient, email: str, **more: str) -> None:
    answer = await client.post("/api/v1/sign-in/links", json={"email": email, **more})
    assert (answer.status_code, answer.json()) == (202, {})


async def view(client: httpx.AsyncClient, link: str) -> httpx.Response:
    return await client.post("/api/v1/sign-in/link-views", json={"link": link})


async def use(client: httpx.AsyncClient, link: str, **profile: Any) -> httpx.Response:
    return await client.post("/api/v1/sign-in/link-uses", json={"link": link, **profile})


async def test_whoever_is_known_gets_a_mail_and_a_stranger_cannot_tell_who_that_is(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    await ask(client, tenant.rep.email.upper())
    await ask(client, "nobody@nowhere.example")
    (mail,) = await mails_to(owner, tenant.rep.email)
    assert (mail["kind"], mail["user_id"]) == ("sign_in", tenant.rep.user_id)
    assert await mails_to(owner, "nobody@nowhere.example") == []
    ((actor, action, facts),) = await audited(owner, tenant.rep)
    assert (actor, action) == ("system", "link_sent")
    assert "sign_in" in facts


async def test_the_link_of_the_mail_signs_in_with_both_cookies(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    await ask(client, tenant.rep.email)
    (mail,) = await mails_to(owner, tenant.rep.email)
    secret = LINKS.secret_of(SignInLinkId(mail["link_id"]))
    answer = await use(client, secret)
    assert answer.status_code == 200, answer.text
    assert {cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")} == {
        ACCESS_COOKIE, "parley_refresh",
    }  # fmt: skip
    me = answer.json()
    assert (me["user_id"], me["role"]) == (str(tenant.rep.user_id), "rep")
    assert (await client.get("/api/v1/me")).json() == me
    devices = (await client.get("/api/v1/me/devices")).json()["items"]
    assert [device["device_id"] for device in devices if device["is_this"]] == [me["device_id"]]
    assert [entry[:2] for entry in await audited(owner, tenant.rep)] == [
        ("system", "link_sent"), ("user", "signed_in"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/calls/7/room?tab=review#coverage", "/calls/7/room?tab=review#coverage"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/.//evil.example", "/"),
        ("/api/v1/sign-in/google", "/"),
        ("/x" * 251, "/"),
    ],
)
async def test_a_link_goes_to_the_page_it_was_asked_for_from_and_to_no_strangers(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any, asked: str, kept: str
) -> None:
    await ask(client, tenant.rep.email, next=asked)
    (mail,) = await mails_to(owner, tenant.rep.email)
    secret = LINKS.secret_of(SignInLinkId(mail["link_id"]))
    assert (await view(client, secret)).json()["next"] == kept


async def test_a_disabled_person_gets_no_mail_and_no_link_of_before_opens(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    link = await link_for(pool, tenant.rep)
    await disable(owner, tenant.rep)
    await ask(client, tenant.rep.email)
    assert await mails_to(owner, tenant.rep.email) == []
    for answer in (await view(client, link), await use(client, link)):
        is_problem(answer, 404, "link-unknown")
        assert "set-cookie" not in answer.headers


async def test_an_address_in_several_organizations_gets_a_mail_with_a_link_of_its_own_for_each(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    other = await add_tenant(pool)
    again = replace(a_user(other.organization_id, UserRole.ADMIN), email=tenant.rep.email)
    async with transaction(pool, other.organization_id) as connection:
        await people.add_user(connection, again)
    await ask(client, tenant.rep.email)
    mails = await mails_to(owner, tenant.rep.email)
    assert {mail["organization_id"] for mail in mails} == {tenant.organization_id, other.organization_id}
    opened = set()
    for mail in mails:
        me = (await use(client, LINKS.secret_of(SignInLinkId(mail["link_id"])))).json()
        assert me["organization_id"] == str(mail["organization_id"])
        opened.add((me["user_id"], me["role"]))
    assert opened == {(str(tenant.rep.user_id), "rep"), (str(again.user_id), "admin")}


async def test_looking_at_a_link_says_whose_it_is_and_leaves_it_good(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    link = await link_for(pool, tenant.rep)
    for _ in range(3):
        answer = await view(client, link)
        assert answer.json() == {
            "purpose": "sign_in", "name": tenant.rep.name, "email": tenant.rep.email, "organization_name": "Acme",
            "needs_profile": False, "next": "/",
        }  # fmt: skip
        assert "set-cookie" not in answer.headers
    assert (await use(client, link)).status_code == 200


async def test_scanners_that_fetch_everything_change_nothing(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    link = await link_for(pool, tenant.rep)
    page, _, secret = LINKS.address(LINKS.read(link)).partition("#")
    assert secret == link
    addresses = [page, f"{page}?{link}", f"{page}/{link}", *(
        f"/api/v1/sign-in/{route}{tail}"
        for route in ("links", "link-views", "link-uses")
        for tail in ("", f"?link={link}", f"/{link}", f"?email={tenant.rep.email}")
    )]  # fmt: skip
    answers = await asyncio.gather(
        *(client.request(method, address) for address in addresses for method in ("GET", "HEAD") for _ in range(10))
    )
    assert {answer.status_code for answer in answers} <= {200, 404, 405}
    assert not any("set-cookie" in answer.headers for answer in answers)
    kept = await owner.fetch("SELECT id, used_at FROM sign_in_links WHERE user_id = $1", tenant.rep.user_id)
    assert [(row["id"], row["used_at"]) for row in kept] == [(LINKS.read(link), None)]
    assert await mails_to(owner, tenant.rep.email) == []
    assert (await use(client, link)).status_code == 200


async def test_a_link_opens_once_however_many_use_it_at_the_same_time(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    link = await link_for(pool, tenant.rep)
    answers = await asyncio.gather(*(use(client, link) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 11
    made = await owner.fetchval("SELECT count(*) FROM devices WHERE user_id = $1 AND id <> user_id", tenant.rep.user_id)
    assert made == 1
    is_problem(await view(client, link), 404, "link-unknown")


async def test_dead_and_unknown_links_look_the_same(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    used = await link_for(pool, tenant.rep)
    assert (await use(client, used)).status_code == 200
    replaced = await link_for(pool, tenant.manager)
    await link_for(pool, tenant.manager)
    over = await link_for(pool, tenant.admin)
    await owner.execute("UPDATE sign_in_links SET expires_at = now() WHERE id = $1", LINKS.read(over))
    never = LINKS.secret_of(SignInLinkId(uuid7()))
    bodies = set()
    for dead in (used, replaced, over, never, never[:-1], "x", "é\ud7ff", "A" * 200):
        for answer in (await view(client, dead), await use(client, dead, name="Eve")):
            is_problem(answer, 404, "link-unknown")
            bodies.add(answer.content)
    assert len(bodies) == 1


async def test_an_invitation_asks_for_a_name_and_makes_an_account_of_it(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    user = await add_invited(pool, tenant)
    link = await link_for(pool, user, LinkPurpose.INVITATION)
    seen = (await view(client, link)).json()
    assert (seen["purpose"], seen["needs_profile"]) == ("invitation", True)
    (error,) = is_problem(await use(client, link), 422, "malformed-request")["errors"]
    assert error["pointer"] == "/body/name"
    assert (await as_it_is(pool, user)).status is UserStatus.INVITED
    is_problem(await use(client, link, name="Kim", time_zone="Mars/Olympus"), 422, "malformed-request")
    answer = await use(client, link, name="Kim Aldous", time_zone="Europe/Lisbon")
    assert answer.status_code == 200, answer.text
    me = answer.json()
    assert (me["name"], me["time_zone"], me["role"]) == ("Kim Aldous", "Europe/Lisbon", "rep")
    assert (await as_it_is(pool, user)).status is UserStatus.ACTIVE
    ((actor, action, facts),) = await audited(owner, user)
    assert (actor, action) == ("user", "signed_in")
    assert "Kim" not in facts
    is_problem(await use(client, link, name="Kim Aldous"), 404, "link-unknown")


async def test_an_invitation_is_dead_when_its_person_has_come_by_another_link(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    user = await add_invited(pool, tenant)
    invitation = await link_for(pool, user, LinkPurpose.INVITATION)
    link = await link_for(pool, user)
    assert (await view(client, link)).json()["needs_profile"] is True
    assert (await use(client, link, name="Kim")).status_code == 200
    is_problem(await use(client, invitation, name="Eve"), 404, "link-unknown")
    assert (await as_it_is(pool, user)).name == "Kim"


async def test_a_link_does_not_rename_somebody_who_has_an_account(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    me = (await use(client, await link_for(pool, tenant.rep), name="Eve", time_zone="Asia/Tokyo")).json()
    assert (me["name"], me["time_zone"]) == (tenant.rep.name, None)


async def test_inviting_makes_link_and_mail_in_the_callers_transaction(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    user = await add_invited(pool, tenant)
    held = app_of(client).state.parts
    assert isinstance(held, Parts)
    async with pool.acquire() as connection:
        changes = connection.transaction()
        await changes.start()
        await connection.execute("SELECT set_config('app.organization_id', $1, true)", str(tenant.organization_id))
        await invite(connection, held, user, tenant.admin)
        await changes.rollback()
    assert await mails_to(owner, user.email) == []
    async with transaction(pool, tenant.organization_id) as connection:
        await invite(connection, held, user, tenant.admin)
    (mail,) = await mails_to(owner, user.email)
    assert mail["kind"] == "invitation"
    assert (await use(client, LINKS.secret_of(SignInLinkId(mail["link_id"])), name="Kim")).status_code == 200
    assert [entry[:2] for entry in await audited(owner, user)] == [("user", "link_sent"), ("user", "signed_in")]


async def test_a_link_of_one_person_opens_nothing_of_another(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    stranger = await add_tenant(pool)
    for user in (tenant.rep, stranger.rep, tenant.admin):
        me = (await use(client, await link_for(pool, user))).json()
        assert (me["user_id"], me["organization_id"]) == (str(user.user_id), str(user.organization_id))


async def test_neither_links_nor_addresses_are_logged(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    link = await link_for(pool, tenant.rep)
    await ask(client, tenant.rep.email)
    await use(client, link)
    await use(client, await link_for(pool, tenant.manager))
    told = "".join(capsys.readouterr())
    assert link not in told
    assert tenant.rep.email not in told


async def test_the_ways_in_are_said_to_anybody(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/sign-in")
    assert answer.json() == {"google": False, "email_link": True, "demo": True}
