"""What the API process reads from the environment."""

from pathlib import Path

from pydantic import Field

from domain.mail_server import MailServer
from providers.settings import ProviderSettings


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
    log_pii: bool = Field(default=False, validation_alias="PARLEY_LOG_PII")
