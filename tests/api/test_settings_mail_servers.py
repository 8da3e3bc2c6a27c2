"""Which mail servers an organization uses; their passwords go in and never come out."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.routes import settings_mail_servers
from db import suppression
from db.jobs import Work
from db.pool import Pool, transaction
from domain.ids import uuid7
from domain.mail_server import INSTALLATION, MailSecurity, MailServer
from jobs.servers import Servers
from jobs.trials import Trials
from notifications.letter import Stationery
from notifications.smtp import host_name
from tests.api.conftest import NOBODY_THERE, PUBLIC_URL, SECRET, Start, is_problem, settings, signed_in
from tests.conftest import Database, eventually
from tests.fakes.mail_server import running_mail_server
from tests.sample import Tenant

pytestmark = pytest.mark.db

ADDRESS = "/api/v1/settings/mail-servers"
TESTS = f"{ADDRESS}/{INSTALLATION}/tests"
OWN: dict[str, Any] = {
    "host": "smtp.acme.example", "port": 587, "security": "starttls", "user_name": "ada", "password": "pass wörd",
    "sender_name": "Acme", "sender_email": "calls@acme.example", "mails_a_minute": 600,
}  # fmt: skip


async def test_nobody_but_an_admin_sees_or_changes_it(client: httpx.AsyncClient, tenant: Tenant) -> None:
    for user in (tenant.rep, tenant.manager):
        they = signed_in(client, user)
        for answer in (await they.get(ADDRESS), await they.put(ADDRESS, json={"items": [OWN]}), await they.post(TESTS)):
            is_problem(answer, 403, "not-allowed")


async def test_without_a_setting_the_installations_is_used(
    start: Start, database: Database, web_dir: Path, tenant: Tenant
) -> None:
    mailbox = MailServer(host="127.0.0.1", port=8004, security=MailSecurity.NONE, sender_name="P", sender_email="p@p.p")
    real = MailServer(
        host="smtp.example.org", port=465, security=MailSecurity.TLS, user_name="u", password="secret word",
        sender_name="P", sender_email="p@p.example",
    )  # fmt: skip
    found = {}
    for name, server, port in (("mailbox", mailbox, 8004), ("installation", real, 8004), ("nothing", None, None)):
        made = settings(database, NOBODY_THERE, web_dir, PARLEY_MAIL_SERVER=server, PARLEY_MAILBOX_PORT=port)
        answer = await signed_in(await start(made), tenant.admin).get(ADDRESS)
        assert "secret word" not in answer.text
        found[name] = answer.json()["items"]
    (mailbox_shown,), (installation_shown,) = found["mailbox"], found["installation"]
    assert (mailbox_shown["source"], mailbox_shown["port"]) == ("mailbox", 8004)
    assert (installation_shown["source"], installation_shown["has_password"]) == ("installation", True)
    assert found["nothing"] == []


async def put(client: httpx.AsyncClient, *items: dict[str, Any]) -> httpx.Response:
    return await client.put(ADDRESS, json={"items": list(items)})


async def test_servers_of_their_own_are_kept_in_order_with_their_passwords_sealed(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    admin = signed_in(client, tenant.admin)
    answer = await put(admin, OWN, {**OWN, "host": "second.acme.example", "password": None})
    assert answer.status_code == 200, answer.text
    first, second = (item for item in answer.json()["items"] if item["source"] == "own")
    shown = {
        **OWN,
        "source": "own",
        "has_password": True,
        "server_id": first["server_id"],
        "problem": None,
        "problem_at": None,
    }
    del shown["password"]
    assert first == shown
    assert (second["host"], second["has_password"]) == ("second.acme.example", False)
    kept = await owner.fetchval(
        "SELECT string_agg(server::text, '') FROM mail_servers WHERE organization_id = $1", tenant.organization_id
    )
    assert "pass wörd" not in kept
    assert "pass w" not in kept

    there = {**OWN, "password": None, "server_id": first["server_id"]}
    turned = await put(admin, {**OWN, "server_id": second["server_id"], "password": "other"}, there)
    assert [item["server_id"] for item in turned.json()["items"][:2]] == [second["server_id"], first["server_id"]]
    same = await put(admin, {**there, "sender_name": "Acme Ltd"})
    (only, *_) = same.json()["items"]
    assert (only["has_password"], only["sender_name"]) == (True, "Acme Ltd")
    moved = await put(admin, {**there, "host": "smtp.evil.example"})
    assert is_problem(moved, 422, "malformed-request")["errors"][0]["pointer"] == "/body/items/0/password"
    twice = await put(admin, there, there)
    assert is_problem(twice, 422, "malformed-request")["errors"][0]["pointer"] == "/body/items"
    strange = await put(admin, {**there, "server_id": str(uuid7())})
    assert is_problem(strange, 422, "malformed-request")["errors"][0]["pointer"] == "/body/items/0/server_id"
    gone = await put(admin, {**there, "password": ""})
    assert gone.json()["items"][0]["has_password"] is False
    back = await put(admin)
    assert [item["source"] for item in back.json()["items"]] in ([], ["installation"], ["mailbox"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"host": None}, "/body/items/0/host"),
        ({"host": "smtp.example\r\nEVIL"}, "/body/items/0/host"),
        ({"host": "http://smtp.example"}, "/body/items/0/host"),
        ({"port": 0}, "/body/items/0/port"),
        ({"port": None}, "/body/items/0/port"),
        ({"security": "ssl"}, "/body/items/0/security"),
        ({"security": "none"}, "/body/items/0/security"),
        ({"user_name": ""}, "/body/items/0/user_name"),
        ({"sender_email": "nobody"}, "/body/items/0/sender_email"),
        ({"sender_email": None}, "/body/items/0/sender_email"),
        ({"sender_name": "a\nb"}, "/body/items/0/sender_name"),
        ({"surplus": 1}, "/body/items/0"),
        ({"mails_a_minute": 0}, "/body/items/0/mails_a_minute"),
    ],
)
async def test_what_cannot_work_is_refused_with_the_place(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    answer = await put(signed_in(client, tenant.admin), {**OWN, **change})
    assert is_problem(answer, 422, "malformed-request")["errors"][0]["pointer"] == pointer


async def test_a_test_mail_is_sent_by_a_job_and_waited_for(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    async with running_mail_server(sign_in=("ada", "pass wörd")) as server:
        admin = signed_in(client, tenant.admin)
        own = {**OWN, "host": "127.0.0.1", "port": server.port, "security": "none"}
        server_id = (await put(admin, own)).json()["items"][0]["server_id"]
        asked = asyncio.create_task(admin.post(f"{ADDRESS}/{server_id}/tests"))
        mine = "SELECT id FROM smtp_trials WHERE organization_id = $1"

        async def is_queued() -> object:
            return await owner.fetchval(mine, tenant.organization_id)

        await eventually(is_queued, "the trial is written")
        servers = Servers(pool, secret=SECRET, installation=None, mailbox_port=None)
        trials = Trials(pool, servers, Stationery(), host_name(PUBLIC_URL))
        test_id = await owner.fetchval(mine, tenant.organization_id)
        await trials.run(Work(organization_id=tenant.organization_id, id=test_id), 0)
        told = {
            "test_id": str(test_id), "ok": True, "detail": f"127.0.0.1 took a mail to {tenant.admin.email}.",
        }  # fmt: skip
        assert (await asked).json() == told
        assert (await admin.get(f"{ADDRESS}/{server_id}/tests/{test_id}")).json() == told
        assert (await admin.get(f"{ADDRESS}/{INSTALLATION}/tests/{test_id}")).status_code == 404
        assert len(server.taken) == 1


async def test_a_test_that_nobody_makes_is_not_waited_for_without_end(
    client: httpx.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_mail_servers, "TRIED_WITHIN_SECONDS", 0.3)
    admin = signed_in(client, tenant.admin)
    server_id = (await put(admin, OWN)).json()["items"][0]["server_id"]
    answer = (await admin.post(f"{ADDRESS}/{server_id}/tests")).json()
    assert answer["ok"] is None
    assert "jobs process" in answer["detail"]


async def test_dead_addresses_are_shown_and_lifted(client: httpx.AsyncClient, pool: Pool, tenant: Tenant) -> None:
    async with transaction(pool, tenant.organization_id) as connection:
        await suppression.add_bounced(connection, tenant.organization_id, {"Dead@finch.example": "550 5.1.1 Nobody"})
    admin = signed_in(client, tenant.admin)
    (shown,) = (await admin.get("/api/v1/suppressed-addresses")).json()["items"]
    assert (shown["address"], shown["scope"], shown["reason"], shown["detail"]) == (
        "dead@finch.example", "everything", "bounced", "550 5.1.1 Nobody",
    )  # fmt: skip
    path = "/api/v1/suppressed-addresses/dead@finch.example"
    is_problem(await admin.delete(f"{path}/reminders"), 404, "not-found")
    is_problem(await admin.delete(f"{path}/nothing"), 404, "not-found")
    assert (await admin.delete(f"{path}/everything")).status_code == 204
    assert (await admin.get("/api/v1/suppressed-addresses")).json()["items"] == []


async def test_an_inbox_is_kept_with_its_password_sealed_and_dropped(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    admin, path = signed_in(client, tenant.admin), "/api/v1/settings/inbox"
    wanted = {"host": "imap.acme.example", "port": 993, "security": "tls", "user_name": "ada", "folder": "Answers"}
    assert (await admin.get(path)).json() is None
    missing = await admin.put(path, json=wanted)
    assert is_problem(missing, 422, "malformed-request")["errors"][0]["pointer"] == "/body/password"
    assert (await admin.put(path, json={**wanted, "password": "pass wörd"})).json() == {**wanted, "problem": None}
    kept = await owner.fetchval(
        "SELECT inbox::text FROM organization_settings WHERE organization_id = $1", tenant.organization_id
    )
    assert "pass w" not in kept
    assert (await admin.put(path, json={**wanted, "folder": "Other"})).json()["folder"] == "Other"
    moved = await admin.put(path, json={**wanted, "host": "imap.evil.example"})
    assert is_problem(moved, 422, "malformed-request")["errors"][0]["pointer"] == "/body/password"
    clear = await admin.put(path, json={**wanted, "password": "p", "security": "none"})
    assert is_problem(clear, 422, "malformed-request")["errors"][0]["pointer"] == "/body/security"
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.get(path)).json() is None
