"""The command's settings. Only this file and `__main__` read the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from domain.mail_server import MailSecurity
from providers.settings import ProviderSettings

CHECKOUT = Path(__file__).resolve().parent.parent
LAST_BASE_PORT = 65_531
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Settings(ProviderSettings):
    """Where this copy of Parley lives, and what of it runs elsewhere.

    `port` is the first of five in a row: the app and its API, LiveKit's signalling, LiveKit's media (UDP), the
    agent worker's health page and the local mailbox. `smtp_…` is the mail server of this copy; without one, mail
    stays in the local mailbox, and outside local mode is not sent. `openid_…` is the provider whose accounts may sign
    in; without a client id there is none. `trusted_proxies` is for the API, which reads what stands in it; here only
    whether there is something.
    """

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_ignore_empty=True, populate_by_name=True, extra="ignore"
    )

    port: int = Field(default=8000, ge=1, le=LAST_BASE_PORT)
    home: Path = CHECKOUT / ".parley"
    audit_dir: Path | None = None  # None: the folder `audit` in the home
    public_url: str = ""
    local_mode: bool | None = None
    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    livekit_url: str | None = Field(default=None, validation_alias="LIVEKIT_URL")
    livekit_api_key: str | None = Field(default=None, validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: SecretStr | None = Field(default=None, validation_alias="LIVEKIT_API_SECRET")
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: MailSecurity = MailSecurity.STARTTLS
    smtp_user_name: str | None = None
    smtp_password: SecretStr | None = None
    smtp_sender_name: str = "Parley"
    smtp_sender_email: str | None = None
    openid_issuer: str = "https://accounts.google.com"
    openid_client_id: str | None = None
    openid_client_secret: SecretStr | None = None
    trusted_proxies: str = ""

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("openid_issuer")
    @classmethod
    def _is_encrypted(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https://")
        return url

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and urlsplit(url.get_secret_value()).scheme not in ("postgresql", "postgres"):
            raise ValueError("must begin with postgresql://")
        return url

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.livekit_url and not (self.livekit_api_key and self.livekit_api_secret):
            raise ValueError("LIVEKIT_URL needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET beside it")
        if self.smtp_host and not self.smtp_sender_email:
            raise ValueError("PARLEY_SMTP_HOST needs PARLEY_SMTP_SENDER_EMAIL beside it")
        self.audit_dir = (self.audit_dir or self.home / "audit").expanduser().absolute()
        if self.openid_client_id and not self.openid_client_secret:
            raise ValueError("PARLEY_OPENID_CLIENT_ID needs PARLEY_OPENID_CLIENT_SECRET beside it")
        if not self.public_url:
            self.public_url = f"http://127.0.0.1:{self.port}"
        if self.local_mode is None:
            self.local_mode = urlsplit(self.public_url).hostname in LOOPBACK
        return self

    @property
    def own_livekit(self) -> bool:
        """Whether we start a LiveKit server ourselves."""
        return not self.livekit_url


def inherited_environment() -> dict[str, str]:
    """The environment that our own children get, below what we add to it."""
    return dict(os.environ)
