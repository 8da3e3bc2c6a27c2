"""The local mailbox as the page reads it; what is in it is anybody's."""

from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from api.mail_reading import MailReading, cleaned
from db import mailbox
from db.pool import Pool, transaction
from tests.api.conftest import NOBODY_THERE, Start, is_problem, settings, signed_in
from tests.conftest import Database
from tests.notifications.test_letters import invite_letter, sent
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db


async def put(pool: Pool, tenant: Tenant, message: EmailMessage | bytes, subject: str = "Hello") -> None:
    async with transaction(pool, tenant.organization_id) as connection:
        await mailbox.add(
            connection,
            tenant.organization_id,
            sender="a@a.example",
            recipients=["b@b.example"],
            subject=subject,
            raw=message if isinstance(message, bytes) else message.as_bytes(),
        )


async def only_message(client: httpx.AsyncClient) -> dict[str, Any]:
    (item,) = (await client.get("/api/v1/mailbox")).json()["items"]
    answer = await client.get(f"/api/v1/mailbox/{item['message_id']}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_an_invite_is_shown_with_its_event_and_its_file(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    letter = invite_letter(title="First talk")
    await put(pool, tenant, sent(letter), letter.subject)
    shown = await only_message(signed_in(client, tenant.rep))
    assert shown["subject"] == letter.subject
    assert shown["text"] == letter.text
    framed = await client.get(f"/api/v1/mailbox/{shown['message_id']}/html")
    assert shown["has_html"]
    assert "Join the call" in framed.text
    assert "style=" in framed.text
    assert framed.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert shown["calendar"] == {
        "method": "REQUEST",
        "summary": "First talk",
        "starts_at": "2026-11-23T08:00:00-05:00",
        "ends_at": "2026-11-23T09:00:00-05:00",
        "time_zone": "America/New_York",
        "location": "https://calls.example.org/join#AaH-daZbd7a7fKihU4qVSAGh_nWmW3gYsYwYMRb4UpYAAc7Q",
        "organizer": shown["calendar"]["organizer"],
        "attendees": ["Robin Finch <robin@finch.example>"],
    }
    assert shown["calendar"]["organizer"].startswith("Ada Rep <")
    (file,) = shown["attachments"]
    assert (file["number"], file["name"], file["type"]) == (1, "invite.ics", "application/ics")
    kept = await client.get(f"/api/v1/mailbox/{shown['message_id']}/attachments/1")
    assert kept.content == letter.calendar
    assert len(kept.content) == file["bytes"]
    assert kept.headers["content-disposition"] == "attachment; filename*=UTF-8''invite.ics"
    is_problem(await client.get(f"/api/v1/mailbox/{shown['message_id']}/attachments/2"), 404, "not-found")


async def test_the_mailbox_of_others_and_of_an_open_copy_is_not_there(
    client: httpx.AsyncClient, start: Start, database: Database, web_dir: Any, pool: Pool, tenant: Tenant
) -> None:
    await put(pool, tenant, sent(invite_letter()))
    message_id = (await only_message(signed_in(client, tenant.rep)))["message_id"]
    stranger = await add_tenant(pool)
    assert (await signed_in(client, stranger.manager).get("/api/v1/mailbox")).json()["items"] == []
    is_problem(await client.get(f"/api/v1/mailbox/{message_id}"), 404, "not-found")
    is_problem(await client.get(f"/api/v1/mailbox/{message_id}/attachments/1"), 404, "not-found")
    client.cookies.clear()
    is_problem(await client.get("/api/v1/mailbox"), 401, "not-signed-in")
    away = signed_in(await start(settings(database, NOBODY_THERE, web_dir, PARLEY_LOCAL_MODE=False)), tenant.rep)
    for address in ("/api/v1/mailbox", f"/api/v1/mailbox/{message_id}", f"/api/v1/mailbox/{message_id}/attachments/1"):
        is_problem(await away.get(address), 404, "not-found")


async def test_the_list_is_searched_and_goes_on_page_by_page(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant
) -> None:
    for number in range(53):
        await put(pool, tenant, b"Subject: x\r\n\r\n", f"Number {number}")
    first = (await signed_in(client, tenant.rep).get("/api/v1/mailbox")).json()
    second = (await client.get("/api/v1/mailbox", params={"cursor": first["next_cursor"]})).json()
    assert [item["subject"] for item in first["items"] + second["items"]] == [f"Number {n}" for n in range(52, -1, -1)]
    assert second["next_cursor"] is None
    found = (await client.get("/api/v1/mailbox", params={"search": "number 5"})).json()["items"]
    assert {item["subject"] for item in found} == {"Number 5", "Number 50", "Number 51", "Number 52"}


def a_mail(html: str) -> bytes:
    message = EmailMessage()
    message.set_content("text")
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src='https://track.example/pixel.gif'>",
        "<img src='//track.example/pixel.gif'>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<p style='background-image:url(https://track.example/a)'>x</p>",
        "<p style='color:expression(alert(1));background:\\75rl(https://track.example)'>x</p>",
        "<td background='https://track.example/a'>x</td>",
        "<link rel=stylesheet href='https://track.example/a.css'>",
        "<style>@import url(https://track.example/a.css);</style>",
        "<iframe src='https://track.example'></iframe><object data='https://track.example'></object>",
        "<form action='https://track.example'><input name=password></form>",
        "<a href='javascript:alert(1)'>x</a><a href=' data:text/html,<script>alert(1)</script>'>y</a>",
        "<svg><script>alert(1)</script></svg><math><mtext></mtext></math>",
        "<base href='https://track.example/'><meta http-equiv=refresh content='0;url=https://track.example'>",
        "<video src='https://track.example/v' autoplay></video><audio src='https://track.example/a'></audio>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(html: str) -> None:
    shown = MailReading(a_mail(html)).html
    for word in ("track.example", "script", "alert", "onerror", "javascript", "url(", "expression", "<form", "<input"):
        assert word not in shown.lower(), shown


def test_links_open_elsewhere_and_keep_their_address() -> None:
    shown = cleaned('<a href="https://calls.example/join#abc" target="_top">Join</a>')
    assert shown == ('<a href="https://calls.example/join#abc" target="_blank" rel="noopener noreferrer">Join</a>')


def test_our_own_mails_keep_their_looks() -> None:
    letter = invite_letter()
    shown = cleaned(letter.html)
    assert letter.subject not in shown, "the title is no part of the words"
    assert "#0F766E" in shown
    assert "border-radius:8px" in shown
    assert "600px" in shown


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: x",
        b"Content-Type: text/html; charset=nonsense\r\n\r\n<p>\xff</p>",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n--x--",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nwords",
        b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\n",
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff!!!",
        b"Content-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''..%2f..%2fa%00%0d.ics\r\n\r\nx",
    ],
)
async def test_a_mail_of_any_bytes_can_be_opened(
    client: httpx.AsyncClient, pool: Pool, tenant: Tenant, raw: bytes
) -> None:
    await put(pool, tenant, raw)
    shown = await only_message(signed_in(client, tenant.rep))
    for file in shown["attachments"]:
        assert not set(file["name"]) & set("/\\\0\r\n")
        kept = await client.get(f"/api/v1/mailbox/{shown['message_id']}/attachments/{file['number']}")
        assert kept.status_code == 200
        assert kept.headers["x-content-type-options"] == "nosniff"
