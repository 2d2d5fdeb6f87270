"""The account's custom menu, declared once; `policybot menu push` puts it to WeChat."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Key(StrEnum):
    """CLICK keys of the menu; each is the `menu_key` of one `Command`."""

    SECTIONS = "MENU_SECTIONS"
    DEPARTMENTS = "MENU_DEPARTMENTS"
    AMOUNTS = "MENU_AMOUNTS"
    TRACKS = "MENU_TRACKS"
    SUBSCRIBE = "MENU_SUBSCRIBE"
    MY_SUBSCRIPTIONS = "MENU_MY_SUBSCRIPTIONS"
    PREFERENCES = "MENU_PREFERENCES"
    OPEN_WINDOWS = "MENU_OPEN_WINDOWS"
    MY_ALERTS = "MENU_MY_ALERTS"
    BIND_COMPANY = "MENU_BIND_COMPANY"
    MY_DATA = "MENU_MY_DATA"
    CONTACT = "MENU_CONTACT"
    PERSON = "MENU_PERSON"
    HELP = "MENU_HELP"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends a CLICK key, opens a page of ours, or opens a submenu."""

    name: str
    key: Key | None = None
    path: str = ""
    under: tuple["Button", ...] = ()


MENU = (
    Button(
        "查政策",
        under=(
            Button("搜索政策", path="/p"),
            Button("按部分浏览", Key.SECTIONS),
            Button("按部门查", Key.DEPARTMENTS),
            Button("按金额查", Key.AMOUNTS),
            Button("按赛道查", Key.TRACKS),
        ),
    ),
    Button(
        "我的订阅",
        under=(
            Button("订阅赛道", Key.SUBSCRIBE),
            Button("我的订阅", Key.MY_SUBSCRIPTIONS),
            Button("近期可申报", Key.OPEN_WINDOWS),
            Button("我的提醒", Key.MY_ALERTS),
            Button("提醒设置", Key.PREFERENCES),
        ),
    ),
    Button(
        "服务",
        under=(
            Button("绑定企业", Key.BIND_COMPANY),
            Button("我的数据", Key.MY_DATA),
            Button("查询窗口", Key.CONTACT),
            Button("人工", Key.PERSON),
            Button("使用帮助", Key.HELP),
        ),
    ),
)


def as_wechat_json(public_url: str, menu: tuple[Button, ...] = MENU) -> dict[str, Any]:
    """The body of WeChat's menu/create (wechat.md §4)."""
    return {"button": [_button_json(button, public_url) for button in menu]}


def _button_json(button: Button, public_url: str) -> dict[str, Any]:
    if button.under:
        return {"name": button.name, "sub_button": [_button_json(b, public_url) for b in button.under]}
    if button.path:
        return {"type": "view", "name": button.name, "url": f"{public_url}{button.path}"}
    return {"type": "click", "name": button.name, "key": str(button.key)}
