"""What the agent processes read from the environment."""

from pathlib import Path

from pydantic import Field

from providers.settings import ProviderSettings


class AgentSettings(ProviderSettings):
    home: Path = Field(validation_alias="PARLEY_HOME")
    health_port: int = Field(validation_alias="PARLEY_AGENT_PORT")
    app_database_url: str = Field(validation_alias="PARLEY_APP_DATABASE_URL")
    livekit_url: str = Field(validation_alias="LIVEKIT_URL")
    livekit_api_key: str = Field(validation_alias="LIVEKIT_API_KEY")
    livekit_api_secret: str = Field(validation_alias="LIVEKIT_API_SECRET")
    most_calls: int = Field(default=8, ge=1, validation_alias="PARLEY_MOST_CALLS")
    idle_processes: int = Field(default=2, ge=1, validation_alias="PARLEY_IDLE_AGENTS")
    log_pii: bool = Field(default=False, validation_alias="PARLEY_LOG_PII")
