"""The ways to a member: their names, their order, and what must be known of a member to choose one.

What each way needs, says and costs stands in its own folder under `alerts.channels`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Channel(StrEnum):
    """A way to a member; the value of `Delivery.channel`."""

    TEMPLATE = "template"
    SUBSCRIBE = "subscribe"
    CUSTOM = "custom"
    MASS = "mass"
    INBOX = "inbox"


REMEMBERED = (Channel.TEMPLATE, Channel.MASS)
"""WeChat knows a message of these channels again by our id, so a message in doubt may be sent again.

One official example shows an id for `bizsend` (docs/wechat.md §5.3). The program does not rely on it.
"""

CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.TEMPLATE: "模板消息",
    Channel.SUBSCRIBE: "订阅通知",
    Channel.CUSTOM: "客服消息",
    Channel.MASS: "群发",
    Channel.INBOX: "提醒箱",
}

MEMBER_CHANNELS = (Channel.TEMPLATE, Channel.SUBSCRIBE, Channel.CUSTOM)
"""The ways to one member, best first: those with a client id and a receipt come first."""


class Reach(NamedTuple):
    """What is known of a member when a message is about to leave.

    Attributes:
        custom: number of customer-service messages that WeChat still accepts now, both pools together.
        grants: ids of the templates of which the member still accepts a subscription notification.
    """

    custom: int = 0
    grants: frozenset[str] = frozenset()


def up_to(refused: str | None) -> frozenset[Channel]:
    """The channels closed for a message that the member refused by channel `refused`: it and all before it."""
    if not refused:
        return frozenset()
    return frozenset(MEMBER_CHANNELS[: MEMBER_CHANNELS.index(Channel(refused)) + 1])


def messages_left(
    now: datetime, action: tuple[int, datetime | None], message: tuple[int, datetime | None]
) -> int:
    """How many customer-service messages remain in the two pools (docs/wechat.md §5.1).

    Each pool is a count and the instant (UTC) at which it closes; None: it was never opened.
    """
    return sum(count for count, until in (action, message) if until is not None and until > now)
