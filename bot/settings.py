"""Settings: environment variables with the prefix BOT_, and `.env`."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

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

    @model_validator(mode="after")
    def _account_is_whole(self) -> "Settings":
        if self.wechat_app_id:
            for name in ("wechat_app_secret", "wechat_token"):
                if not getattr(self, name).get_secret_value():
                    raise ValueError(f"BOT_{name.upper()} must be set beside BOT_WECHAT_APP_ID")
        if (
            self.wechat_mode in {"compatible", "safe"}
            and self.wechat_app_id
            and not self.wechat_aes_key.get_secret_value()
        ):
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
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")
