"""The page where an admin chooses who hears and who words, and sees whether the keys work."""

from pathlib import Path

import httpx
import pytest

from tests.api.conftest import NOBODY_THERE, Start, is_problem, settings, signed_in
from tests.conftest import Database
from tests.fakes.deepgram import deepgram_double
from tests.fakes.gemini import gemini_double
from tests.sample import Tenant

pytestmark = pytest.mark.db

AT = "/api/v1/settings/providers"


def chosen(speech: str = "auto", language: str = "auto", model: str | None = None) -> dict[str, object]:
    return {
        "speech_to_text": {"choice": speech, "model": None},
        "language_model": {"choice": language, "model": model},
    }


async def test_without_keys_everything_runs_on_this_machine_and_the_page_says_why(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    answer = (await signed_in(client, tenant.admin).get(AT)).json()
    speech, language = answer["speech_to_text"], answer["language_model"]
    assert (speech["choice"], speech["in_use"], speech["keys"]) == ("auto", "local", 0)
    assert "DEEPGRAM_API_KEY is not set" in speech["detail"]
    assert (language["in_use"], language["choices"]) == ("local", ["auto", "local", "gemini", "openai"])
    assert answer["text_to_speech"]["in_use"] == "local"


async def test_a_choice_is_kept_for_the_organization_and_keys_are_counted_and_never_shown(
    start: Start, database: Database, web_dir: Path, tenant: Tenant
) -> None:
    keys = {"DEEPGRAM_API_KEY": "s3cret-a, s3cret-b", "GOOGLE_API_KEY": "s3cret-c"}
    client = await start(settings(database, NOBODY_THERE, web_dir, **keys))
    changed = await signed_in(client, tenant.admin).put(AT, json=chosen("local", "gemini", "gemini-2.5-flash"))
    assert changed.status_code == 200
    read = await signed_in(client, tenant.admin).get(AT)
    assert read.json() == changed.json()
    assert read.json()["speech_to_text"] | {"detail": ""} == {
        "choice": "local",
        "in_use": "local",
        "model": "moonshine-tiny-en",
        "keys": 2,
        "choices": ["auto", "local", "deepgram"],
        "detail": "",
    }
    assert (read.json()["language_model"]["in_use"], read.json()["language_model"]["model"]) == (
        "gemini",
        "gemini-2.5-flash",
    )
    assert "s3cret" not in read.text


async def test_nobody_but_an_admin_looks_changes_or_tries(client: httpx.AsyncClient, tenant: Tenant) -> None:
    for user in (tenant.rep, tenant.manager):
        signed_in(client, user)
        is_problem(await client.get(AT), 403, "not-allowed")
        is_problem(await client.put(AT, json=chosen()), 403, "not-allowed")
        is_problem(await client.post(f"{AT}/tests", json={"part": "speech_to_text"}), 403, "not-allowed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (chosen(speech="gemini"), "/body/speech_to_text/choice"),
        (chosen(language="deepgram"), "/body/language_model/choice"),
        (chosen(language="openai", model="a/../b c"), "/body/language_model/model"),
        (chosen(speech="whisper"), "/body/speech_to_text/choice"),
    ],
)
async def test_a_choice_that_cannot_be_is_refused_where_it_stands(
    client: httpx.AsyncClient, tenant: Tenant, body: dict[str, object], pointer: str
) -> None:
    refused = is_problem(await signed_in(client, tenant.admin).put(AT, json=body), 422, "malformed-request")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


async def test_a_test_makes_one_real_request_with_each_key(
    start: Start, database: Database, web_dir: Path, tenant: Tenant
) -> None:
    async with deepgram_double() as deepgram, gemini_double() as gemini:
        deepgram.refusals["bad"] = 401
        gemini.refusals["used-up"] = 429
        gemini.answer = lambda _asked: {"word": "hello"}
        keys = {
            "DEEPGRAM_API_KEY": "good,bad",
            "PARLEY_DEEPGRAM_URL": deepgram.url,
            "GOOGLE_API_KEY": "fine,used-up",
            "PARLEY_GEMINI_URL": gemini.url,
        }
        client = signed_in(await start(settings(database, NOBODY_THERE, web_dir, **keys)), tenant.admin)
        speech = (await client.post(f"{AT}/tests", json={"part": "speech_to_text"})).json()
        language = (await client.post(f"{AT}/tests", json={"part": "language_model"})).json()
        assert (speech["ok"], deepgram.handshakes) == (False, ["good", "bad"])
        assert speech["detail"] == "Deepgram, nova-3: key 2: it was refused (401)."
        assert (language["ok"], gemini.keys) == (False, ["fine", "used-up"])
        assert language["detail"] == "Gemini, gemini-3.8-flash: key 2: every key was refused."
        deepgram.refusals.clear()
        gemini.refusals.clear()
        speech = (await client.post(f"{AT}/tests", json={"part": "speech_to_text"})).json()
        language = (await client.post(f"{AT}/tests", json={"part": "language_model"})).json()
        assert (speech["ok"], language["ok"]) == (True, True)
        assert 0 < speech["took_ms"] < 5_000


async def test_without_keys_there_is_nothing_to_test(client: httpx.AsyncClient, tenant: Tenant) -> None:
    answer = await signed_in(client, tenant.admin).post(f"{AT}/tests", json={"part": "language_model"})
    assert answer.json()["ok"] is True
    assert "No key to test" in answer.json()["detail"]
