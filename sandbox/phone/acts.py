"""What a person can do in their WeChat, in the form that the page sends."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Do = Literal[
    "say", "voice", "image", "location", "tap", "view", "follow", "unfollow", "scan", "consent", "refuse"
]
_NEEDS_TEXT = {"say"}
_NEEDS_KEY = {"tap", "view", "consent"}


@dataclass(frozen=True, slots=True)
class OwnBubble:
    """How an act shows in the person's own chat."""

    side: Literal["person", "note"]
    kind: str
    content: dict[str, Any]


class PhoneAct(BaseModel):
    """One act.

    Attributes:
        text: what is typed or said; "" in a voice message is speech that wasn't recognised.
        menu_id: the id of a message-menu choice that was tapped (bizmsgmenuid).
        key: a button's key, an address, or a template id.
        label: what the button is called, for the chat.
        button: the button's type.
        scene: of a QR code.
        accept: the answer to a consent popup.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: Do
    text: Annotated[str, Field(max_length=2000)] = ""
    menu_id: Annotated[str, Field(max_length=64)] = ""
    key: Annotated[str, Field(max_length=1024)] = ""
    label: Annotated[str, Field(max_length=60)] = ""
    button: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")] = "click"
    scene: Annotated[str, Field(max_length=64)] = ""
    accept: bool = True

    @model_validator(mode="after")
    def _whole(self) -> "PhoneAct":
        if self.do in _NEEDS_TEXT and not self.text.strip():
            raise ValueError("请先输入内容")
        if self.do in _NEEDS_KEY and not self.key:
            raise ValueError("key is missing")
        if self.do == "scan" and not self.scene:
            raise ValueError("请填写场景值")
        return self

    @property
    def needs_following(self) -> bool | None:
        """Whether the person must follow (True), must not (False), or either (None)."""
        return {"follow": False, "scan": None}.get(self.do, True)

    def bubble(self) -> OwnBubble:
        """Return what the person's own chat shows of it."""
        match self.do:
            case "say":
                return OwnBubble("person", "text", {"content": self.text})
            case "voice":
                return OwnBubble("person", "voice", {"content": self.text})
            case "image":
                return OwnBubble("person", "image", {})
            case "location":
                return OwnBubble("person", "location", {"content": self.text or "我的位置"})
        notes = {
            "tap": f"点了菜单“{self.label or self.key}”",
            "view": f"打开了“{self.label or self.key}”",
            "follow": "扫码关注了公众号" if self.scene else "关注了公众号",
            "unfollow": "取消了关注",
            "scan": f"扫了二维码（场景值 {self.scene}）",
            "consent": "允许接收一次订阅通知" if self.accept else "拒绝了订阅通知",
            "refuse": "恢复接收模板消息" if self.accept else "不再接收模板消息",
        }
        return OwnBubble("note", "event", {"text": notes[self.do]})
