"""The ways to a member: their names, and what must be known of a member to choose one.

What each way needs, says and costs stands in its own folder under `alerts.channels`. How to add one: `alerts.channels.choice`.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self


class Channel(StrEnum):
    """A way to a member: the value of `Delivery.channel` (at most ten characters).

    Attributes:
        label: its name for people.
        remembered: WeChat knows a message again by our id, so a message in doubt may be sent again.
    """

    label: str
    remembered: bool

    def __new__(cls, value: str, label: str = "", remembered: bool = False) -> Self:
        """A member of these."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.remembered = label, remembered
        return member

    TEMPLATE = "template", "模板消息", True
    SUBSCRIBE = "subscribe", "订阅通知"
    """One official example shows an id for `bizsend` (docs/wechat.md §5.3). The program does not rely on it."""
    CUSTOM = "custom", "客服消息"
    MASS = "mass", "群发", True
    INBOX = "inbox", "提醒箱"


class Reach(NamedTuple):
    """What is known of a member right before a message leaves.

    Attributes:
        custom: number of customer-service messages that WeChat still accepts now, both pools together.
        grants: ids of the templates whose subscription notification the member still accepts.
    """

    custom: int = 0
    grants: frozenset[str] = frozenset()


def messages_left(
    now: datetime, action: tuple[int, datetime | None], message: tuple[int, datetime | None]
) -> int:
    """Return how many customer-service messages remain in the two pools (docs/wechat.md §5.1).

    Each pool is a count and the instant (UTC) at which it closes. None: it was never opened.
    """
    return sum(count for count, until in (action, message) if until is not None and until > now)
