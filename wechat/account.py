"""What an account may do, by its kind and whether it is verified (docs/wechat.md §0)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """服务号 or 订阅号."""

    SERVICE = "service"
    SUBSCRIPTION = "subscription"


class Capability(StrEnum):
    """What the platform grants to some accounts only; a call without it is answered 48001."""

    MENU = "menu"
    CUSTOM_MESSAGE = "custom_message"
    USER_INFO = "user_info"
    MASS_TO_ALL = "mass_to_all"
    MASS_BY_OPENID = "mass_by_openid"
    TEMPLATE_MESSAGE = "template_message"
    SCENE_QR = "scene_qr"
    WEB_OAUTH = "web_oauth"
    SUBSCRIPTION_NOTICE = "subscription_notice"
    """Only accounts in the platform's grey release have it in fact."""


_SERVICE, _SUBSCRIPTION = Kind.SERVICE, Kind.SUBSCRIPTION

GRANTED_WHEN_VERIFIED: dict[Capability, frozenset[Kind]] = {
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
"""Unverified accounts have none of these: they receive and answer, nothing more."""


@dataclass(frozen=True, slots=True)
class Account:
    """The official account we speak for."""

    app_id: str
    kind: Kind = Kind.SERVICE
    verified: bool = True

    def may(self, capability: Capability) -> bool:
        """Whether WeChat lets this account do it."""
        return self.verified and self.kind in GRANTED_WHEN_VERIFIED[capability]

    @property
    def mass_sends_per_fan_a_month(self) -> int | None:
        """Mass sends that one fan receives in a calendar month; None where the limit is one a day to all."""
        return 4 if self.kind is Kind.SERVICE else None
