"""The WeChat account of this process: the one in the settings, else the sandbox's."""

from dataclasses import dataclass, field

from alerts.channels.template.settings import Templates
from bot.runtime.settings import Settings
from sandbox.addresses import API_PREFIX
from sandbox.credentials import Credentials, sandbox_credentials
from sandbox.platform.account import SandboxAccount
from sandbox.platform.features.templates import sandbox_template_settings
from wechat.account import Account, AccountKind
from wechat.push.crypto import Envelope, Mode

_OFFICIAL_API = "https://api.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class BotAccount:
    """What the callback and the API client need of the account.

    Attributes:
        account: what it may do.
        app_secret: for access tokens; "" if none is set, and then no call to WeChat succeeds.
        envelope: opens what WeChat pushes.
        api_base: where the API is.
        templates: template messages by kind of alert (`BOT_WECHAT_TEMPLATES`).
    """

    account: Account
    app_secret: str = field(repr=False)
    envelope: Envelope = field(repr=False)
    api_base: str
    templates: Templates


def bot_account(settings: Settings, secret: bytes) -> BotAccount:
    """Return the account of these settings. If none is set, return the sandbox's account, even if the sandbox is closed."""
    kind = Account(settings.wechat_app_id, AccountKind(settings.wechat_account), settings.wechat_verified)
    if settings.has_account:
        return BotAccount(
            kind,
            settings.wechat_app_secret.get_secret_value(),
            Envelope(
                settings.wechat_token.get_secret_value(),
                settings.wechat_app_id,
                mode=Mode(settings.effective_mode),
                aes_key=settings.wechat_aes_key.get_secret_value(),
                previous_aes_key=settings.wechat_aes_key_previous.get_secret_value(),
            ),
            settings.wechat_api_base or _OFFICIAL_API,
            Templates(settings.wechat_templates),
        )
    made = sandbox_credentials(secret)
    return BotAccount(
        Account(made.app_id, kind.kind, kind.verified),
        made.app_secret,
        Envelope(made.token, made.app_id, mode=Mode(settings.effective_mode), aes_key=made.aes_key),
        settings.wechat_api_base or f"{settings.here}{API_PREFIX}",
        Templates(settings.wechat_templates or sandbox_template_settings()),
    )


def sandbox_account(settings: Settings, secret: bytes) -> SandboxAccount:
    """Return the account for the sandbox, which plays WeChat's side with the same credentials."""
    made = sandbox_credentials(secret)
    if settings.has_account:
        made = Credentials(
            app_id=settings.wechat_app_id,
            account_id=made.account_id,
            app_secret=settings.wechat_app_secret.get_secret_value(),
            token=settings.wechat_token.get_secret_value(),
            aes_key=settings.wechat_aes_key.get_secret_value(),
        )
    return SandboxAccount(
        made,
        kind=settings.wechat_account,
        verified=settings.wechat_verified,
        mode=settings.effective_mode,
    )
