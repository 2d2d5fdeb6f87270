"""Settings: environment variables with the prefix BOT_, and `.env`."""

from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from alerts.channels.template.settings import Templates
from bot.runtime.addresses import (
    bracketed,
    database_address,
    here,
    http_address,
    is_loopback,
    is_official_api,
    password_in,
    public_address,
)
from storage.redis.address import redis_address

_SHORTEST_SECRET = 32


def _comma_separated(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


class Settings(BaseSettings):
    """The settings of a deployment; README lists each name with its meaning."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_aes_key_previous: SecretStr = SecretStr("")
    wechat_mode: Literal["", "plain", "compatible", "safe"] = ""
    wechat_account: Literal["service", "subscription"] = "service"
    wechat_verified: bool = True
    wechat_api_base: str = ""
    wechat_templates: dict[str, dict[str, Any]] = Field(default_factory=dict)
    wechat_rate_per_s: Annotated[float, Field(ge=0)] = 0
    public_url: str = ""
    secret_key: SecretStr = SecretStr("")
    trusted_proxies: Annotated[list[str], NoDecode, BeforeValidator(_comma_separated)] = Field(
        default_factory=list
    )
    library: str = ""
    sandbox: bool | None = None
    operators_webhook: SecretStr = SecretStr("")
    forget_after_days: Annotated[int, Field(ge=1)] = 90
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    migrate: bool = True

    @field_validator("wechat_aes_key", "wechat_aes_key_previous")
    @classmethod
    def _aes_key_length(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if key and not (len(key) == 43 and key.isalnum() and key.isascii()):
            raise ValueError("an EncodingAESKey has exactly 43 letters and digits")
        return value

    @field_validator("wechat_token")
    @classmethod
    def _token_form(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if token and not (3 <= len(token) <= 32 and token.isalnum() and token.isascii()):
            raise ValueError("a token has 3 to 32 letters and digits")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_kind(cls, value: str) -> str:
        if value:
            database_address(value)
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_kind(cls, value: str) -> str:
        if value:
            redis_address(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _public_address(cls, value: str) -> str:
        return value and public_address(value)

    @field_validator("wechat_api_base")
    @classmethod
    def _http_address(cls, value: str) -> str:
        return value and http_address(value)

    @field_validator("operators_webhook")
    @classmethod
    def _webhook_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            http_address(value.get_secret_value())
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value().strip()) < _SHORTEST_SECRET:
            raise ValueError(
                f"has at least {_SHORTEST_SECRET} characters; `openssl rand -base64 33` makes such a key"
            )
        return value

    @field_validator("wechat_templates")
    @classmethod
    def _template_entries(cls, value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        try:
            Templates(value)
        except ValidationError as error:
            fault = error.errors()[0]
            raise ValueError(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for one in value:
            ip_network(one, strict=False)
        return value

    @model_validator(mode="after")
    def _account_is_whole(self) -> "Settings":
        token, key = self.wechat_token.get_secret_value(), self.wechat_aes_key.get_secret_value()
        if (token or key) and not self.wechat_app_id:
            raise ValueError("BOT_WECHAT_APP_ID must be set beside the account's other settings")
        if self.wechat_app_id and not token:
            raise ValueError(
                "BOT_WECHAT_TOKEN must be set beside BOT_WECHAT_APP_ID: an empty token proves nothing"
            )
        if self.wechat_app_id and not key and self.wechat_mode in {"compatible", "safe"}:
            raise ValueError("BOT_WECHAT_AES_KEY must be set for the compatible and the safe mode")
        if self.sandbox and self.official_api:
            raise ValueError("BOT_SANDBOX=1 does not go beside the official WeChat API")
        return self

    @property
    def has_account(self) -> bool:
        """Whether a WeChat account is set; without one the sandbox takes its place."""
        return bool(self.wechat_app_id)

    @property
    def official_api(self) -> bool:
        """WeChat's own API is called, not a stand-in for it."""
        return is_official_api(self.wechat_api_base) if self.wechat_api_base else self.has_account

    @property
    def is_public(self) -> bool:
        """Whether other machines may reach it: it listens for them, or its links lead them here."""
        public_host = urlsplit(self.effective_public_url).hostname or ""
        return not (is_loopback(self.host) and is_loopback(public_host))

    @property
    def sandbox_open(self) -> bool:
        """Whether `/sandbox` is open: as set, else only without an account and for this machine alone."""
        if self.sandbox is not None:
            return self.sandbox
        return not (self.has_account or self.official_api or self.is_public)

    @property
    def here(self) -> str:
        """The address at which this machine reaches the web process, without a slash at the end."""
        return here(self.host, self.port)

    @cached_property
    def effective_public_url(self) -> str:
        """The beginning of links in messages, without a slash at the end."""
        return self.public_url or f"http://{bracketed(self.host)}:{self.port}"

    @property
    def effective_mode(self) -> Literal["plain", "compatible", "safe"]:
        """The mode of pushes: as set, else safe if there is a key (the sandbox has one), else plain."""
        if self.wechat_mode:
            return self.wechat_mode
        return "safe" if self.wechat_aes_key.get_secret_value() or not self.has_account else "plain"

    def secrets(self) -> tuple[str, ...]:
        """Return values that must never stand in a log, with the passwords inside addresses."""
        held = (
            self.wechat_app_secret,
            self.wechat_token,
            self.wechat_aes_key,
            self.wechat_aes_key_previous,
            self.secret_key,
            self.operators_webhook,
        )
        values = [secret.get_secret_value() for secret in held]
        values += [password_in(address) for address in (self.database_url, self.redis_url)]
        values += [urlsplit(self.operators_webhook.get_secret_value()).query]
        return tuple(value for value in values if value)
