"""The doctor on a healthy machine and on broken ones."""

import dataclasses
import io
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from domain.mail_server import MailSecurity
from parley import checks_installed, livekit_server
from parley.doctor import ALL_CHECKS, Check, examine
from parley.home import Home
from parley.product import running_product
from parley.report import Terminal
from parley.settings import CHECKOUT, Settings
from providers.local import model_files
from tests.fakes.mail_server import running_mail_server
from tests.parley.up_with_stand_ins import stand_ins

pytestmark = pytest.mark.system


async def diagnosis(settings: Settings, *, only: str | None = None) -> tuple[int, str]:
    """Exit code and text; of one check only when a name is given."""
    said = io.StringIO()
    checks = [check for check in ALL_CHECKS if only in (None, check.name)]
    assert checks
    return await examine(settings, Terminal(said), checks), said.getvalue()


@pytest.fixture
def built_web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout's web pages; whether they are built here is not what these tests are about."""
    dist = tmp_path / "checkout" / "web" / "dist"
    dist.mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html>")
    monkeypatch.setattr(checks_installed, "CHECKOUT", tmp_path / "checkout")


@pytest.mark.usefixtures("built_web")
async def test_a_healthy_machine_is_well_from_the_first_look_on(settings: Settings) -> None:
    code, text = await diagnosis(settings)
    assert code == 0, text
    assert f"All {len(ALL_CHECKS)} checks are well." in text
    assert "heard in" in text
    assert "1 migrations are applied at the next start" in text or "migrations are applied" in text


@pytest.mark.usefixtures("built_web")
async def test_a_running_copy_is_looked_at_and_not_disturbed(settings: Settings) -> None:
    async with running_product(settings, processes=stand_ins) as product:
        before = product.pid("postgres"), product.pid("livekit")
        code, text = await diagnosis(settings.model_copy(update={"port": settings.port + 40}))
        assert code == 0, text
        assert f"{settings.port} to {settings.port + 3} are ours" in text
        assert "runs, and a call could be held" in text
        assert f"the local mailbox takes it on port {settings.port + 4}" in text
        assert "up to date" in text
        assert (product.pid("postgres"), product.pid("livekit")) == before


@pytest.mark.usefixtures("built_web")
async def test_another_version_of_livekit_server_fails_with_its_remedy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(livekit_server, "VERSION", "9.9.9")
    code, text = await diagnosis(settings)
    assert code == 1
    assert "fails livekit-server" in text
    assert "livekit-server 9.9.9 is not on PATH" in text
    assert "Run `make setup`" in text
    assert "fails room round trip" in text
    assert "ok    database" in text


async def test_a_broken_model_file_fails_with_its_name_and_remedy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = dataclasses.replace(model_files.FILES["silero"], sha256="0" * 64)
    monkeypatch.setitem(model_files.FILES, "silero", broken)
    model_files.verified.cache_clear()
    code, text = await diagnosis(settings, only="speech models")
    model_files.verified.cache_clear()
    assert code == 1
    assert "silero_vad.onnx" in text
    assert "Remove the folder .venv and run `make setup`." in text


async def test_a_database_url_that_refuses_fails_with_its_remedy(settings: Settings) -> None:
    refusing = settings.model_copy(update={"database_url": SecretStr("postgresql://a:secret@127.0.0.1:1/b")})
    code, text = await diagnosis(refusing, only="database")
    assert code == 1
    assert "Check that DATABASE_URL names a server that runs" in text
    assert "secret" not in text


async def test_a_taken_port_fails_with_its_remedy(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port + 1))
        other.listen()
        code, text = await diagnosis(settings, only="ports")
    assert code == 1
    assert f"port {settings.port + 1} (LiveKit's signalling)" in text
    assert f"PARLEY_PORT={settings.port + 100}" in text


async def test_a_livekit_of_the_owners_with_a_wrong_secret_fails_with_its_remedy(settings: Settings) -> None:
    async with running_product(settings, processes=stand_ins) as product:
        elsewhere = Settings(
            home=settings.home.parent / "another",
            livekit_url=product.livekit.url,
            livekit_api_key=product.livekit.api_key,
            livekit_api_secret=SecretStr("not the secret of that server at all"),
        )
        code, text = await diagnosis(elsewhere, only="room round trip")
    assert code == 1
    assert "With LIVEKIT_URL: check key and secret." in text


async def test_a_public_copy_says_that_it_trusts_no_proxy(home_path: Path) -> None:
    public = Settings(home=home_path, public_url="https://calls.example.org")
    code, text = await diagnosis(public, only="proxies")
    assert code == 1
    assert "Set PARLEY_TRUSTED_PROXIES in .env" in text
    for well in (public.model_copy(update={"trusted_proxies": "10.0.0.0/8"}), Settings(home=home_path)):
        assert (await diagnosis(well, only="proxies"))[0] == 0


async def test_mail_is_tried_as_far_as_the_servers_door(home_path: Path) -> None:
    async with running_mail_server(sign_in=("ada", "word")) as server:
        set_up = Settings(
            home=home_path, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=MailSecurity.NONE,
            smtp_user_name="ada", smtp_password=SecretStr("word"), smtp_sender_email="calls@example.org",
        )  # fmt: skip
        code, text = await diagnosis(set_up, only="mail")
        assert code == 0, text
        assert f"127.0.0.1 takes it on port {server.port}" in text
        assert server.seen == 0
        wrong = set_up.model_copy(update={"smtp_password": SecretStr("another word")})
        code, text = await diagnosis(wrong, only="mail")
    assert code == 1
    assert "refused the user name or password" in text
    assert "Check PARLEY_SMTP_… in .env" in text
    assert "another word" not in text
    code, text = await diagnosis(set_up, only="mail")
    assert code == 1
    assert f"cannot be reached on port {server.port}" in text


async def test_without_a_mail_server_mail_stays_here_or_goes_nowhere(home_path: Path) -> None:
    code, text = await diagnosis(Settings(home=home_path), only="mail")
    assert (code, "goes into the local mailbox, which does not run now" in text) == (0, True)
    code, text = await diagnosis(Settings(home=home_path, public_url="https://calls.example.org"), only="mail")
    assert code == 1
    assert "Set PARLEY_SMTP_HOST and PARLEY_SMTP_SENDER_EMAIL" in text


async def test_a_check_that_breaks_does_not_end_the_doctor(settings: Settings) -> None:
    async def breaks(_: Settings) -> str:
        raise ZeroDivisionError("by zero")

    async def works(_: Settings) -> str:
        return "fine"

    said = io.StringIO()
    checks = [Check("first", breaks), Check("second", works)]
    assert await examine(settings, Terminal(said), checks) == 1
    assert "ZeroDivisionError: by zero" in said.getvalue()
    assert "ok    second" in said.getvalue()


def test_the_command_exits_with_1_when_something_fails(home_path: Path) -> None:
    Home.open(home_path)
    ran = subprocess.run(
        [sys.executable, "-m", "parley", "doctor"],
        cwd=CHECKOUT,
        env={
            "PATH": "/usr/bin:/bin",
            "PARLEY_HOME": str(home_path),
            "DATABASE_URL": "postgresql://a@127.0.0.1:1/b",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert "fails database" in ran.stdout
    assert "checks failed" in ran.stdout
