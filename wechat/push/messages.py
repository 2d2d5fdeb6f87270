"""What WeChat pushes to us, as one small type: every message and event becomes an `Inbound`.

Not wechatpy's message and event classes: they do not know several events, and they lose `bizmsgmenuid`
(docs/wechat.md §9.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EVENTS_OF_PEOPLE = frozenset(
    {
        "subscribe",
        "unsubscribe",
        "scan",
        "location",
        "click",
        "view",
        "view_miniprogram",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
    }
)
"""Events that a person caused; all others are reports of WeChat (receipts, verification, privacy)."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message or event of one person (docs/wechat.md §2).

    Attributes:
        kind: MsgType in lower case (text, image, voice …); `event` for events; unknown ones as they came.
        openid: the sender. Personal data: never logged.
        account: our own gh_… id, the sender of the reply.
        sent_at: CreateTime of the XML, in unix seconds.
        message_id: MsgId of a message, else "".
        text: Content of a text, Recognition of a voice message (may be empty), else "".
        event: Event in lower case (subscribe, scan, click …), else "".
        key: EventKey; a follow by QR code has its scene here without the leading `qrscene_`.
        by_menu_tap: a text that came from a tap in a message menu (bizmsgmenuid): it opens no 48 h window.
        raw: every element by its name in the XML; elements with children are mappings, those that can repeat
            (`List`, `item`, `fail_idx`) always lists.
    """

    kind: str
    openid: str
    account: str
    sent_at: int
    message_id: str = ""
    text: str = ""
    event: str = ""
    key: str = ""
    by_menu_tap: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def by_person(self) -> bool:
        """Whether a person did something. Otherwise WeChat reports something, and the sender may be no person."""
        return self.kind != "event" or self.event in EVENTS_OF_PEOPLE

    @property
    def awaits_answer(self) -> bool:
        """Whether the person expects a reply: to a message, a follow, a scan, or a menu tap (docs/wechat.md §3)."""
        return self.kind != "event" or self.event in {"subscribe", "scan", "click", "scancode_waitmsg"}
