"""Encryption on the way to a mail server: asked for is got, or nothing is said."""

import ssl
from pathlib import Path

import pytest

from domain.mail_server import MailSecurity
from notifications.smtp import NotSent, Parcel, deliver
from tests.certificates import make_certificate
from tests.fakes.mail_server import running_mail_server

pytestmark = pytest.mark.unit

ENCRYPTED = (MailSecurity.STARTTLS, MailSecurity.TLS)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path / "certificate.pem")


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def a_mail() -> Parcel:
    return Parcel(
        sender="a@a.example", recipient="b@b.example", content=b"From: a@a.example\r\nTo: b@b.example\r\n\r\nWords\r\n"
    )


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_trusted_server_is_spoken_to(
    certificate: Path, security: MailSecurity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    is_late = security is MailSecurity.STARTTLS
    async with running_mail_server(tls=server_side(certificate), starttls=is_late, sign_in=("ada", "word")) as server:
        await deliver(server.secured(security), a_mail(), our_name="parley.localhost")
        assert [message["To"] for message in server.taken] == ["b@b.example"]


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_server_that_nobody_vouches_for_hears_neither_password_nor_mail(
    certificate: Path, security: MailSecurity
) -> None:
    is_late = security is MailSecurity.STARTTLS
    async with running_mail_server(tls=server_side(certificate), starttls=is_late, sign_in=("ada", "word")) as server:
        with pytest.raises(NotSent, match="certificate that is not trusted") as refused:
            await deliver(server.secured(security), a_mail(), our_name="parley.localhost")
        assert refused.value.may_work_later, "somebody can mend it"
        assert server.seen == 0


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_server_without_encryption_hears_nothing(security: MailSecurity) -> None:
    async with running_mail_server() as server:
        with pytest.raises(NotSent):
            await deliver(server.secured(security), a_mail(), our_name="parley.localhost")
        assert server.seen == 0


async def test_a_refused_address_is_said_to_be_refused() -> None:
    async with running_mail_server(unknown="b@b.example") as server:
        with pytest.raises(NotSent) as refused:
            await deliver(server.address, a_mail(), our_name="parley.localhost")
    assert str(refused.value) == "The mail server 127.0.0.1 refused the address: 550 5.1.1 Nobody of that name"
    assert not refused.value.may_work_later
