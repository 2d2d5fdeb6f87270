"""The custom menu: what WeChat accepts and what it shows (docs/wechat.md §4)."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from sandbox.platform.errors import ApiError

WITH_KEY = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
_TOP = {"count": 40016, "type": 40017, "name": 40018, "key": 40019, "url": 40020}
_SUB = {"count": 40023, "type": 40024, "name": 40025, "key": 40026, "url": 40027}
Menu = Mapping[str, Any]


def check_menu(menu: Menu) -> list[dict[str, Any]]:
    """Return the buttons of a menu that WeChat takes.

    Raises:
        ApiError: 40016 to 40027 for counts, types and sizes, 40033 for an escaped or empty name.
    """
    buttons = menu.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        children = button.get("sub_button") if isinstance(button, dict) else None
        if children:
            _check_name(button, 16, _TOP)
            if not isinstance(children, list) or len(children) > 5:
                raise ApiError(40023)
            for child in children:
                _check_button(child, 60, _SUB)
        else:
            _check_button(button, 16, _TOP)
    return deepcopy(buttons)


def _check_name(button: Any, limit: int, codes: Mapping[str, int]) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not name or len(name.encode()) > limit:
        raise ApiError(codes["name"])
    if "\\u" in name:
        raise ApiError(40033)


def _check_button(button: Any, name_bytes: int, codes: Mapping[str, int]) -> None:
    _check_name(button, name_bytes, codes)
    kind = button.get("type")
    if kind in WITH_KEY:
        key = button.get("key")
        if not isinstance(key, str) or not 1 <= len(key.encode()) <= 128:
            raise ApiError(codes["key"])
    elif kind in {"view", "miniprogram"}:
        url = button.get("url")
        if (
            not isinstance(url, str)
            or len(url.encode()) > 1024
            or urlsplit(url).scheme not in {"http", "https"}
        ):
            raise ApiError(codes["url"])
    else:
        raise ApiError(codes["type"])


class MenuBoard:
    """The menu shown under the chat: the one the bot pushed, or before that the one it declares."""

    def __init__(self, declared: Menu | None) -> None:
        self._declared = deepcopy(list(declared["button"])) if declared else []
        self._pushed: list[dict[str, Any]] | None = None

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The buttons under the chat."""
        return self._pushed if self._pushed is not None else self._declared

    @property
    def pushed(self) -> list[dict[str, Any]]:
        """The menu that the API made.

        Raises:
            ApiError: 46003 there is none.
        """
        if self._pushed is None:
            raise ApiError(46003)
        return self._pushed

    def push(self, menu: Menu) -> None:
        """Put a whole menu in place of the one there.

        Raises:
            ApiError: as `check_menu`.
        """
        self._pushed = check_menu(menu)

    def delete(self) -> None:
        """Take the API's menu away; the bot's declared one shows again until it pushes."""
        self._pushed = None
