import json
import socket
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from domain.mail_server import MailSecurity
from parley.plan import as_app_user, make_plan
from parley.ports import Ports, free_base_port, wait_until_free
from parley.problems import SetupProblem
from parley.settings import CHECKOUT, Settings

pytestmark = pytest.mark.unit


def test_without_an_environment_everything_is_on_this_machine() -> None:
    settings = Settings()
    assert (settings.port, settings.home) == (8000, CHECKOUT / ".parley")
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.local_mode
    assert settings.own_livekit


def test_the_home_folder_of_the_user_is_not_the_home_of_parley(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("PORT", "1234")
    assert Settings().home == CHECKOUT / ".parley"
    assert Settings().port == 8000


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARLEY_PORT", "9000")
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:b@db/parley")
    settings = Settings()
    assert (settings.port, settings.home) == (9000, tmp_path)
    assert "a:b" not in repr(settings)


@pytest.mark.parametrize(
    ("public_url", "given", "expected"),
    [
        ("http://localhost:8000", None, True),
        ("https://calls.example.org", None, False),
        ("https://calls.example.org", True, True),
        ("http://127.0.0.1:8000", False, False),
    ],
)
def test_one_click_sign_in_is_off_where_strangers_come(public_url: str, given: bool | None, expected: bool) -> None:
    assert Settings(public_url=public_url, local_mode=given).local_mode is expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARLEY_PORT", "eighty"),
        ("PARLEY_PORT", "65535"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("LIVEKIT_URL", "wss://only.example.org"),
        ("PARLEY_SMTP_HOST", "smtp.only.example.org"),
        ("PARLEY_SMTP_SECURITY", "ssl"),
    ],
)
def test_what_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("owner", "app"),
    [
        (
            "postgresql://o:p@db:5433/x?sslmode=require",
            "postgresql://parley_app:s%2F1@db:5433/x?sslmode=require",
        ),
        ("postgresql://db/x", "postgresql://parley_app:s%2F1@db/x"),
        ("postgresql://o:p%40q@[::1]/x", "postgresql://parley_app:s%2F1@[::1]/x"),
    ],
)
def test_the_app_uses_the_same_database_as_another_role(owner: str, app: str) -> None:
    assert as_app_user(owner, "s/1") == app


def test_two_copies_have_no_port_in_common() -> None:
    one = Ports(8000)
    assert [one.api, one.signalling, one.media, one.agent, one.mailbox] == [8000, 8001, 8002, 8003, 8004]


@pytest.mark.parametrize(("offset", "kind"), [(0, socket.SOCK_STREAM), (2, socket.SOCK_DGRAM)])
async def test_a_taken_port_is_named_with_the_variable_that_changes_it(offset: int, kind: socket.SocketKind) -> None:
    base = free_base_port()
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", base + offset))
        if kind == socket.SOCK_STREAM:
            other.listen()
        with pytest.raises(SetupProblem, match=rf"port {base + offset} [\s\S]*PARLEY_PORT=") as caught:
            await wait_until_free(Ports(base), own_livekit=True, within_s=0)
    assert str(base + 1) not in caught.value.what
    await wait_until_free(Ports(base), own_livekit=True, within_s=0)


def test_mail_stays_in_the_local_mailbox_until_a_server_is_set(home_path: Path) -> None:
    settings = Settings(home=home_path, port=8000)
    local = make_plan(settings)
    assert local.mail_server is not None
    assert (local.mail_server.host, local.mail_server.port, local.mailbox_port) == ("127.0.0.1", 8004, 8004)
    assert json.loads(local.environment()["PARLEY_MAIL_SERVER"])["security"] == "none"

    away = make_plan(settings.model_copy(update={"local_mode": False}))
    assert (away.mail_server, away.mailbox_port) == (None, None)
    assert "PARLEY_MAIL_SERVER" not in away.environment()

    own = make_plan(
        Settings(
            home=home_path, smtp_host="smtp.example.org", smtp_sender_email="a@b.example", smtp_password=SecretStr("p")
        )
    ).mail_server
    assert own is not None
    assert (own.host, own.port, own.security, own.password) == ("smtp.example.org", 587, MailSecurity.STARTTLS, "p")
    assert "'p'" not in repr(own)


def test_keys_and_addresses_of_outside_providers_are_read_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPGRAM_API_KEY", "s3cret-one,s3cret-two")
    monkeypatch.setenv("PARLEY_LLM_URL", "http://127.0.0.1:11434/v1")
    settings = Settings()
    assert settings.deepgram_keys == ("s3cret-one", "s3cret-two")
    assert settings.llm_url == "http://127.0.0.1:11434/v1"
    assert "s3cret" not in repr(settings)
    monkeypatch.setenv("PARLEY_GEMINI_URL", "proxy")
    with pytest.raises(ValidationError, match="must begin with http"):
        Settings()
