"""What WeChat pushes to us, as one small type; every message and event becomes an `Inbound`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message or event of one person (wechat.md §2).

    Attributes:
        kind: MsgType in lower case (text, image, voice …); `event` for events; unknown ones as they came.
        openid: the sender. Personal data: never logged.
        account: our own gh_… id, the sender of the reply.
        sent_at: CreateTime, unix seconds, as WeChat says.
        message_id: MsgId of a message, else "".
        text: Content of a text, Recognition of a voice message (may be empty), else "".
        event: Event in lower case (subscribe, scan, click …), else "".
        key: EventKey; a follow by QR code has its scene here without the leading `qrscene_`.
        by_menu_tap: a text that came from a tap in a message menu (bizmsgmenuid): it opens no 48 h window.
        raw: every element, for events that carry more.
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
