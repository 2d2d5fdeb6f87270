"""What an account may do, by its kind and whether it is verified (docs/wechat.md §0)."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """服务号 or 订阅号."""

    SERVICE = "service"
    SUBSCRIPTION = "subscription"


class Capability(StrEnum):
    """A right that WeChat grants to some accounts only; a call without the right is refused with 48001."""

    MENU = "menu"
    CUSTOM_MESSAGE = "custom_message"
    USER_INFO = "user_info"
    MASS_TO_ALL = "mass_to_all"
    MASS_BY_OPENID = "mass_by_openid"
    TEMPLATE_MESSAGE = "template_message"
    SCENE_QR = "scene_qr"
    WEB_OAUTH = "web_oauth"
    SUBSCRIPTION_NOTICE = "subscription_notice"
    """In fact only accounts in WeChat's limited release have it."""


_SERVICE, _SUBSCRIPTION = AccountKind.SERVICE, AccountKind.SUBSCRIPTION

GRANTED_WHEN_VERIFIED: dict[Capability, frozenset[AccountKind]] = {
    Capability.MENU: frozenset({_SERVICE, _SUBSCRIPTION}),
    Capability.CUSTOM_MESSAGE: frozenset({_SERVICE, _SUBSCRIPTION}),
    Capability.USER_INFO: frozenset({_SERVICE, _SUBSCRIPTION}),
    Capability.MASS_TO_ALL: frozenset({_SERVICE, _SUBSCRIPTION}),
    Capability.MASS_BY_OPENID: frozenset({_SERVICE}),
    Capability.TEMPLATE_MESSAGE: frozenset({_SERVICE}),
    Capability.SCENE_QR: frozenset({_SERVICE}),
    Capability.WEB_OAUTH: frozenset({_SERVICE}),
    Capability.SUBSCRIPTION_NOTICE: frozenset({_SERVICE, _SUBSCRIPTION}),
}
"""Unverified accounts have none of these: they can only receive and answer."""


@dataclass(frozen=True, slots=True)
class Account:
    """The official account we speak for."""

    app_id: str
    kind: AccountKind = AccountKind.SERVICE
    verified: bool = True

    def may(self, capability: Capability) -> bool:
        """Whether the account has this right."""
        return self.verified and self.kind in GRANTED_WHEN_VERIFIED[capability]

    @property
    def mass_sends_per_fan_a_month(self) -> int | None:
        """Return how many mass sends one follower receives in a calendar month. None: the limit is one send a day to all."""
        return 4 if self.kind is AccountKind.SERVICE else None
