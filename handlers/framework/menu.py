"""The account's custom menu, declared once; `policybot menu push` sends it to WeChat."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Key(StrEnum):
    """CLICK keys of the menu; each is the `menu_key` of one `Command`."""

    MATCH = "MENU_MATCH"
    SECTIONS = "MENU_SECTIONS"
    DEPARTMENTS = "MENU_DEPARTMENTS"
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
            Button("我们能拿什么", Key.MATCH),
            Button("政策目录", Key.SECTIONS),
            Button("按部门查", Key.DEPARTMENTS),
            Button("按产业查", Key.TRACKS),
        ),
    ),
    Button(
        "我的订阅",
        under=(
            Button("订阅提醒", Key.SUBSCRIBE),
            Button("我的订阅", Key.MY_SUBSCRIPTIONS),
            Button("最近能申报", Key.OPEN_WINDOWS),
            Button("我的提醒", Key.MY_ALERTS),
            Button("提醒设置", Key.PREFERENCES),
        ),
    ),
    Button(
        "服务",
        under=(
            Button("绑定企业", Key.BIND_COMPANY),
            Button("我的数据", Key.MY_DATA),
            Button("涉密与目录查询", Key.CONTACT),
            Button("人工", Key.PERSON),
            Button("使用帮助", Key.HELP),
        ),
    ),
)


def usual_labels() -> dict[str, str]:
    """Return the label of each button with a key."""
    return {str(button.key): button.name for top in MENU for button in top.under if button.key}


def labels_of(district: Mapping[str, str], *, can_match: bool) -> dict[str, str]:
    """Return the labels of a district. The match button is left out if there are no rules to match by."""
    return {**district} if can_match else {**district, str(Key.MATCH): ""}


def as_buttons(
    public_url: str, labels: Mapping[str, str] = MappingProxyType({}), menu: Sequence[Button] = MENU
) -> list[dict[str, Any]]:
    """Return the buttons as WeChat's menu/create takes them (docs/wechat.md §4).

    Args:
        public_url: the beginning of links to our pages.
        labels: the district's labels by key. They replace the usual ones; "" removes a button.
        menu: the buttons.
    """
    shown = (button for button in menu if labels.get(str(button.key), button.name))
    made = (_as_button(button, public_url, labels) for button in shown)
    return [button for button in made if button.get("sub_button", True)]


def _as_button(button: Button, public_url: str, labels: Mapping[str, str]) -> dict[str, Any]:
    if button.under:
        return {"name": button.name, "sub_button": as_buttons(public_url, labels, button.under)}
    if button.path:
        return {"type": "view", "name": button.name, "url": f"{public_url}{button.path}"}
    name = labels.get(str(button.key), button.name)
    return {"type": "click", "name": name, "key": str(button.key)}


def as_lines(buttons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a menu in WeChat's form, one button a line, to read and to compare."""
    return list(_lines(buttons))


def _lines(buttons: Iterable[Mapping[str, Any]], indent: str = "") -> Iterator[str]:
    for button in buttons:
        leads_to = next(
            (str(button[name]) for name in ("key", "url", "media_id", "article_id") if button.get(name)), ""
        )
        yield f"{indent}{button.get('name', '')}  {button.get('type', '')} {leads_to}".rstrip()
        yield from _lines(button.get("sub_button") or (), indent + "  ")


def difference(at_wechat: Iterable[Mapping[str, Any]], declared: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what a push would change: - lines are at WeChat now, + lines would be added; [] if they agree."""
    lines = unified_diff(as_lines(at_wechat), as_lines(declared), "at WeChat", "declared", lineterm="")
    return list(lines)
