"""Settings: environment variables with the prefix BOT_, and `.env`."""

from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from alerts.channels import Templates
from storage.redis_address import redis_address

OFFICIAL_API = "https://api.weixin.qq.com"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _comma_separated(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


class Settings(BaseSettings):
    """What a deployment sets; each name and meaning is in the README's table."""

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
    sandbox: bool | None = None
    operators_webhook: SecretStr = SecretStr("")
    forget_after_days: Annotated[int, Field(ge=1)] = 90
    timezone: str = "Asia/Shanghai"
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
        if value and not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("begins with postgresql+asyncpg:// or sqlite+aiosqlite:///")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_kind(cls, value: str) -> str:
        if value:
            redis_address(value)
        return value

    @field_validator("public_url", "wechat_api_base")
    @classmethod
    def _http_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("operators_webhook")
    @classmethod
    def _webhook_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
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

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not a time zone's name, such as Asia/Shanghai")
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
        if self.sandbox and self.wechat_app_id and self.wechat_api_base in {"", OFFICIAL_API}:
            raise ValueError("BOT_SANDBOX=1 does not go beside the official WeChat API")
        return self

    @property
    def has_account(self) -> bool:
        """A WeChat account is set; else the sandbox stands in."""
        return bool(self.wechat_app_id)

    @property
    def sandbox_open(self) -> bool:
        """`/sandbox` answers: no account and on loopback, or asked for."""
        if self.sandbox is not None:
            return self.sandbox
        return not self.has_account and self.host in LOOPBACK

    @cached_property
    def effective_public_url(self) -> str:
        """Prefix of links in messages, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def effective_mode(self) -> Literal["plain", "compatible", "safe"]:
        """The callback's mode: as set, else safe where there is a key (the sandbox has one)."""
        if self.wechat_mode:
            return self.wechat_mode
        return "safe" if self.wechat_aes_key.get_secret_value() or not self.has_account else "plain"

    def secrets(self) -> tuple[str, ...]:
        """Values that must never stand in a log."""
        held = (self.wechat_app_secret, self.wechat_token, self.wechat_aes_key, self.wechat_aes_key_previous)
        return tuple(
            secret.get_secret_value() for secret in (*held, self.secret_key) if secret.get_secret_value()
        )
