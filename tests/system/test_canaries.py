"""Fifty secrets and fifty personal values go through a whole call, and are looked for where they must never be.

Looked through: the logs of all processes, their command lines, the built page, and what a prospect gets: the labels of
the room (its name and metadata; identities, metadata and attributes of everybody in it), all that the media server
sends, and the answer to the link. In three places of these personal values are meant to stand, and only those of this
very call: the name that somebody gave in their participant, what was said in the captions, and the guest's own name in
the answer to their link.
"""

import base64
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx
import psutil
import pytest

from api import demo
from parley.postgres_setup import remove
from parley.product import Product, running_product
from parley.settings import CHECKOUT
from parley.stage.front_door import access
from tests.conftest import eventually
from tests.fakes.mail_server import FakeMailServer, running_mail_server
from tests.system.conftest import local_copy
from tests.system.recorder import Recorder

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

PORT = 8640
NOBODY = "http://127.0.0.1:9"
INVITEES, GUESTS, COLLEAGUES = 10, 3, 4
LINK = re.compile(r"/(?:join|sign-in)#([A-Za-z0-9_-]{20,})")

PHRASES = (
    "My number at home is {}.", "The doctor says it is {}.", "We pay {} a year for it.", "My wife {} decides that.",
    "Our bank account is {}.", "I was born in {}.", "Please write to {} about it.", "Our biggest customer is {}.",
    "The password of the old one was {}.", "My passport has the number {}.",
)  # fmt: skip


@dataclass
class Planted:
    """What is looked for, and where it went in."""

    secrets: dict[str, str] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    shown_in_the_room: set[str] = field(default_factory=set)
    """Of the personal values: names of those who came in, and what was said."""

    def secret(self, value: str, where: str) -> str:
        assert len(value) >= 12, where
        self.secrets[value] = where
        return value

    def person(self, value: str, where: str) -> str:
        self.personal[value] = where
        return value

    def word(self, where: str) -> str:
        """A personal value that stands nowhere else in the world."""
        return self.person(f"quillback{token_hex(4)}", where)

    def tokens_of(self, http: httpx.AsyncClient, whose: str) -> None:
        for name in ("parley_access", "parley_refresh"):
            self.secret(str(http.cookies[name]), f"{name} of {whose}")


def forms(value: str) -> set[bytes]:
    """As it may stand in a log: as it is, in JSON, in an address, as SMTP sends it, and a JWT's signature alone."""
    raw = value.encode()
    found = {raw, json.dumps(value)[1:-1].encode(), quote(value).encode(), base64.b64encode(raw).rstrip(b"=")}
    if value.count(".") == 2:
        found.add(value.rpartition(".")[2].encode())
    return {form.lower() for form in found}


def found_in(places: Mapping[str, bytes], values: Mapping[str, str]) -> list[str]:
    """Each value that stands in a place, by where it was planted."""
    lowered = {name: content.lower() for name, content in places.items()}
    return [
        f"{where} stands in {name}"
        for name, content in lowered.items()
        for value, where in values.items()
        if any(form in content for form in forms(value))
    ]


@asynccontextmanager
async def copy_with_secrets(
    home: Path, mail: FakeMailServer, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Product]:
    """A copy of its own, every setting that may be secret set; the vendors behind their keys do not answer."""
    assert mail.sign_in is not None
    environment = {
        "DEEPGRAM_API_KEY": ",".join(planted.secret(token_hex(20), "DEEPGRAM_API_KEY") for _ in range(2)),
        "GOOGLE_API_KEY": ",".join(planted.secret(token_hex(20), "GOOGLE_API_KEY") for _ in range(2)),
        "PARLEY_LLM_KEY": planted.secret(token_hex(20), "PARLEY_LLM_KEY"),
        "PARLEY_DEEPGRAM_URL": NOBODY, "PARLEY_GEMINI_URL": NOBODY, "PARLEY_LLM_URL": NOBODY,
        "PARLEY_OPENID_CLIENT_ID": "parley", "PARLEY_OPENID_ISSUER": NOBODY,
        "PARLEY_OPENID_CLIENT_SECRET": planted.secret(token_hex(20), "PARLEY_OPENID_CLIENT_SECRET"),
        "PARLEY_SMTP_HOST": "127.0.0.1", "PARLEY_SMTP_PORT": str(mail.port), "PARLEY_SMTP_SECURITY": "none",
        "PARLEY_SMTP_USER_NAME": mail.sign_in[0], "PARLEY_SMTP_PASSWORD": mail.sign_in[1],
        "PARLEY_SMTP_SENDER_EMAIL": f"{planted.word('PARLEY_SMTP_SENDER_EMAIL')}@installation.example",
    }  # fmt: skip
    planted.secret(mail.sign_in[1], "PARLEY_SMTP_PASSWORD")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with running_product(local_copy(home, PORT)) as product:
        kept = product.plan.home.secrets
        planted.secret(kept.secret, "PARLEY_SECRET")
        planted.secret(kept.livekit_secret, "LIVEKIT_API_SECRET")
        planted.secret(kept.database_password, "the database's password")
        yield product
        cluster = product.plan.cluster
    if cluster is not None:
        remove(cluster)


@asynccontextmanager
async def somebody(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{product.url}/api/v1", timeout=20, trust_env=False) as http:
        yield http


async def done(asking: Any, *statuses: int) -> Any:
    answer: httpx.Response = await asking
    assert answer.status_code in (statuses or (200, 201, 202, 204)), f"{answer.request.url.path}: {answer.text}"
    return answer.json() if answer.content else None


def links_in(mail: FakeMailServer) -> dict[str, str]:
    """The newest link in the mails to each address."""
    return {
        str(message["to"]).rpartition("<")[2].strip("<>").lower(): match[1]
        for message in mail.taken
        if (part := message.get_body(("plain",))) and (match := LINK.search(part.get_content()))
    }


async def invite_colleagues(product: Product, planted: Planted, mail: FakeMailServer, admin: httpx.AsyncClient) -> None:
    """Four are invited; one comes by the invitation, goes, and comes again by a link."""
    emails = [f"{planted.word('the address of a colleague')}@acme.example" for _ in range(COLLEAGUES)]
    for email in emails:
        body = {"name": planted.word("the name of a colleague"), "email": email, "role": "rep", "team_ids": []}
        await done(admin.post("/users", json=body))
        await done(admin.post("/users", json=body | {"name": "Again"}), 409)

    async def all_mailed() -> bool:
        return set(emails) <= set(links_in(mail))

    await eventually(all_mailed, "the invitations are mailed", within_s=20)
    links = [planted.secret(links_in(mail)[email], "an invitation's link") for email in emails]
    async with somebody(product) as newcomer:
        await done(newcomer.post("/sign-in/link-views", json={"link": links[0]}))
        name = planted.word("the name that a newcomer gives")
        await done(newcomer.post("/sign-in/link-uses", json={"link": links[0], "name": name, "time_zone": None}))
        planted.tokens_of(newcomer, "a newcomer")
        await done(newcomer.patch("/me", json={"title": planted.word("a title")}))
        await done(newcomer.delete("/sign-in"))
        await done(newcomer.post("/sign-in/links", json={"email": emails[0]}))

        async def mailed_again() -> bool:
            return links_in(mail)[emails[0]] != links[0]

        await eventually(mailed_again, "the link is mailed", within_s=20)
        link = planted.secret(links_in(mail)[emails[0]], "a sign-in link")
        newcomer.cookies.clear()
        await done(newcomer.post("/sign-in/link-uses", json={"link": link, "name": None, "time_zone": None}))
        planted.tokens_of(newcomer, "a newcomer who is back")
        for dead in (link, f"{link}x"):
            await done(newcomer.post("/sign-in/link-uses", json={"link": dead, "name": None, "time_zone": None}), 404)


async def use_own_mail_server(planted: Planted, own: FakeMailServer, admin: httpx.AsyncClient) -> None:
    """First with a password that it refuses."""
    assert own.sign_in is not None
    body = {
        "host": "127.0.0.1", "port": own.port, "security": "none", "user_name": own.sign_in[0],
        "sender_name": planted.word("a sender's name"),
        "sender_email": f"{planted.word('a sender')}@acme.example",
    }  # fmt: skip
    wrong = planted.secret(token_hex(20), "a password that the mail server refuses")
    kept = await done(admin.put("/settings/mail-servers", json={"items": [body | {"password": wrong}]}))
    body["server_id"] = kept["items"][0]["server_id"]
    tests = f"/settings/mail-servers/{body['server_id']}/tests"
    assert (await done(admin.post(tests, json={})))["ok"] is False
    right = planted.secret(own.sign_in[1], "the organization's SMTP password")
    await done(admin.put("/settings/mail-servers", json={"items": [body | {"password": right}]}))
    assert (await done(admin.post(tests, json={})))["ok"] is True


async def book(planted: Planted, own: FakeMailServer, rep: httpx.AsyncClient) -> dict[str, Any]:
    lead = await done(rep.post("/leads", json={
        "name": planted.word("a lead's name"), "company": planted.word("a company"), "industry": "",
        "notes": planted.word("a lead's notes"), "email": f"{planted.word('a lead')}@lead.example",
    }))  # fmt: skip
    questions = [{"text": "How many shops do you have?", "type": "open_ended"}]
    question_set = await done(rep.post("/question-sets", json={"title": "One", "questions": questions}))
    emails = [f"{planted.word('the address of a guest')}@guest.example" for _ in range(INVITEES)]
    own.unknown, own.answers = emails[-1], [f"554 5.7.1 <{emails[-2]}> is not wanted here"]
    call: dict[str, Any] = await done(rep.post("/calls", json={
        "title": "Canaries", "kind": "discovery", "starts_at": datetime.now(UTC).isoformat(), "duration_minutes": 30,
        "question_set_id": question_set["question_set_id"], "lead_id": lead["lead_id"], "staged_as_text": True,
        "invitees": [{"name": planted.word("the name of a guest"), "email": email} for email in emails],
    }))  # fmt: skip
    for invitee in call["invitees"]:
        planted.secret(invitee["join_link"].partition("#")[2], "a join link")

    async def mailed() -> bool:
        return len(set(emails) & set(links_in(own))) == INVITEES - 2

    await eventually(mailed, "all invites but the two that are refused are mailed", within_s=30)
    return call


@dataclass(frozen=True)
class Seen:
    """What one prospect got to see."""

    labels: bytes  # identities, metadata and attributes of the room and of everybody in it
    everything: bytes


async def hold(product: Product, planted: Planted, call: dict[str, Any], rep: httpx.AsyncClient) -> Seen:
    """Three guests and the rep come in; the guests say ten sentences and write two."""
    room_tokens, recorders = f"/calls/{call['call_id']}/room-tokens", [Recorder() for _ in range(GUESTS + 1)]
    try:
        given = await done(rep.post(room_tokens, json={}))
        planted.secret(given["token"], "the rep's room token")
        await recorders[0].enter(access(given))
        async with somebody(product) as http:
            links = [invitee["join_link"].partition("#")[2] for invitee in call["invitees"]]
            view = (await http.post("/joins", json={"link": links[GUESTS - 1]})).content
            planted.shown_in_the_room.add(call["invitees"][GUESTS - 1]["name"])
            for link, recorder in zip(links, recorders[1:], strict=False):
                name = planted.word("the name that a guest gives")
                body = {"link": link, "name": name, "transcription": True, "recording": True}
                given = await done(http.post("/joins/room-tokens", json=body))
                planted.secret(given["token"], "a guest's room token")
                await recorder.enter(access(given))
                planted.shown_in_the_room.add(name)
            await recorders[0].until_texts("parley.stage", 1)
            for number, phrase in enumerate(PHRASES):
                words = planted.word("what a guest says")
                planted.shown_in_the_room.add(words)
                await done(rep.post(f"/calls/{call['call_id']}/staged-segments", json={
                    "identity": recorders[1 + number % GUESTS].local_participant.identity, "segment_id": str(uuid4()),
                    "text": phrase.format(words), "start_ms": number * 9_000, "end_ms": number * 9_000 + 4_000,
                }))  # fmt: skip
                await recorders[0].until_holds(words)
            for link in links[:2]:
                words = planted.word("what a guest writes")
                planted.shown_in_the_room.add(words)
                await done(http.post("/joins/messages", json={"link": link, "text": f"It is {words}."}))
                await recorders[-1].until_holds(words)
            await go_wrong(http, rep, planted, links)
        last = recorders[-1]
        identities = " ".join(str(who) for who in last.remote_participants)
        labels = f"{last.name} {identities} {json.dumps(last.labels())}".encode()
        return Seen(labels=labels, everything=b"\n".join(last.everything) + view)
    finally:
        await done(rep.put(f"/calls/{call['call_id']}/ending", json={}))
        for recorder in recorders:
            await recorder.aclose()


async def go_wrong(http: httpx.AsyncClient, rep: httpx.AsyncClient, planted: Planted, links: list[str]) -> None:
    """What should not be sent is sent: secrets and people in addresses, headers, and bodies that are refused."""
    typed = planted.word("what somebody types into a search")
    await done(rep.get("/leads", params={"search": typed}))
    code = {
        "code": planted.secret(token_hex(20), "a code from Google"),
        "state": planted.secret(token_hex(20), "a state"),
    }
    await done(http.get("/sign-in/google", params={"next": f"/calls?search={typed}"}), 303)
    await done(http.get("/sign-in/google/callback", params=code), 303)
    for answer in (
        await http.get(f"/joins/{links[0]}"),
        await http.get("/joins", params={"link": links[0]}),
        await http.post("/joins", json={"link": f"{links[0]}x"}),
        await http.post("/joins", content=f'{{"link": "{links[0]}"'.encode()),
        await http.post("/joins/messages", json={"link": links[0], "text": typed, typed: typed}),
        await http.get("/me", headers={"Authorization": f"Bearer {rep.cookies['parley_access'][:-1]}"}),
        await http.get(f"/calls/{typed}", headers={"User-Agent": typed, "Referer": f"http://x/join#{links[0]}"}),
        await rep.post("/leads", json={"name": typed, "company": typed, "status": typed}),
        await rep.patch(f"/leads/{uuid4()}", json={"name": typed}),
        await rep.get("/calls", params={"cursor": typed}),
    ):
        assert 400 <= answer.status_code < 500, answer.text


async def break_rules_of_the_database(product: Product, planted: Planted) -> None:
    """As a fault of ours would. PostgreSQL's own words about it name the row, unless it stands behind the wall."""
    organization_id = demo.ORGANIZATION_ID
    app = await asyncpg.connect(product.app_database_url, server_settings={"app.organization_id": str(organization_id)})
    try:
        for roles in (["rep", "rep"], ["none"]):  # the address twice; a role that there is not
            email, name = f"{planted.word('an address')}@twice.example", planted.word("a name")
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await app.executemany(
                    "INSERT INTO users (id, organization_id, name, email, role) VALUES ($1, $2, $3, $4, $5)",
                    [(uuid4(), organization_id, name, email, role) for role in roles],
                )
    finally:
        await app.close()


async def review_and_summary(own: FakeMailServer, call: dict[str, Any], rep: httpx.AsyncClient) -> None:
    async def reviewed() -> bool:
        return bool((await done(rep.get(f"/calls/{call['call_id']}/review")))["status"] == "done")

    async def mailed() -> bool:
        emails = (await done(rep.get(f"/calls/{call['call_id']}/emails")))["items"]
        return {"invite", "agent_joined", "summary"} <= {one["kind"] for one in emails if one["status"] == "sent"}

    await eventually(reviewed, "the review is made", within_s=40)
    await eventually(mailed, "the summary is mailed", within_s=20)


async def live_through_it(product: Product, planted: Planted, mail: FakeMailServer, own: FakeMailServer) -> Seen:
    async with somebody(product) as admin, somebody(product) as manager, somebody(product) as rep:
        for http, role in ((admin, "admin"), (manager, "manager"), (rep, "rep")):
            await done(http.post("/demo/sign-ins", json={"as": role}))
            planted.tokens_of(http, f"the {role}")
            for _ in range(2):
                await done(http.post("/sign-in/refreshes", json={}))
                planted.tokens_of(http, f"the {role}, anew")
        await invite_colleagues(product, planted, mail, admin)
        await use_own_mail_server(planted, own, admin)
        call = await book(planted, own, rep)
        seen = await hold(product, planted, call, rep)
        await break_rules_of_the_database(product, planted)
        await review_and_summary(own, call, rep)
        return seen


def files_under(folders: Iterable[Path]) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


async def test_secrets_and_people_stand_in_no_log_no_label_and_no_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = Planted()
    sign_ins = [(f"user{token_hex(3)}", token_hex(20)) for _ in range(2)]
    async with (
        running_mail_server(sign_in=sign_ins[0]) as mail,
        running_mail_server(sign_in=sign_ins[1]) as own,
        copy_with_secrets(tmp_path / "home", mail, planted, monkeypatch) as product,
    ):
        seen = await live_through_it(product, planted, mail, own)
        ours = psutil.Process().children(recursive=True)
        commands = {f"the command of {it.name()} {it.pid}": repr(it.cmdline()).encode() for it in ours}
        logs = product.plan.home.logs
    places = files_under([logs, CHECKOUT / "web" / "dist"])
    names = {Path(name).name for name in places}
    assert {"api.log", "agent.log", "jobs.log", "livekit.log", "postgres.log", "index.html"} <= names
    assert all(content for name, content in places.items() if name.endswith(".log"))
    assert len(commands) >= 5
    assert len(planted.secrets) >= 50
    assert len(planted.personal) >= 50

    places |= commands | {"the room's labels": seen.labels}
    assert found_in(places, planted.secrets) == []
    assert found_in(places, planted.personal) == []
    unseen = {value: where for value, where in planted.personal.items() if value not in planted.shown_in_the_room}
    guest = {"what a prospect gets": seen.everything}
    assert found_in(guest, planted.secrets) == []
    assert found_in(guest, unseen) == []

    assert len(found_in(guest, planted.personal)) >= len(PHRASES), "the search does not find what is there"
    for value in [*planted.secrets, *planted.personal]:
        assert found_in({"a log": f"… {value} …".encode()}, {value: "it"}), "the search does not find it"
