"""What the jobs process reads from the environment."""

from pathlib import Path

from pydantic import Field

from domain.mail_server import MailServer
from providers.settings import ProviderSettings


class JobsSettings(ProviderSettings):
    home: Path = Field(validation_alias="PARLEY_HOME")
    audit_dir: Path = Field(validation_alias="PARLEY_AUDIT_DIR")  # signed heads of the audit logs
    app_database_url: str = Field(validation_alias="PARLEY_APP_DATABASE_URL")
    livekit_url: str = Field(validation_alias="LIVEKIT_URL")
    livekit_api_key: str = Field(validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: str = Field(validation_alias="LIVEKIT_API_SECRET")
    secret: str = Field(validation_alias="PARLEY_SECRET", min_length=32)
    public_url: str = Field(validation_alias="PARLEY_PUBLIC_URL")
    mail_server: MailServer | None = Field(default=None, validation_alias="PARLEY_MAIL_SERVER")  # as JSON
    mailbox_port: int | None = Field(default=None, validation_alias="PARLEY_MAILBOX_PORT")  # None: no local mailbox
    log_pii: bool = Field(default=False, validation_alias="PARLEY_LOG_PII")
