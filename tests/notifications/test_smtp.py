"""Encryption on the way to a mail server: asked for is got, or nothing is said."""

import datetime
import ipaddress
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.mail_server import MailSecurity
from notifications.smtp import NotSent, deliver
from tests.fakes.mail_server import running_mail_server

pytestmark = pytest.mark.unit

ENCRYPTED = (MailSecurity.STARTTLS, MailSecurity.TLS)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def a_mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "a@a.example", "b@b.example"
    message.set_content("Words")
    return message


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
