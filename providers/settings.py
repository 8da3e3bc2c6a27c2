"""The operator's keys, addresses and models of outside providers, as each process that asks one reads them."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ProviderSettings(BaseSettings):
    """Without any of these everything runs on this machine. Several keys of one vendor are parted by commas."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    deepgram_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="DEEPGRAM_API_KEY")
    deepgram_url: str = Field(default="https://api.deepgram.com/v1/listen", validation_alias="PARLEY_DEEPGRAM_URL")
    deepgram_model: str = Field(default="nova-3", validation_alias="PARLEY_DEEPGRAM_MODEL")
    google_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="GOOGLE_API_KEY")
    gemini_url: str | None = Field(default=None, validation_alias="PARLEY_GEMINI_URL")
    gemini_model: str = Field(default="gemini-3.8-flash", validation_alias="PARLEY_GEMINI_MODEL")
    llm_url: str | None = Field(default=None, validation_alias="PARLEY_LLM_URL")
    llm_key: SecretStr = Field(default=SecretStr(""), validation_alias="PARLEY_LLM_KEY")
    llm_model: str = Field(default="", validation_alias="PARLEY_LLM_MODEL")

    @field_validator("deepgram_url", "gemini_url", "llm_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("must begin with http:// or https:// and name a server")
        return url

    @property
    def deepgram_keys(self) -> tuple[str, ...]:
        return listed(self.deepgram_api_key)

    @property
    def google_keys(self) -> tuple[str, ...]:
        return listed(self.google_api_key)

    @property
    def llm_keys(self) -> tuple[str, ...]:
        """A server of one's own often wants no key; it is then asked with an empty one."""
        return listed(self.llm_key) or ("",)

    def with_key(self, key: str) -> Self:
        """The same with this key alone, whichever vendor it is for."""
        secret = SecretStr(key)
        return self.model_copy(update={"deepgram_api_key": secret, "google_api_key": secret, "llm_key": secret})


def listed(keys: SecretStr) -> tuple[str, ...]:
    """In the order given, each once."""
    return tuple(dict.fromkeys(key.strip() for key in keys.get_secret_value().split(",") if key.strip()))
