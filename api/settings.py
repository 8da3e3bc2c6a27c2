"""What the API process reads from the environment."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from domain.mail_server import MailServer
from providers.settings import ProviderSettings

Network = IPv4Network | IPv6Network


class ApiSettings(ProviderSettings):
    port: int = Field(validation_alias="PARLEY_PORT")
    app_database_url: str = Field(validation_alias="PARLEY_APP_DATABASE_URL")
    livekit_url: str = Field(validation_alias="LIVEKIT_URL")
    livekit_api_key: str = Field(validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: str = Field(validation_alias="LIVEKIT_API_SECRET")
    secret: str = Field(validation_alias="PARLEY_SECRET", min_length=32)
    public_url: str = Field(validation_alias="PARLEY_PUBLIC_URL")
    audit_dir: Path = Field(validation_alias="PARLEY_AUDIT_DIR")  # signed heads of the audit logs
    web_dir: Path = Field(validation_alias="PARLEY_WEB_DIR")
    local_mode: bool = Field(default=False, validation_alias="PARLEY_LOCAL_MODE")
    mail_server: MailServer | None = Field(default=None, validation_alias="PARLEY_MAIL_SERVER")  # the installation's
    mailbox_port: int | None = Field(default=None, validation_alias="PARLEY_MAILBOX_PORT")  # None: no local mailbox
    openid_issuer: str = Field(default="https://accounts.google.com", validation_alias="PARLEY_OPENID_ISSUER")
    openid_client_id: str = Field(default="", validation_alias="PARLEY_OPENID_CLIENT_ID")  # empty: not set up
    openid_client_secret: SecretStr = Field(default=SecretStr(""), validation_alias="PARLEY_OPENID_CLIENT_SECRET")
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(), validation_alias="PARLEY_TRUSTED_PROXIES"
    )  # whose X-Forwarded-For is believed; parted by commas
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="PARLEY_CORS_ORIGINS"
    )  # other sites whose pages may ask with a token of theirs; parted by commas
    log_pii: bool = Field(default=False, validation_alias="PARLEY_LOG_PII")

    @field_validator("trusted_proxies", "cors_origins", mode="before")
    @classmethod
    def _parted(cls, given: object) -> object:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.hostname
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError("must be like https://crm.example.org, without a path")
        return origins
