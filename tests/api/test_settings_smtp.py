"""Which mail server an organization uses; its password goes in and never comes out."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.routes import settings_smtp
from db.jobs import Work
from db.pool import Pool, transaction
from domain.mail_server import MailSecurity, MailServer
from jobs.mailing import Mailing
from tests.api.conftest import NOBODY_THERE, PUBLIC_URL, SECRET, Start, is_problem, settings, signed_in
from tests.conftest import Database, eventually
from tests.fakes.mail_server import running_mail_server
from tests.sample import Tenant

pytestmark = pytest.mark.db

ADDRESS = "/api/v1/settings/smtp"
OWN: dict[str, Any] = {
    "host": "smtp.acme.example", "port": 587, "security": "starttls", "user_name": "ada", "password": "pass wörd",
    "sender_name": "Acme", "sender_email": "calls@acme.example",
}  # fmt: skip


async def test_nobody_but_an_admin_sees_or_changes_it(client: httpx.AsyncClient, tenant: Tenant) -> None:
    for user in (tenant.rep, tenant.manager):
        they = signed_in(client, user)
        for answer in (await they.get(ADDRESS), await they.put(ADDRESS, json=OWN), await they.post(f"{ADDRESS}/tests")):
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
        found[name] = answer.json()
    assert (found["mailbox"]["source"], found["mailbox"]["port"]) == ("mailbox", 8004)
    assert (found["installation"]["source"], found["installation"]["has_password"]) == ("installation", True)
    assert (found["nothing"]["source"], found["nothing"]["host"]) == ("installation", "")


async def test_a_server_of_their_own_is_kept_with_its_password_sealed(
    client: httpx.AsyncClient, tenant: Tenant, owner: Any
) -> None:
    admin = signed_in(client, tenant.admin)
    answer = await admin.put(ADDRESS, json=OWN)
    assert answer.status_code == 200, answer.text
    shown = {**OWN, "source": "own", "has_password": True}
    del shown["password"]
    assert answer.json() == shown
    kept = await owner.fetchval(
        "SELECT smtp::text FROM organization_settings WHERE organization_id = $1", tenant.organization_id
    )
    assert "pass wörd" not in kept
    assert "pass w" not in kept

    same = await admin.put(ADDRESS, json={**OWN, "password": None, "sender_name": "Acme Ltd"})
    assert (same.json()["has_password"], same.json()["sender_name"]) == (True, "Acme Ltd")
    moved = await admin.put(ADDRESS, json={**OWN, "password": None, "host": "smtp.evil.example"})
    assert is_problem(moved, 422, "malformed-request")["errors"][0]["pointer"] == "/body/password"
    gone = await admin.put(ADDRESS, json={**OWN, "password": ""})
    assert gone.json()["has_password"] is False
    back = await admin.put(ADDRESS, json={})
    assert back.json()["source"] == "installation"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"host": None}, "/body/host"),
        ({"host": "smtp.example\r\nEVIL"}, "/body/host"),
        ({"host": "http://smtp.example"}, "/body/host"),
        ({"port": 0}, "/body/port"),
        ({"port": None}, "/body/port"),
        ({"security": "ssl"}, "/body/security"),
        ({"security": "none"}, "/body/security"),
        ({"user_name": ""}, "/body/user_name"),
        ({"sender_email": "nobody"}, "/body/sender_email"),
        ({"sender_email": None}, "/body/sender_email"),
        ({"sender_name": "a\nb"}, "/body/sender_name"),
        ({"surplus": 1}, "/body"),
    ],
)
async def test_what_cannot_work_is_refused_with_the_place(
    client: httpx.AsyncClient, tenant: Tenant, change: dict[str, Any], pointer: str
) -> None:
    answer = await signed_in(client, tenant.admin).put(ADDRESS, json={**OWN, **change})
    assert is_problem(answer, 422, "malformed-request")["errors"][0]["pointer"] == pointer


async def test_a_test_mail_is_sent_by_a_job_and_waited_for(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    async with running_mail_server() as server:
        asked = asyncio.create_task(signed_in(client, tenant.admin).post(f"{ADDRESS}/tests"))
        mine = "SELECT id FROM smtp_trials WHERE organization_id = $1"

        async def is_queued() -> object:
            return await owner.fetchval(mine, tenant.organization_id)

        await eventually(is_queued, "the trial is written")
        mailing = Mailing(pool, secret=SECRET, public_url=PUBLIC_URL, installation=server.address, mailbox_port=None)
        work = Work(organization_id=tenant.organization_id, id=await owner.fetchval(mine, tenant.organization_id))
        await mailing.try_out(work, 0)
        assert (await asked).json() == {"ok": True, "detail": f"127.0.0.1 took a mail to {tenant.admin.email}."}
        assert len(server.taken) == 1


async def test_a_test_that_nobody_makes_is_not_waited_for_without_end(
    client: httpx.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_smtp, "TRIED_WITHIN_SECONDS", 0.3)
    answer = (await signed_in(client, tenant.admin).post(f"{ADDRESS}/tests")).json()
    assert answer["ok"] is False
    assert "jobs process" in answer["detail"]


async def test_a_password_sealed_under_another_secret_says_so(pool: Pool, tenant: Tenant) -> None:
    from db import smtp
    from db.sealed import Seal

    sealed = MailServer(
        host="127.0.0.1", port=1, security=MailSecurity.NONE, user_name="a", password=Seal("x" * 32).close("p"),
        sender_name="P", sender_email="p@p.example",
    )  # fmt: skip
    async with transaction(pool, tenant.organization_id) as connection:
        await smtp.keep(connection, tenant.organization_id, sealed)
        trial_id = await smtp.queue_trial(connection, tenant.organization_id, tenant.admin.user_id)
    mailing = Mailing(pool, secret=SECRET, public_url=PUBLIC_URL, installation=None, mailbox_port=None)
    await mailing.try_out(Work(organization_id=tenant.organization_id, id=trial_id), 0)
    async with transaction(pool, tenant.organization_id) as connection:
        result = await smtp.trial_result(connection, tenant.organization_id, trial_id)
    assert result == smtp.TrialResult(is_ok=False, detail="The password of the mail server has to be entered again.")
