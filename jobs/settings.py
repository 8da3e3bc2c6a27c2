"""What the jobs process reads from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class JobsSettings(BaseSettings):
    home: Path = Field(validation_alias="PARLEY_HOME")
    app_database_url: str = Field(validation_alias="PARLEY_APP_DATABASE_URL")
    livekit_url: str = Field(validation_alias="LIVEKIT_URL")
    livekit_api_key: str = Field(validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: str = Field(validation_alias="LIVEKIT_API_SECRET")
    log_pii: bool = Field(default=False, validation_alias="PARLEY_LOG_PII")
